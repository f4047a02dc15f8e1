"""Events between subgraphs: outbox, relay, broker, consumer and inbox."""
