"""Journeys through the router, in every arrangement: one process, a process each, a database each."""
