"""Places an order again: the same goods at the same prices to the same address, without its discount.

A discount was granted once, such as by a voucher, and so was a tip. Prices end, also where an order is placed again
and again.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
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
from subgraphs.order.enums import OrderLineKind
from subgraphs.order.errors import unknown_order
from subgraphs.order.inputs import OrderReorderInput
from subgraphs.order.models import Order, OrderLine
from subgraphs.order.service.availability import subjects_of, withdrawn
from subgraphs.order.service.placement import NewAddress, NewLine, NewOrder, place_order

PRICES_LAST = dt.timedelta(days=180)
MOST_A_DAY = 10
_ADDRESS = tuple(NewAddress.__dataclass_fields__)
_AGAIN = (OrderLineKind.GOODS, OrderLineKind.NOT_SENT)
"""A tip was given once, and what was taken off or taken back was not wanted."""
_NEEDED = ("recipient", "address_line1", "city", "country_code")


async def reorder(database: Database, pseudonymizer: Pseudonymizer, viewer: Viewer, given: OrderReorderInput) -> Order:
    """Place an order of the caller's own again and return the new order's row.

    Raises InvalidInput, NotFound (also for somebody else's order), or IllegalState where it is not `reorderable`, the
    caller has placed too many orders again, or something of it is no longer sold, which the message names.
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
        if not prices_hold(order.priced_at or order.placed_at):
            raise IllegalState("The prices of this order no longer apply; order in the shop.")
        if any(getattr(order, name) is None for name in _NEEDED):
            raise IllegalState("The delivery address of this order is not known; order in the shop.")
        await _check_capacity(session, order.customer_id or "")
        return await place_order(session, pseudonymizer, await _copy(session, order), order_id)


def prices_hold(priced_at: dt.datetime) -> bool:
    """Tell whether prices that were made then still apply."""
    return dt.datetime.now(dt.UTC) - priced_at < PRICES_LAST


async def _check_capacity(session: AsyncSession, customer_id: str) -> None:
    # Locked until the commit, so that a customer's orders are counted one request after the other.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"reorder {customer_id}", 0))))
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    again = (Order.customer_id == customer_id, Order.placed_at > since, Order.priced_at.is_not(None))
    if (await session.scalar(select(func.count()).where(*again)) or 0) >= MOST_A_DAY:
        raise IllegalState(f"At most {MOST_A_DAY} orders a day can be placed again; wait, or order in the shop.")


async def _own(session: AsyncSession, viewer: Viewer, order_id: str) -> Order:
    order = await one_or_none(session, Order, select(Order.__table__).where(Order.id == order_id))
    if order is None or viewer.id is None or order.customer_id != viewer.id:
        raise unknown_order()
    return order


async def _copy(session: AsyncSession, order: Order) -> NewOrder:
    goods = (OrderLine.order_id == order.id, OrderLine.kind.in_(_AGAIN))
    rows = await many(session, OrderLine, select(OrderLine.__table__).where(*goods).order_by(OrderLine.position))
    if not rows:
        raise IllegalState("Nothing of this order can be ordered again; order in the shop.")
    lines = [_copy_of(row) for row in rows]
    await _check_sold(session, lines)
    return NewOrder(
        lines=lines,
        currency=order.currency,
        address=NewAddress(**{name: getattr(order, name) for name in _ADDRESS}),
        customer_id=order.customer_id,
        contact_email=order.contact_email,
        shipping_minor=order.shipping_minor,
        tax_minor=_tax_on(order, order.tax_minor, sum(line.total_minor for line in rows)),
        included_tax_minor=_tax_on(order, order.included_tax_minor, sum(line.total_minor for line in rows)),
        priced_at=order.priced_at or order.placed_at,
        locale=order.locale,
    )


def _copy_of(line: OrderLine) -> NewLine:
    return NewLine(
        title=line.title,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        design_id=None if line.design_refused else line.design_id,
        kind=line.kind,
        preset_id=line.preset_id,
        product=line.product,
        quoted_version=line.quoted_version,
    )


async def _check_sold(session: AsyncSession, lines: Sequence[NewLine]) -> None:
    subjects = {line: subjects_of(line.design_id, line.preset_id, line.product) for line in lines}
    gone = await withdrawn(session, [subject for each in subjects.values() for subject in each])
    names = sorted({line.title for line, needed in subjects.items() if not gone.isdisjoint(needed)})
    if names:
        raise IllegalState(f"No longer sold: {', '.join(names)}. Order the rest in the shop.")


def _tax_on(order: Order, tax_minor: int, goods_minor: int) -> int:
    """Return a tax of the order, added or included, as it is on goods and the shipping at the same rate, in minor
    units; raises IllegalState where that cannot be told."""
    whole = goods_minor + order.shipping_minor
    taxed = order.subtotal_minor + order.shipping_minor - order.discount_minor
    if whole == taxed:
        return tax_minor
    if taxed == 0:
        raise IllegalState("This order cost nothing, so its prices do not apply again; order in the shop.")
    return (2 * tax_minor * whole + taxed) // (2 * taxed)
