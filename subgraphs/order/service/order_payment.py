"""Who may pay an order: its customer, and a guest who has its tracking token."""

from sqlalchemy import select

from shared.core.errors import Unauthenticated
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.security.auth import Viewer
from subgraphs.order.errors import unknown_order
from subgraphs.order.inputs import OrderPayInput
from subgraphs.order.models import Order
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.payments import Payments, StartedPayment, start_payment


async def pay_order(
    database: Database, payments: Payments, lookup: GuestLookup, viewer: Viewer, given: OrderPayInput
) -> StartedPayment:
    """Return the payment of an order of the caller's; raises NotFound, Unauthenticated, and as `start_payment`."""
    held = lookup.read(given.tracking_token) if given.tracking_token is not None else None
    if held is None and not viewer.is_signed_in:
        raise Unauthenticated("Log in, or send the `trackingToken` of the order.")
    async with database.read() as connection:
        order = await one_or_none(connection, Order, select(Order.__table__).where(Order.id == given.order_id))
    owns = order is not None and viewer.id is not None and order.customer_id == viewer.id
    if order is None or not (owns or (held is not None and held.opens(order))):
        raise unknown_order()
    return await start_payment(database, payments, order)
