"""Audit: who did what and when, in a log that cannot be quietly changed."""
