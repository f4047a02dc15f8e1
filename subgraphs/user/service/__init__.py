"""What happens to users: accounts, sessions, passwords and the keys that sign access tokens."""
