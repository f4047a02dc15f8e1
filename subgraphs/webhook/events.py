"""What the outside world told. The only file of this subgraph that another subgraph may import.

The events hold the sender's ids; `occurred_at` is the sender's own time, by which the newest state is found
whatever the order of arrival. Amounts are in minor units. What is personal is sealed
(`shared.security.sealing`), or a digest.
"""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from shared.events.event import Event

CUSTOMISED = "Customised item"
"""Stands where the title of a line shows words of the customer."""


GOODS, NOT_SENT, CHARGE, REMOVED, RETURNED = "GOODS", "NOT_SENT", "CHARGE", "REMOVED", "RETURNED"
"""Kinds of lines: goods that are sent, and goods that need no parcel; other charges, such as a tip; pieces that were
taken off before they left and after they had left, which are still part of the total since their money is refunded."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ReportedLine(_Part):
    """One line of an order; `design_id` is the design that the line's property `_design_id` names.

    The title of such a line shows words of the customer: it is `CUSTOMISED`; `OrderContent` has the true one sealed.
    """

    title: str
    quantity: int
    unit_price_minor: int
    design_id: str | None = None
    kind: str = GOODS


class OrderContent(_Part):
    """What an order consists of, as of `updated_at`; it sums up to exactly what the sender asks for.

    `contact` is sealed: the e-mail address, where the order goes, the visitor whose cart it was, and the titles of
    customised lines, by their positions from 0. `contact_digest` tells contacts apart, `email_digest` is of the
    address. `number` is the shop's own number of the order, such as `#1234`, which another shop may have as well. A
    `test` order, by which a shop tries its checkout, is nobody's. `locale` is the language tag in which its customer
    read the shop, such as `de-AT`.
    """

    placed_at: dt.datetime
    updated_at: dt.datetime
    number: str | None = None
    test: bool = False
    locale: str | None = None
    currency: str
    lines: list[ReportedLine]
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    email_digest: str | None = None
    contact: str | None = None
    contact_digest: str | None = None


class ReportedRefund(_Part):
    """Money of an order that went back; `currency` is None where the sender does not say which it is."""

    refund_id: str
    amount_minor: int
    currency: str | None = None
    at: dt.datetime


class ReportedParcel(_Part):
    """A parcel of an order as of `updated_at`; `pieces` counts the goods in it, `status` is one of `ShipmentStatus`.

    It is the parcel `place` (from 1) of `places` that one fulfilment of the sender has by now. One that is `withdrawn`
    has not left, whatever was told before.
    """

    parcel_id: str
    fulfillment_id: str | None = None
    place: int = 1
    places: int = 1
    withdrawn: bool = False
    status: str
    pieces: int
    at: dt.datetime
    updated_at: dt.datetime
    carrier: str
    tracking_number: str = ""
    tracking_url: str | None = None


class ReportedOrder(_Part):
    """What one delivery tells of an order. False, None and empty say nothing, since other deliveries may.

    `paid`: the sender counts it as paid. `all_left`: nothing of it is still to be sent.
    """

    content: OrderContent | None = None
    paid: bool = False
    cancelled_at: dt.datetime | None = None
    all_left: bool = False
    refunds: list[ReportedRefund] = []
    parcels: list[ReportedParcel] = []


class WebhookOrderCreated(Event, type="webhook.order_created", aggregate="external_order_id"):
    """The shop system took an order."""

    delivery_id: str
    source: str
    shop: str | None = None
    external_order_id: str
    occurred_at: dt.datetime | None = None
    order: ReportedOrder | None = None


class WebhookOrderUpdated(Event, type="webhook.order_updated", aggregate="external_order_id"):
    """An order of the shop system changed; `topic` is the sender's word for how."""

    delivery_id: str
    source: str
    shop: str | None = None
    topic: str
    external_order_id: str
    occurred_at: dt.datetime | None = None
    order: ReportedOrder | None = None


class WebhookCustomerRedacted(Event, type="webhook.customer_redacted", aggregate="delivery_id"):
    """A shop's customer has to be forgotten: in some orders, and wherever the shop told of the address."""

    delivery_id: str
    source: str
    shop: str
    external_order_ids: list[str]
    email_digest: str | None = None
    occurred_at: dt.datetime | None = None


class WebhookDataRequested(Event, type="webhook.data_requested", aggregate="delivery_id"):
    """A shop's customer asked what is stored about them, in connection with some orders."""

    delivery_id: str
    source: str
    shop: str
    external_order_ids: list[str]
    occurred_at: dt.datetime | None = None


class WebhookShopRedacted(Event, type="webhook.shop_redacted", aggregate="delivery_id"):
    """A shop has left, so all its customers have to be forgotten."""

    delivery_id: str
    source: str
    shop: str
    occurred_at: dt.datetime | None = None


class WebhookProductUpdated(Event, type="webhook.product_updated", aggregate="external_product_id"):
    """A product of the shop system is new, changed or gone; `topic` is the sender's word for which.

    One that is gone has no title, and is not `active`. `description` is plain text, empty where the shop emptied it and
    None where it says nothing of it. `sent_at` tells apart what has the same `occurred_at`.
    """

    delivery_id: str
    source: str
    shop: str | None = None
    topic: str
    external_product_id: str
    occurred_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    handle: str | None = None
    title: str | None = None
    description: str | None = None
    active: bool = True


class WebhookPaymentSucceeded(Event, type="webhook.payment_succeeded", aggregate="external_payment_id"):
    """A payment came in. Later news may name it by its charge alone."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_charge_id: str | None = None
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    occurred_at: dt.datetime | None = None


class WebhookPaymentFailed(Event, type="webhook.payment_failed", aggregate="external_payment_id"):
    """A payment was declined; `reason` is the provider's code, such as `insufficient_funds`, `amount_minor` what was to
    be paid, where the sender says it."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_order_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    occurred_at: dt.datetime | None = None
    reason: str | None = None


class WebhookPaymentRefunded(Event, type="webhook.payment_refunded", aggregate="external_payment_id"):
    """A payment was given back, whole or in part; `amount_minor` is the sum of what went back so far, and
    `received_minor` what had come in."""

    delivery_id: str
    source: str
    external_payment_id: str
    external_charge_id: str | None = None
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    occurred_at: dt.datetime | None = None
    received_minor: int = 0


class WebhookRefundChanged(Event, type="webhook.refund_changed", aggregate="external_payment_id"):
    """One refund of a payment was made, came through or failed: `state` is PENDING, SUCCEEDED or FAILED.

    `own_refund_id` is the order subgraph's id of it, where that has asked for it.
    """

    delivery_id: str
    source: str
    refund_id: str
    external_payment_id: str
    external_charge_id: str | None = None
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    state: str
    occurred_at: dt.datetime | None = None
    own_refund_id: str | None = None


class WebhookPaymentDisputed(Event, type="webhook.payment_disputed", aggregate="external_payment_id"):
    """A payer's bank asked for money back. `outcome` is OPEN, WON (it stays here) or LOST (it went back)."""

    delivery_id: str
    source: str
    dispute_id: str
    external_payment_id: str
    external_charge_id: str | None = None
    external_order_id: str | None = None
    amount_minor: int
    currency: str
    reason: str | None = None
    outcome: str
    occurred_at: dt.datetime | None = None


class WebhookMailBounced(Event, type="webhook.mail_bounced", aggregate="delivery_id"):
    """A mail came back. `permanent` tells whether the address does not take mails at all; `email_digest` is of the
    address (`shared.security.pseudonyms`)."""

    delivery_id: str
    source: str
    email_digest: str
    permanent: bool
    occurred_at: dt.datetime | None = None


class WebhookMailComplained(Event, type="webhook.mail_complained", aggregate="delivery_id"):
    """The owner of an address marked a mail as unwanted; `email_digest` is of the address."""

    delivery_id: str
    source: str
    email_digest: str
    occurred_at: dt.datetime | None = None


class WebhookDiscarded(Event, type="webhook.discarded", aggregate="delivery_id"):
    """A member of staff decided that a delivery shall have no effect."""

    delivery_id: str
    source: str
    topic: str | None = None
    previous: str
    state: str


class WebhookReplayed(Event, type="webhook.replayed", aggregate="delivery_id"):
    """A member of staff has a delivery applied again."""

    delivery_id: str
    source: str
    topic: str | None = None
    previous: str
    state: str
