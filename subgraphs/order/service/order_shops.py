"""Whose an order is among several shops: it belongs to the one that told of its content first; others have no say."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.rows import many
from shared.graph.loaders import in_keys
from subgraphs.order.enums import FactKind, NoteVisibility
from subgraphs.order.fact_models import OrderFact
from subgraphs.order.models import Order, OrderNote
from subgraphs.order.service.facts import with_shop_number
from subgraphs.order.service.notes import write_note


def of_its_shop(order: Order | None, facts: Sequence[OrderFact]) -> list[OrderFact]:
    """Return the facts that the order's own shop told, and those that no shop told, such as payments."""
    told = [fact for fact in facts if fact.shop is not None and fact.kind is FactKind.CONTENT]
    first = min(told, key=lambda fact: (fact.heard_at, fact.shop), default=None)
    shop = order.shop if order is not None else None
    shop = shop or (first.shop if first is not None else None)
    return [fact for fact in facts if shop is None or fact.shop in (None, shop)]


async def refuse_foreign(session: AsyncSession, order: Order, facts: Sequence[OrderFact]) -> None:
    """Settle what other shops told of an order without effect, and leave a note for staff, once for each shop."""
    foreign = [fact for fact in facts if fact.shop not in (None, order.shop) and not fact.settled]
    if not foreign:
        return
    settled = update(OrderFact).where(in_keys(OrderFact.id, [fact.id for fact in foreign]))
    await session.execute(settled.values(settled=True, contact=None))
    wanted = OrderNote.__table__.select().where(OrderNote.order_id == order.id, OrderNote.about.is_not(None))
    noted = {note.about for note in await many(session, OrderNote, wanted)}
    for shop in sorted({fact.shop or "" for fact in foreign}):
        if (about := f"told by {shop}") not in noted:
            text = f"The shop {shop} reported this order, which is of {order.shop}: nothing was applied."
            await write_note(session, order.id, new_id("nte"), text, NoteVisibility.INTERNAL, None, about=about)


async def by_shop_number(session: AsyncSession, order: Order, facts: Sequence[OrderFact]) -> list[OrderFact]:
    """Return facts without those that name an order by its number in a shop, unless it is only this one.

    Two shops may have the same number; what was settled for this order stays its own.
    """
    names = {order.id, order.number, order.external_id, None}
    doubtful = [fact for fact in facts if fact.order_name not in names and fact.order_id != order.id]
    if not doubtful or order.shop_number is None:
        return [fact for fact in facts if fact not in doubtful]
    same = await with_shop_number(session, order.shop_number)
    return [fact for fact in facts if fact not in doubtful or (fact.order_id is None and len(same) == 1)]
