"""Alembic's entry point for this room's tables."""

from shared.database.migrations import run_environment

run_environment()
