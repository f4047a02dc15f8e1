"""Differential tests of the router: generated documents give the answers that the specification demands."""
