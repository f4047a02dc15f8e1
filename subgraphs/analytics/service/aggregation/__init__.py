"""Counts events once each, as they come in, so that reports need not look at them again."""
