"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from typing import NotRequired, TypedDict

from shared.core.backoff import Backoff
from shared.core.scheduling import Priority
from shared.jobs.jobs import Job, NoPayload
from subgraphs.order.enums import OrderStatus


class OrderPayload(TypedDict):
    """Names an order."""

    order_id: str


class ChangePayload(TypedDict):
    """Names one change of an order's status."""

    order_id: str
    version: int


class PersonPayload(TypedDict):
    """Names a person by the digest of their e-mail address."""

    email_digest: str


class ShopPayload(TypedDict):
    """Names a shop, and when it had its customers forgotten (ISO 8601); jobs of earlier versions do not say."""

    shop: str
    redacted_at: NotRequired[str]


class FactPayload(TypedDict):
    """Names a fact that was reported."""

    fact_id: str


class RefundPayload(TypedDict):
    """Names a refund."""

    refund_id: str


class EventPayload(TypedDict):
    """Names an event of the simulated payment provider."""

    event_id: str


FULFILLMENT = Job[OrderPayload]("order-fulfillment")
"""Takes a paid order one step further."""
NOTIFICATION = Job[ChangePayload]("notification", attempts=12)
"""Mails one change of an order's status."""
MAIL_RETENTION = Job[NoPayload]("mail-retention", cron="41 3 * * *")
"""Drops what is kept of addresses that may be mailed again."""
CART_RETENTION = Job[NoPayload]("cart-retention", cron="23 4 * * *")
"""Removes carts that have expired."""
CHANGE_RETENTION = Job[NoPayload]("change-retention", cron="11 4 * * *")
"""Deletes old changes from the log that apps catch up from."""
GUEST_ERASURE = Job[PersonPayload]("guest-erasure")
"""Erases a person from what they ordered as a guest."""
SHOP_ERASURE = Job[ShopPayload]("order-shop-erasure", seconds=600)
"""Erases the customers of a shop that has left."""
RECONCILIATION = Job[FactPayload]("order-reconciliation", priority=Priority.EVENT)
"""Brings an order into line with all facts that were reported about it."""
SETTLEMENT = Job[FactPayload]("order-settlement", priority=Priority.EVENT)
"""The former name of RECONCILIATION. Jobs that were queued under it are still run; removed after the next release."""
PAYMENT_CLOSING = Job[OrderPayload]("order-payment-closing", attempts=300)
"""Cancels at the provider what need not be paid any more. So many attempts last two days."""
PAYMENT_EXPIRY = Job[OrderPayload]("order-payment-expiry", attempts=300)
"""Cancels an order that was placed here and is not paid in time."""
FIRST_LOOK_SECONDS = 3600.0
"""When it is first looked whether an order is paid; the setting says when it is too late."""
REFUND_SENDING = Job[RefundPayload]("order-refund-sending", attempts=300)
"""Asks the providers that took the money to give it back."""
SIMULATED_DELIVERY = Job[EventPayload](
    "simulated-payment-webhook", attempts=100_000, retries=Backoff(first=0.5, longest=30.0), priority=Priority.EVENT
)
"""Delivers a webhook of the simulated payment provider until it is taken."""

FULFILLED = frozenset({OrderStatus.PAID, OrderStatus.IN_PRODUCTION})
"""The statuses from which fulfilment goes on."""
