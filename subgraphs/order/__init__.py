"""Orders: what was bought, where it stands and how it travels."""
