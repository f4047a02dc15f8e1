"""What happens in audit: entries are chained and appended, and the chain is verified."""
