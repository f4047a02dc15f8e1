"""Tests mirror the rooms: tests/NAME is about subgraphs/NAME."""
