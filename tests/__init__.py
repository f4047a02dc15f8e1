"""Tests mirror the subgraphs: tests/NAME is about subgraphs/NAME."""
