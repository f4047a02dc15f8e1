"""The order subgraph, through its HTTP surface."""
