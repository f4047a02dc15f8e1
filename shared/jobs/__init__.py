"""Background jobs: queued in the transaction that asks for them, run by a worker."""
