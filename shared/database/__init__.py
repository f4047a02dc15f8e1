"""PostgreSQL: connections, prepared reads, advisory locks, idempotency keys and migrations."""
