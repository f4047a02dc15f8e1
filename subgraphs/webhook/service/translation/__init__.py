"""Translates deliveries into events: from each sender's words to the shop's own, exact and without personal data."""
