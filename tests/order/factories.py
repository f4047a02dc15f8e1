"""Makes orders for tests, and moves them, through the subgraph's own service."""

from typing import Any

from sqlalchemy import select

from shared.database.after_commit import actions_of
from shared.database.rows import one
from shared.graph.money import CurrencyCode
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.models import Order
from subgraphs.order.service.decisions import decide
from subgraphs.order.service.placement import NewAddress, NewLine, NewOrder, place_order
from subgraphs.order.service.status_feed import CHANNEL
from subgraphs.order.service.transitions import Actor
from tests.support.apps import Served

STAFF = Actor(ActorKind.STAFF, "usr_00000000000000000000000000")
TO_THE_END = (
    OrderStatus.PAID,
    OrderStatus.IN_PRODUCTION,
    OrderStatus.SHIPPED,
    OrderStatus.OUT_FOR_DELIVERY,
    OrderStatus.DELIVERED,
)


def new_order(customer_id: str | None, **changes: Any) -> NewOrder:
    """Describe an order of two collars and a leash: 2 x 24.90 + 39.50 - 5.00 + 4.90 + 18.00."""
    given: dict[str, Any] = {
        "lines": [NewLine("Collar Rex", 2, 2490, None), NewLine("Leash", 1, 3950, None)],
        "currency": CurrencyCode.EUR,
        "address": NewAddress("Anna Muster", "Hauptstraße 1", "Wien", "1010", "AT"),
        "customer_id": customer_id,
        "contact_email": "anna@example.com",
        "discount_minor": 500,
        "shipping_minor": 490,
        "tax_minor": 1800,
    }
    return NewOrder(**given | changes)


async def place(order: Served, customer_id: str | None, *designs: str, **changes: Any) -> Any:
    """Place an order, with a line for each design if any are given, and return its row."""
    if designs:
        changes["lines"] = [NewLine(f"Collar {place}", 1, 2490, key) for place, key in enumerate(designs)]
    async with order.database.write() as session:
        people = order.runtime.resource(Pseudonymizer)
        return await place_order(session, people, new_order(customer_id, **changes))


async def move(
    order: Served, order_id: str, *path: OrderStatus, notified: bool = True, reason: str | None = None
) -> None:
    """Move an order along a path of statuses, each in its own transaction, whose notifications may all be lost."""
    for to in path:
        async with order.database.write() as session:
            row = await one(session, Order, select(Order.__table__).where(Order.id == order_id))
            await decide(session, row, row.version, to, STAFF, reason)
            if not notified:
                del actions_of(session)[CHANNEL, order_id]
