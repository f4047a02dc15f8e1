"""Orders as analytics counts them: for whom, when they were placed, and what they are worth by now."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import DateTime, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import id_of
from subgraphs.analytics.service.aggregation.funnels import ATTRIBUTED, since_of
from subgraphs.analytics.service.aggregation.metrics import EDITED, ORDERED, REFUNDED
from subgraphs.analytics.service.aggregation.persons import recount_from
from subgraphs.analytics.service.subjects import ERASED, unless_forgotten
from subgraphs.analytics.service.tracking import record_domain_event

# Found by the time of the order or by the customer, for both of which there are indexes. What was an erased user's
# stays counted as theirs.
_MOVE = text(
    "UPDATE analytics_event SET subject = :customer"  # noqa: S608 (names of this package)
    f" WHERE name IN ('{ORDERED}', '{ATTRIBUTED}') AND properties ->> 'orderId' = :order"
    f" AND (subject = :previous OR (name = '{ORDERED}' AND occurred_at = :placed_at))"
    f" AND NOT starts_with(coalesce(subject, ''), '{ERASED}_')"
    " RETURNING id"
).bindparams(
    bindparam("customer", type_=Text), bindparam("previous", type_=Text), bindparam("placed_at", type_=DateTime(True))
)


async def attribute_order(session: AsyncSession, order_id: str, placed_at: dt.datetime, subject: str) -> None:
    """Count an order for somebody else than its customer as well: the visitor who placed it."""
    event_id = id_of("evt", f"{ATTRIBUTED} {order_id} {subject}".encode())
    about = {"orderId": order_id}
    await record_domain_event(
        session, event_id, ATTRIBUTED, placed_at, subject=subject, design_id=None, properties=about
    )


async def move_order(
    session: AsyncSession, order_id: str, placed_at: dt.datetime, customer_id: str | None, previous: str | None
) -> None:
    """Count an order for another customer than before; None is nobody."""
    customer = await unless_forgotten(session, customer_id)
    where = {"order": order_id, "placed_at": placed_at, "customer": customer, "previous": previous}
    moved = (await session.execute(_MOVE, where)).all()
    if not moved and customer is not None:
        # It was stored under another time, or is yet to come.
        await attribute_order(session, order_id, placed_at, customer)
    await recount_from(
        session, since_of(placed_at), [subject for subject in (customer, previous) if subject is not None]
    )


async def correct_value(
    session: AsyncSession,
    event_id: str,
    order_id: str,
    placed_at: dt.datetime,
    *,
    edited: Mapping[str, int] = MappingProxyType({}),
    refunded: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Add to what an order is worth, in minor units by currency, at the time when it was placed.

    `event_id` is the event that tells of it, whose corrections are made once.
    """
    for name, amounts in ((EDITED, edited), (REFUNDED, refunded)):
        for currency, minor in amounts.items():
            if minor:
                about = {"orderId": order_id, "currency": currency, "totalMinor": minor}
                key = id_of("evt", f"{name} {event_id} {currency}".encode())
                await record_domain_event(session, key, name, placed_at, subject=None, design_id=None, properties=about)
