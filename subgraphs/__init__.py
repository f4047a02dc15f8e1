"""One subgraph per domain; a subgraph may import another only through `handlers` to `events`."""
