"""The designs that orders name: the builder refuses those of others, and those that changed after their quote."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.rows import one_or_none
from shared.graph.loaders import in_keys
from subgraphs.order.enums import NoteVisibility, OrderLineKind, OrderTaskKind
from subgraphs.order.events import OrderedLine
from subgraphs.order.models import Order, OrderLine, OrderNote
from subgraphs.order.service.notes import write_note
from subgraphs.order.service.tasks import open_task


async def lines_of(session: AsyncSession, order_ids: Collection[str]) -> dict[str, list[OrderedLine]]:
    """Return what orders consist of, as events tell it."""
    wanted = OrderLine.order_id, OrderLine.design_id, OrderLine.quantity, OrderLine.quoted_version, OrderLine.preset_id
    of_them = select(*wanted).where(
        in_keys(OrderLine.order_id, sorted(order_ids)), OrderLine.kind != OrderLineKind.REMOVED
    )
    lines: dict[str, list[OrderedLine]] = {key: [] for key in order_ids}
    for row in await session.execute(of_them.order_by(OrderLine.order_id, OrderLine.position)):
        version = row.quoted_version if row.design_id is not None else None
        line = OrderedLine(
            design_id=row.design_id, quantity=row.quantity, design_version=version, preset_id=row.preset_id
        )
        lines[row.order_id].append(line)
    return lines


async def judge_anew(session: AsyncSession, order_ids: Collection[str]) -> None:
    """Refuse no design of orders whose customer or lines have changed, until the builder has judged them anew: it
    hears `order.linked` and `order.content_changed`."""
    ids = sorted(order_ids)
    refusing = (in_keys(Order.id, ids), func.cardinality(Order.refused_designs) > 0)
    await session.execute(update(Order).where(*refusing).values(refused_designs=[]))
    lines = (in_keys(OrderLine.order_id, ids), OrderLine.design_refused)
    await session.execute(update(OrderLine).where(*lines).values(design_refused=False))


async def refuse_design(
    session: AsyncSession, order_id: str, customer_id: str | None, design_id: str, *, is_changed: bool = False
) -> None:
    """Take a design out of an order, unless the order has another customer than the one who was judged.

    `is_changed`: it was changed after its price was quoted; otherwise it is not the customer's.
    """
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
        why = "was changed after its price was quoted" if is_changed else "is not its customer's"
        text = f"It names the design {design_id}, which {why}: decide what is to be made."
        await write_note(session, order_id, new_id("nte"), text, NoteVisibility.INTERNAL, None, about=about)
        await open_task(session, order, OrderTaskKind.DESIGN_REFUSED, design_id)
