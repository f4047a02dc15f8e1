"""Tests of the router against small stand-in subgraphs."""
