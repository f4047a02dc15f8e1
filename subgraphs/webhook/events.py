"""What the outside world told. The only file of this room that another room may import.

The events hold the sender's ids; `occurred_at` is the sender's own time, by which the newest state is found
whatever the order of arrival. Amounts are in minor units.
"""

import datetime as dt

from shared.events import Event


class WebhookOrderCreated(Event, type="webhook.order_created", aggregate="external_order_id"):
    """The shop system took an order."""

    delivery_id: str
    source: str
    shop: str | None = None
    external_order_id: str
    occurred_at: dt.datetime | None = None


class WebhookOrderUpdated(Event, type="webhook.order_updated", aggregate="external_order_id"):
    """An order of the shop system changed; `topic` is the sender's word for how."""

    delivery_id: str
    source: str
    shop: str | None = None
    topic: str
    external_order_id: str
    occurred_at: dt.datetime | None = None


class WebhookProductUpdated(Event, type="webhook.product_updated", aggregate="external_product_id"):
    """A product of the shop system is new, changed or gone; `topic` is the sender's word for which."""

    delivery_id: str
    source: str
    shop: str | None = None
    topic: str
    external_product_id: str
    occurred_at: dt.datetime | None = None


class WebhookPaymentSucceeded(Event, type="webhook.payment_succeeded", aggregate="external_payment_id"):
    """A payment came in."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    occurred_at: dt.datetime | None = None


class WebhookPaymentFailed(Event, type="webhook.payment_failed", aggregate="external_payment_id"):
    """A payment was declined."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_order_id: str | None = None
    occurred_at: dt.datetime | None = None


class WebhookPaymentRefunded(Event, type="webhook.payment_refunded", aggregate="external_payment_id"):
    """A payment was given back, whole or in part; `amount_minor` is the sum of what went back so far."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    occurred_at: dt.datetime | None = None


class WebhookDiscarded(Event, type="webhook.discarded", aggregate="delivery_id"):
    """A member of staff decided that a delivery shall have no effect."""

    delivery_id: str
    source: str
    topic: str | None = None
    previous: str
    state: str
