"""What happened to orders. The only file of this subgraph that another subgraph may import.

Amounts are in minor units. `placed_at` is when the order was placed, in the shop's own time; it is None in events
that were recorded before they carried it. `test` marks an order that a shop placed to try its checkout.
"""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from shared.events.event import Event


class OrderedLine(BaseModel):
    """One line of a new order; `design_id` names the design that it shows, which need not be the customer's.

    `design_version` is the version of it whose price was quoted, where one was. `preset_id` names a preset that was
    ordered off the shelf.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    design_id: str | None
    quantity: int
    design_version: int | None = None
    preset_id: str | None = None


class OrderCreated(Event, type="order.created", aggregate="order_id"):
    """An order was placed. `customer_id` is None for a guest's order; `total_minor` is in minor units.

    `visitor` is who the cart says used it: what a browser sent, which proves nothing. A `test` order was placed to try
    a shop: nobody bought anything.
    """

    order_id: str
    number: str
    customer_id: str | None
    lines: list[OrderedLine]
    total_minor: int
    currency: str
    visitor: str | None = None
    placed_at: dt.datetime | None = None
    test: bool = False


class OrderLinked(Event, type="order.linked", aggregate="order_id"):
    """An order has another customer: `customer_id`, after `previous_customer_id`. None is nobody."""

    order_id: str
    customer_id: str | None
    previous_customer_id: str | None = None
    lines: list[OrderedLine]
    placed_at: dt.datetime | None = None
    test: bool = False


class OrderContentChanged(Event, type="order.content_changed", aggregate="order_id"):
    """The lines or the total of an order were edited; `lines` and `total_minor` are what they are now.

    `designs_added` and `designs_removed` name the designs that it contains now and did not before, and vice versa.
    """

    order_id: str
    customer_id: str | None
    lines: list[OrderedLine]
    designs_added: list[str]
    designs_removed: list[str]
    total_minor: int
    previous_total_minor: int
    currency: str
    previous_currency: str
    placed_at: dt.datetime | None = None
    test: bool = False


class OrderCustomerChanged(Event, type="order.customer_changed", aggregate="order_id"):
    """An order that names designs has another customer or other lines: `order.linked` and `order.content_changed` tell
    it since. Recorded by earlier versions only.
    """

    order_id: str
    customer_id: str | None
    lines: list[OrderedLine]


class OrderStatusChanged(Event, type="order.status_changed", aggregate="order_id"):
    """An order moved from one status to another; `version` counts its changes and refunds, from 2 on."""

    order_id: str
    customer_id: str | None
    version: int
    previous: str
    status: str


class OrderShipped(Event, type="order.shipped", aggregate="order_id"):
    """A shipment left; `shipment_id` is None where the goods left without a known shipment."""

    order_id: str
    shipment_id: str | None


class OrderDelivered(Event, type="order.delivered", aggregate="order_id"):
    """All of an order reached the customer."""

    order_id: str


class OrderCancelled(Event, type="order.cancelled", aggregate="order_id"):
    """An order ended before anything was made of it."""

    order_id: str


class OrderRefunded(Event, type="order.refunded", aggregate="order_id"):
    """Money of an order went back: `amount_minor` of its price now, `refunded_minor` of its price in all so far, in
    minor units; `excess_minor` is what went back now of what was paid too much."""

    order_id: str
    refund_id: str
    amount_minor: int
    refunded_minor: int
    currency: str
    excess_minor: int = 0
    placed_at: dt.datetime | None = None
    test: bool = False


class OrderRefundReduced(Event, type="order.refund_reduced", aggregate="order_id"):
    """Less of an order's price is back than was known before, since a refund failed or more had been paid:
    `amount_minor` less, `refunded_minor` in all."""

    order_id: str
    amount_minor: int
    refunded_minor: int
    currency: str
    placed_at: dt.datetime | None = None
    test: bool = False


class OrderTaskOpened(Event, type="order.task_opened", aggregate="order_id"):
    """Staff have something to do about an order; `topic` is the kind of the task."""

    order_id: str
    task_id: str
    topic: str


class OrderTaskClosed(Event, type="order.task_closed", aggregate="order_id"):
    """What staff had to do about an order is done, or need not be done any more."""

    order_id: str
    task_id: str
    topic: str


class OrderNoteAdded(Event, type="order.note_added", aggregate="order_id"):
    """A member of staff wrote a note; `visible` tells whether the customer may read it."""

    order_id: str
    note_id: str
    visible: bool


class ShipmentCreated(Event, type="order.shipment_created", aggregate="order_id"):
    """A parcel of an order was announced to a carrier."""

    order_id: str
    shipment_id: str


class ShipmentWithdrawn(Event, type="order.shipment_withdrawn", aggregate="order_id"):
    """A parcel that a shop had reported has not left, and is not shown any more."""

    order_id: str
    shipment_id: str


class ShipmentScanned(Event, type="order.shipment_scanned", aggregate="order_id"):
    """A carrier reported a parcel; `status` is what the scan says, which need not be the parcel's newest."""

    order_id: str
    shipment_id: str
    scan_id: str
    status: str


class OrderDeliveryTaken(Event, type="order.delivery_taken", aggregate="order_id"):
    """What a webhook's delivery told is about this order, and is known to it. `erased`: its customer was forgotten."""

    order_id: str
    delivery_id: str
    erased: bool = False


class OrderMailsStopped(Event, type="order.mails_stopped", aggregate="customer_id"):
    """A customer followed the link of a mail that ends mails about orders: it is their preference now."""

    customer_id: str


class OrderMailsResumed(Event, type="order.mails_resumed", aggregate="order_id"):
    """A member of staff has the address of an order mailed again; `cause` is why it was not."""

    order_id: str
    cause: str


class CartItem(BaseModel):
    """Pieces of one product in a cart; `design_id` is None for what is off the shelf."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    product: str
    design_id: str | None
    quantity: int


class CartItemsAdded(Event, type="cart.items_added", aggregate="cart_id"):
    """Pieces were put into a cart. `customer_id` is None for a guest's; `visitor` is who its client says uses it."""

    cart_id: str
    customer_id: str | None
    visitor: str | None
    items: list[CartItem]


class CartCheckedOut(Event, type="cart.checked_out", aggregate="cart_id"):
    """All that a cart holds (`items`) was ordered."""

    cart_id: str
    customer_id: str | None
    visitor: str | None
    order_id: str
    items: list[CartItem]
    placed_at: dt.datetime | None = None


class DiscountCodeCreated(Event, type="discount_code.created", aggregate="code_id"):
    """A member of staff created a discount code."""

    code_id: str


class DiscountCodeEnded(Event, type="discount_code.ended", aggregate="code_id"):
    """A member of staff ended a discount code."""

    code_id: str
