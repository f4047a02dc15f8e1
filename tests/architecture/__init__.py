"""Holds the house rules that no linter knows."""
