"""Backups: logical dumps of each subgraph's schema, all of one moment, and how they become a shop again."""
