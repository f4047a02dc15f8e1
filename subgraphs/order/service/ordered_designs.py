"""The designs that orders name: the builder knows whose they are, and those of others are refused."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.graph.loaders import in_keys
from subgraphs.order.enums import NoteVisibility, OrderTaskKind
from subgraphs.order.events import OrderCustomerChanged, OrderedLine
from subgraphs.order.models import Order, OrderLine, OrderNote
from subgraphs.order.service.notes import write_note
from subgraphs.order.service.tasks import open_task


async def judge_anew(session: AsyncSession, order_ids: Collection[str]) -> None:
    """Have the builder judge the designs of orders whose customer or lines have changed; until then none is refused."""
    named = select(OrderLine.order_id, OrderLine.design_id, OrderLine.quantity, Order.customer_id).join(Order)
    of_them = named.where(in_keys(OrderLine.order_id, sorted(order_ids)), OrderLine.design_id.is_not(None))
    rows = (await session.execute(of_them.order_by(OrderLine.order_id, OrderLine.position))).all()
    if not rows:
        return
    ids = sorted({row.order_id for row in rows})
    await session.execute(update(Order).where(in_keys(Order.id, ids)).values(refused_designs=[]))
    await session.execute(update(OrderLine).where(in_keys(OrderLine.order_id, ids)).values(design_refused=False))
    changes = [
        OrderCustomerChanged(
            order_id=key,
            customer_id=next(row.customer_id for row in rows if row.order_id == key),
            lines=[OrderedLine(design_id=it.design_id, quantity=it.quantity) for it in rows if it.order_id == key],
        )
        for key in ids
    ]
    await record(session, *changes)


async def refuse_design(session: AsyncSession, order_id: str, customer_id: str | None, design_id: str) -> None:
    """Take a design out of an order, unless the order has another customer than the one who was judged."""
    theirs = Order.customer_id.is_not_distinct_from(customer_id)
    wanted = select(Order.__table__).where(Order.id == order_id, theirs).with_for_update()
    order = await one_or_none(session, Order, wanted)
    if order is None or design_id in order.refused_designs:
        return
    refused = func.array_append(Order.refused_designs, design_id)
    await session.execute(update(Order).where(Order.id == order_id).values(refused_designs=refused))
    lines = (OrderLine.order_id == order_id, OrderLine.design_id == design_id)
    await session.execute(update(OrderLine).where(*lines).values(design_refused=True))
    about = f"{design_id} refused"
    noted = select(OrderNote.id).where(OrderNote.order_id == order_id, OrderNote.about == about)
    if await session.scalar(noted) is None:
        text = f"It names the design {design_id}, which is not its customer's: decide what is to be made."
        await write_note(session, order_id, new_id("nte"), text, NoteVisibility.INTERNAL, None, about=about)
        await open_task(session, order, OrderTaskKind.DESIGN_REFUSED, design_id)
