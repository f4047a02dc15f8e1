"""Places an order again: the same goods at the same prices to the same address."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import many, one_or_none
from shared.security.auth import Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order import status
from subgraphs.order.errors import unknown_order
from subgraphs.order.inputs import OrderReorderInput
from subgraphs.order.models import Order, OrderLine
from subgraphs.order.service.placement import NewAddress, NewLine, NewOrder, place_order

_ADDRESS = tuple(NewAddress.__dataclass_fields__)


async def reorder(database: Database, pseudonymizer: Pseudonymizer, viewer: Viewer, given: OrderReorderInput) -> Order:
    """Place an order of the caller's own again and return the new order's row.

    Raises InvalidInput, NotFound (also for somebody else's order), or IllegalState where it is not `reorderable`.
    """
    checks = Checks()
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    order_id = new_id("ord")
    async with database.write() as session:
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "orderReorder", key, given, order_id)
        if first is not None:
            return await _own(session, viewer, first)
        order = await _own(session, viewer, given.order_id)
        if order.status not in status.REORDERABLE:
            raise IllegalState(
                f"An order that is {order.status.value} cannot be placed again yet; wait until it has shipped."
            )
        return await place_order(session, pseudonymizer, await _copy(session, order), order_id)


async def _own(session: AsyncSession, viewer: Viewer, order_id: str) -> Order:
    order = await one_or_none(session, Order, select(Order.__table__).where(Order.id == order_id))
    if order is None or viewer.id is None or order.customer_id != viewer.id:
        raise unknown_order()
    return order


async def _copy(session: AsyncSession, order: Order) -> NewOrder:
    lines = select(OrderLine.__table__).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    return NewOrder(
        lines=[
            NewLine(line.title, line.quantity, line.unit_price_minor, line.design_id)
            for line in await many(session, OrderLine, lines)
        ],
        currency=order.currency,
        address=NewAddress(**{name: getattr(order, name) for name in _ADDRESS}),
        customer_id=order.customer_id,
        contact_email=order.contact_email,
        discount_minor=order.discount_minor,
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
    )
