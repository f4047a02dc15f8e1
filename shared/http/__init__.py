"""The HTTP endpoint of a subgraph: requests, server-sent events, subscriptions."""
