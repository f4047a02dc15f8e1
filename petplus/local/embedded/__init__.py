"""Real PostgreSQL and Valkey servers from PyPI wheels, run as children of this process."""

from petplus.local.embedded.postgres import EmbeddedPostgres
from petplus.local.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey"]
