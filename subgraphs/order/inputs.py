"""What is asked of the order subgraph."""

import dataclasses
import datetime as dt
from decimal import Decimal

import strawberry

from shared.core.validation import Checks
from subgraphs.order.enums import NoteVisibility, OrderStatus, ShipmentStatus

LONGEST_REASON = 500
LONGEST_NOTE = 2000
KEY = "A key of the client's choice, up to 100 characters: a retried request with it gets the first result again."


@strawberry.input(description="Which orders to list. Conditions that are left out let all pass.")
class OrderFilter:
    status: list[OrderStatus] | None = strawberry.field(default=None, description="Only orders in one of these.")
    placed_from: dt.datetime | None = strawberry.field(
        default=None, description="Only orders placed at this moment or later."
    )
    placed_before: dt.datetime | None = strawberry.field(
        default=None, description="Only orders placed before this moment."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Only this user's orders.")
    text: str | None = strawberry.field(
        default=None,
        description="Part of the number, the contact e-mail or the recipient; case does not matter. "
        "Up to 100 characters.",
    )

    def checked(self) -> "OrderFilter":
        """Return the filter with its text trimmed; raises InvalidInput."""
        checks = Checks("filter")
        text = checks.text("text", self.text, shortest=0, longest=100) if self.text is not None else None
        checks.raise_if_any()
        return dataclasses.replace(self, text=text)


@strawberry.input(description="The next status of an order.")
class OrderStatusAdvanceInput:
    order_id: strawberry.ID = strawberry.field(description="The order to move.")
    version: int = strawberry.field(description="The order's version as it was read.")
    to: OrderStatus = strawberry.field(description="The status that it shall have.")
    reason: str | None = strawberry.field(
        default=None, description="Why, up to 500 characters. The customer reads it in the timeline."
    )


@strawberry.input(description="An order to cancel.")
class OrderCancelInput:
    order_id: strawberry.ID = strawberry.field(description="The order to cancel.")
    version: int = strawberry.field(description="The order's version as it was read.")
    reason: str | None = strawberry.field(
        default=None, description="Why, up to 500 characters. It is kept in the timeline."
    )


@strawberry.input(description="An order to place again.")
class OrderReorderInput:
    order_id: strawberry.ID = strawberry.field(description="The order to repeat.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="An order to stop.")
class OrderHoldInput:
    order_id: strawberry.ID = strawberry.field(description="The order to stop.")
    version: int = strawberry.field(description="The order's version as it was read.")
    reason: str | None = strawberry.field(
        default=None, description="Why, up to 500 characters. The customer reads it in the timeline."
    )


@strawberry.input(description="A stopped order to let go on.")
class OrderReleaseInput:
    order_id: strawberry.ID = strawberry.field(description="The order to let go on.")
    version: int = strawberry.field(description="The order's version as it was read.")
    reason: str | None = strawberry.field(
        default=None, description="Why, up to 500 characters. The customer reads it in the timeline."
    )


@strawberry.input(description="A note about an order.")
class OrderNoteAddInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    text: str = strawberry.field(description="The note, up to 2000 characters.")
    visibility: NoteVisibility = strawberry.field(
        default=NoteVisibility.INTERNAL, description="Who may read it; staff alone unless told."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A parcel that was announced to a carrier.")
class ShipmentCreateInput:
    order_id: strawberry.ID = strawberry.field(description="The order; it is in production or has left in part.")
    carrier: str = strawberry.field(description="The carrier's name, such as `DHL`.")
    tracking_number: str = strawberry.field(description="The carrier's number of the parcel.")
    tracking_url: str | None = strawberry.field(default=None, description="The carrier's page about the parcel.")
    estimated_delivery: dt.date | None = strawberry.field(
        default=None, description="When the carrier expects to deliver it."
    )
    completes: bool = strawberry.field(
        default=True,
        description="Whether with this parcel all of the order is on its way; false where another one follows.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What a carrier reported of a parcel.")
class ShipmentScanAddInput:
    shipment_id: strawberry.ID = strawberry.field(description="The parcel.")
    status: ShipmentStatus = strawberry.field(description="Where the parcel stood.")
    at: dt.datetime | None = strawberry.field(
        default=None, description="When it was scanned; now unless told. Scans may come in any order."
    )
    location: str | None = strawberry.field(default=None, description="Where it was scanned, up to 200 characters.")
    description: str = strawberry.field(description="What the carrier says of it, up to 500 characters.")


@strawberry.input(description="Money to give back.")
class OrderRefundInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    version: int = strawberry.field(description="The order's version as it was read.")
    amount: Decimal | None = strawberry.field(
        default=None,
        description="How much in the order's currency, with at most two decimals; all that is left unless told.",
    )
    reason: str | None = strawberry.field(
        default=None, description="Why, up to 500 characters. The customer reads it with the refund."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Which changes to follow. Conditions that are left out let all pass.")
class OrderFeedFilter:
    status: list[OrderStatus] | None = strawberry.field(
        default=None, description="Only changes to one of these statuses."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Only this user's orders.")
