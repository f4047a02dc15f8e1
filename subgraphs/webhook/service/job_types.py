"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from typing import NotRequired, TypedDict

from shared.core.scheduling import Priority
from shared.jobs.jobs import Job, NoPayload


class AttemptPayload(TypedDict):
    """Names one attempt to apply a delivery; the first is 1."""

    delivery_id: str
    attempt: int


class ShopPayload(TypedDict):
    """Names a shop, and when it had its customers forgotten (ISO 8601); jobs of earlier versions do not say."""

    shop: str
    redacted_at: NotRequired[str]


PROCESSING = Job[AttemptPayload]("webhook-processing", priority=Priority.EVENT)
"""Applies a delivery; an attempt that was made already is not repeated."""
SHOP_ERASURE = Job[ShopPayload]("webhook-shop-erasure", seconds=600)
"""Empties the deliveries of a shop that has left."""
RETENTION = Job[NoPayload]("webhook-retention", cron="41 3 * * *", seconds=600)
"""Forgets what was kept long enough."""
