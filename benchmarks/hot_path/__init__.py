"""Measures what a request costs a subgraph, beside other ways to serve the same data."""
