"""What is asked of the order subgraph."""

import dataclasses
import datetime as dt
from decimal import Decimal

import strawberry

from shared.core.validation import Checks
from shared.graph.money import CurrencyCode, NotMinorUnits, to_minor
from subgraphs.order.enums import (
    NoteVisibility,
    OrderSource,
    OrderStatus,
    OrderTaskKind,
    ShipmentStatus,
    SuppressionCause,
)

LONGEST_REASON = 500
LONGEST_NUMBER = 40
MOST_NAMED = 100
"""How many ids or numbers of orders one filter may have."""
MOST_MOVED = 50
"""How many orders one request may move."""
LONGEST_NOTE = 2000
KEY = "A key that the client chooses, 1 to 100 characters. A retry with the same key and the same "
"input returns the first result."


@strawberry.input(description="A range of amounts in one currency, with both bounds.")
class OrderTotalRange:
    currency: CurrencyCode = strawberry.field(description="The currency of the orders.")
    least: Decimal | None = strawberry.field(
        default=None, description="The lowest total, such as `20.00`; default: no lower bound."
    )
    most: Decimal | None = strawberry.field(
        default=None, description="The highest total, such as `99.90`; default: no upper bound."
    )

    def minor(self, checks: Checks, name: str) -> int | None:
        """Return a bound in minor units, None where there is none; notes an amount that is none."""
        amount: Decimal | None = getattr(self, name)
        try:
            return to_minor(amount, self.currency) if amount is not None else None
        except NotMinorUnits as problem:
            checks.refuse(f"total.{name}", problem.code, str(problem))
            return None


@strawberry.input(description="Which orders to list: those that meet all given conditions.")
class OrderFilter:
    status: list[OrderStatus] | None = strawberry.field(
        default=None, description="Only orders in one of these statuses."
    )
    placed_from: dt.datetime | None = strawberry.field(
        default=None, description="Only orders placed at or after this time."
    )
    placed_before: dt.datetime | None = strawberry.field(
        default=None, description="Only orders placed before this time."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Only this user's orders.")
    text: str | None = strawberry.field(
        default=None,
        description="Beginnings of words, up to 100 characters: of the order number, the number in its shop, the "
        "contact e-mail address and the recipient together, of a tracking number, or of a line's title. Case and "
        "accents do not matter: `jose` finds `José`. Of all orders, at most the 10,000 newest with them are found.",
    )
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only orders with one of these ids, at most 100."
    )
    numbers: list[str] | None = strawberry.field(
        default=None,
        description="Only orders with one of these numbers, such as `AP-100234`, or with one in the shop that took "
        "the order, such as `#1234`: at most 100. Case-insensitive.",
    )
    total: OrderTotalRange | None = strawberry.field(default=None, description="Only orders with such a total.")
    source: OrderSource | None = strawberry.field(default=None, description="Only orders that were placed there.")
    product: str | None = strawberry.field(
        default=None,
        description="Only orders with a line of this kind of product, such as `COLLAR`. Lines of other shops whose "
        "kind is not known are not found.",
    )
    carrier: str | None = strawberry.field(
        default=None, description="Only orders with a parcel of this carrier, such as `DHL`."
    )
    tracking_number: str | None = strawberry.field(
        default=None, description="Only orders with a parcel that has this tracking number. Case-insensitive."
    )

    def checked(self) -> "OrderFilter":
        """Return the filter with its texts trimmed; raises InvalidInput."""
        checks = Checks("filter")

        def line(name: str, value: str | None) -> str | None:
            return checks.text(name, value, shortest=0, longest=100) if value is not None else None

        text, product, carrier = line("text", self.text), line("product", self.product), line("carrier", self.carrier)
        tracking_number = line("trackingNumber", self.tracking_number)
        for name in ("ids", "numbers"):
            if len(getattr(self, name) or ()) > MOST_NAMED:
                checks.refuse(name, "TOO_MANY", f"At most {MOST_NAMED} can be asked for at once.")
        numbers = [each.strip().upper()[:LONGEST_NUMBER] for each in self.numbers] if self.numbers is not None else None
        for bound in ("least", "most"):
            if self.total is not None:
                self.total.minor(checks, bound)
        checks.raise_if_any()
        return dataclasses.replace(
            self, numbers=numbers, text=text, product=product, carrier=carrier, tracking_number=tracking_number
        )


@strawberry.input(description="The next status of an order.")
class OrderStatusAdvanceInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to move.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")
    to: OrderStatus = strawberry.field(description="The new status.")
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. The customer sees it in the timeline."
    )


@strawberry.input(description="One of several orders to move.")
class OrderToAdvanceInput:
    id: strawberry.ID = strawberry.field(description="The id of the order to move.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")


@strawberry.input(description="The next status of several orders.")
class OrdersStatusAdvanceInput:
    orders: list[OrderToAdvanceInput] = strawberry.field(description="The orders, 1 to 50, each once.")
    to: OrderStatus = strawberry.field(description="The new status of all of them.")
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. The customers see it in the timelines."
    )


@strawberry.input(description="An order to cancel.")
class OrderCancelInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to cancel.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. It is shown in the timeline."
    )


@strawberry.input(description="An order to place again.")
class OrderReorderInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to place again.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="An order to pay.")
class OrderPayInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to pay.")
    tracking_token: str | None = strawberry.field(
        default=None, description="The order's `trackingToken`, by which a guest may pay it without logging in."
    )


@strawberry.input(description="An order to put on hold.")
class OrderHoldInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to put on hold.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. The customer sees it in the timeline."
    )


@strawberry.input(description="An order to release from hold.")
class OrderReleaseInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order to release.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. The customer sees it in the timeline."
    )


@strawberry.input(description="A note to add to an order.")
class OrderNoteAddInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order.")
    text: str = strawberry.field(description="The text of the note, 1 to 2,000 characters. Line breaks are allowed.")
    visibility: NoteVisibility = strawberry.field(
        default=NoteVisibility.INTERNAL, description="Who may read the note; default: staff only."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A parcel that was announced to a carrier.")
class ShipmentCreateInput:
    order_id: strawberry.ID = strawberry.field(
        description="The id of the order, which must be IN_PRODUCTION or have left, whole or in part."
    )
    carrier: str = strawberry.field(description="The carrier's name, 1 to 60 characters, such as `DHL`.")
    tracking_number: str = strawberry.field(
        description="The carrier's tracking number, 1 to 60 characters. Another parcel of the carrier must not have it."
    )
    tracking_url: str | None = strawberry.field(
        default=None, description="The http or https URL of the carrier's tracking page, up to 2,000 characters."
    )
    estimated_delivery: dt.date | None = strawberry.field(
        default=None, description="The date on which the carrier expects to deliver the parcel."
    )
    completes: bool = strawberry.field(
        default=True,
        description="Whether this parcel completes the order; false if another parcel follows. Default: true.",
    )
    replaces: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of the shipment that this one is sent instead of, such as a lost one. Default: of an order "
        "of which all has left, every parcel that is LOST, RETURNED or EXCEPTION.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A carrier's report about a parcel.")
class ShipmentScanAddInput:
    shipment_id: strawberry.ID = strawberry.field(description="The id of the parcel's shipment.")
    status: ShipmentStatus = strawberry.field(description="The status of the parcel at the time of the scan.")
    at: dt.datetime | None = strawberry.field(
        default=None,
        description="When the parcel was scanned; default: now. It must not be in the future, and scans may be "
        "sent in any order.",
    )
    location: str | None = strawberry.field(default=None, description="The place of the scan, up to 200 characters.")
    description: str = strawberry.field(description="The carrier's description of the scan, 1 to 500 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A full or partial refund to make.")
class OrderRefundInput:
    order_id: strawberry.ID = strawberry.field(description="The id of the order.")
    version: int = strawberry.field(description="The `version` of the order that the request is based on.")
    amount: Decimal | None = strawberry.field(
        default=None,
        description="The amount in the order's currency, above 0 with the decimals of the currency, such as `9.90` in "
        "EUR; default: all that is left to refund.",
    )
    reason: str | None = strawberry.field(
        default=None, description="The reason, up to 500 characters. The customer sees it with the refund."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Which tasks to list: those that meet all given conditions.")
class OrderTaskFilter:
    kind: list[OrderTaskKind] | None = strawberry.field(default=None, description="Only tasks of one of these kinds.")
    done: bool | None = strawberry.field(
        default=None, description="Only tasks that are done, or only open ones; default: both."
    )
    order_id: strawberry.ID | None = strawberry.field(default=None, description="Only tasks of this order.")


@strawberry.input(description="A task that is done.")
class OrderTaskResolveInput:
    task_id: strawberry.ID = strawberry.field(description="The id of the task.")
    note: str | None = strawberry.field(
        default=None, description="What was done, up to 500 characters. For staff only."
    )


@strawberry.input(description="Which changes to follow: those that meet all given conditions.")
class OrderFeedFilter:
    status: list[OrderStatus] | None = strawberry.field(
        default=None, description="Only changes to one of these statuses."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Only this user's orders.")


@strawberry.input(description="The address of an order that is to get mails again.")
class MailSuppressionLiftInput:
    order_id: strawberry.ID = strawberry.field(description="The id of an order with the address.")
    cause: SuppressionCause = strawberry.field(description="Which of its `mailSuppressions` to lift.")
