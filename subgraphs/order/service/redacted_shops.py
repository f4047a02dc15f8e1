"""Which shops had all of their customers forgotten, and until when what they told is of that.

An order is forgotten if its shop told anything of it until then, whatever arrives first. An order of which everything
was sent later is like any other: the shop was installed again.

A reconciliation that shows an order must not miss a redaction that is committed meanwhile, or the erasure, which looks
for orders once, would miss that order. So a reconciliation holds a shared lock for the shop while it reads whether
there is one and until it commits, and the redaction is stored under an exclusive one. Whichever is first, the other
sees it: under READ COMMITTED each statement sees what was committed before it, and both read after they have the lock.
The redaction is stored in a transaction of its own, which holds nothing else that a reconciliation may wait for.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from subgraphs.order.fact_models import OrderFact, RedactedShop

# The names of orders, which reconciliations lock, have the seed 0.
_KEY = func.hashtextextended(bindparam("shop"), 1)
_SHARE = select(func.pg_advisory_xact_lock_shared(_KEY))
_LOCK = select(func.pg_advisory_xact_lock(_KEY))
_REDACTED_AT = select(RedactedShop.redacted_at).where(RedactedShop.shop == bindparam("shop"))


async def remember(database: Database, shop: str, redacted_at: dt.datetime) -> None:
    """Remember that a shop had its customers forgotten; of several times the last counts."""
    new = insert(RedactedShop).values(shop=shop, redacted_at=redacted_at)
    later = func.greatest(RedactedShop.redacted_at, new.excluded.redacted_at)
    async with database.write() as session:
        await session.execute(_LOCK, {"shop": shop})
        await session.execute(new.on_conflict_do_update(index_elements=["shop"], set_={"redacted_at": later}))


async def is_redacted(session: AsyncSession, facts: Sequence[OrderFact]) -> bool:
    """Tell whether the shop that told facts of one order had the order's customer forgotten, with all others."""
    told = [fact for fact in facts if fact.shop is not None]
    if not told:
        return False
    shop = {"shop": told[0].shop}
    await session.execute(_SHARE, shop)
    redacted_at = await session.scalar(_REDACTED_AT, shop)
    return redacted_at is not None and any(_first_sent(fact) <= redacted_at for fact in told)


def reported_until(shop: str, redacted_at: dt.datetime) -> ColumnElement[bool]:
    """Return the condition that a shop told a fact until a time."""
    sent_at = func.coalesce(OrderFact.first_sent_at, OrderFact.sent_at, OrderFact.occurred_at)
    return (OrderFact.shop == shop) & (sent_at <= redacted_at)


def _first_sent(fact: OrderFact) -> dt.datetime:
    return fact.first_sent_at or fact.sent_at or fact.occurred_at
