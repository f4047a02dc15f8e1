"""Real PostgreSQL and Valkey servers from PyPI wheels, run as children of this process."""

from petplus.local.embedded.postgres import EmbeddedPostgres
from petplus.local.embedded.valkey import BROKER, CACHE, EmbeddedValkey

__all__ = ["BROKER", "CACHE", "EmbeddedPostgres", "EmbeddedValkey"]
