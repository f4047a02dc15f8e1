"""What the bus measures of itself, for `/metrics`."""

from prometheus_client import Counter, Gauge

PUBLISHED = Counter(
    "petplus_events_published_total", "Events that the broker has taken, repeats included.", ["subgraph"]
)
OLDEST_UNPUBLISHED = Gauge(
    "petplus_outbox_oldest_seconds",
    "Age of the oldest event that the broker has not taken yet; 0 where there is none. Only the leading relay tells.",
    ["subgraph"],
)
LAG = Gauge(
    "petplus_events_lag",
    "Entries of a partition that the subgraph has yet to handle. Only the partition's holder tells.",
    ["subgraph", "partition"],
)
ATTEMPTS = Counter(
    "petplus_event_attempts_total", "Times that an event was handed to its handlers.", ["subgraph", "type", "outcome"]
)
DEAD = Gauge(
    "petplus_dead_letters", "Parked events: dead, due for a retry, or waiting behind one.", ["subgraph", "state"]
)
