"""What is asked of the order room."""

import dataclasses
import datetime as dt

import strawberry

from shared.validation import Checks
from subgraphs.order.enums import OrderStatus

LONGEST_REASON = 500


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
        checks.done()
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
