"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from shared.core.scheduling import Priority
from shared.jobs.jobs import Job
from subgraphs.order.enums import OrderStatus

FULFILLMENT = Job("order-fulfillment")
"""Payload: `order_id`. Takes a paid order one step further."""
NOTIFICATION = Job("notification", attempts=12)
"""Payload: `order_id`, `version`. Mails one change of an order's status."""
GUEST_ERASURE = Job("guest-erasure")
"""Payload: `email_digest`. Erases a person from what they ordered as a guest."""
RECONCILIATION = Job("order-reconciliation", priority=Priority.EVENT)
"""Payload: `fact_id`. Brings an order into line with all facts that were reported about it."""
SETTLEMENT = Job("order-settlement", priority=Priority.EVENT)
"""The former name of RECONCILIATION. Jobs that were queued under it are still run; removed after the next release."""

FULFILLED = frozenset({OrderStatus.PAID, OrderStatus.IN_PRODUCTION})
"""The statuses from which fulfilment goes on."""
