"""The kinds of background work of this room; what they do stands in `jobs.py`."""

from shared.jobs.jobs import Job
from subgraphs.order.enums import OrderStatus

FULFILLMENT = Job("order-fulfillment")
"""Payload: `order_id`. Takes a paid order one step further."""
NOTIFICATION = Job("notification", attempts=12)
"""Payload: `order_id`, `version`. Mails one change of an order's status."""
GUEST_ERASURE = Job("guest-erasure")
"""Payload: `email_digest`. Erases a person from what they ordered as a guest."""
SETTLEMENT = Job("order-settlement", news=True)
"""Payload: `fact_id`. Brings an order to where all that the outside world told puts it."""

FULFILLED = frozenset({OrderStatus.PAID, OrderStatus.IN_PRODUCTION})
"""The statuses from which fulfilment goes on."""
