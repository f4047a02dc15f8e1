"""What happened to orders. The only file of this subgraph that another subgraph may import."""

from pydantic import BaseModel, ConfigDict

from shared.events.event import Event


class OrderedLine(BaseModel):
    """One line of a new order; `design_id` names the design that it shows, which need not be the customer's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    design_id: str | None
    quantity: int


class OrderCreated(Event, type="order.created", aggregate="order_id"):
    """An order was placed. `customer_id` is None for a guest's order; `total_minor` is in cents or pence."""

    order_id: str
    number: str
    customer_id: str | None
    lines: list[OrderedLine]
    total_minor: int
    currency: str


class OrderCustomerChanged(Event, type="order.customer_changed", aggregate="order_id"):
    """An order that names designs has another customer or other lines; `customer_id` is None where it is nobody's."""

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
    """Money of an order went back: `amount_minor` now, `refunded_minor` in all so far, in cents or pence."""

    order_id: str
    refund_id: str
    amount_minor: int
    refunded_minor: int
    currency: str


class OrderNoteAdded(Event, type="order.note_added", aggregate="order_id"):
    """A member of staff wrote a note; `visible` tells whether the customer may read it."""

    order_id: str
    note_id: str
    visible: bool


class ShipmentCreated(Event, type="order.shipment_created", aggregate="order_id"):
    """A parcel of an order was announced to a carrier."""

    order_id: str
    shipment_id: str


class ShipmentScanned(Event, type="order.shipment_scanned", aggregate="order_id"):
    """A carrier reported a parcel; `status` is what the scan says, which need not be the parcel's newest."""

    order_id: str
    shipment_id: str
    scan_id: str
    status: str


class OrderDeliveryTaken(Event, type="order.delivery_taken", aggregate="order_id"):
    """What a webhook's delivery told is about this order, and is known to it."""

    order_id: str
    delivery_id: str


class OrderMailsStopped(Event, type="order.mails_stopped", aggregate="customer_id"):
    """A customer followed the link of a mail that ends mails about orders: it is their preference now."""

    customer_id: str


class OrderMailsResumed(Event, type="order.mails_resumed", aggregate="order_id"):
    """A member of staff has the address of an order mailed again; `cause` is why it was not."""

    order_id: str
    cause: str
