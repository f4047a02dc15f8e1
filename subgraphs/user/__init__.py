"""Accounts: who customers and staff are, how they log in, and what they prefer."""
