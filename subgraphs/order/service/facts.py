"""Keeps what the outside world told of orders, and finds all that is about one order."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import ARRAY, Text, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.ids import id_of
from shared.jobs import enqueue
from shared.loaders import matches
from shared.outbox import record
from subgraphs.order.enums import FactKind
from subgraphs.order.events import OrderDeliveryTaken
from subgraphs.order.models import Order, OrderFact
from subgraphs.order.service.work import SETTLEMENT


@dataclass(frozen=True)
class Fact:
    """One thing that was told: of an order by a name of it, or of a payment by its ids, or both."""

    kind: FactKind
    occurred_at: dt.datetime
    order_name: str | None = None
    payments: Sequence[str] = ()
    data: dict[str, Any] = field(default_factory=dict)
    contact: str | None = None
    email_digest: str | None = None

    @property
    def id(self) -> str:
        """A digest of what is told; when it was told, and by whom, is not part of it."""
        said = [self.kind.value, self.order_name, sorted(self.payments), self.data]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def note_facts(session: AsyncSession, facts: Sequence[Fact], delivery_id: str) -> None:
    """Keep facts that one delivery told of one order, each once, and have the order follow."""
    # In the order of ids, so that deliveries which tell the same cannot deadlock.
    for fact in sorted(facts, key=lambda fact: fact.id):
        row = {
            "id": fact.id,
            "kind": fact.kind,
            "order_name": fact.order_name,
            "payments": sorted(fact.payments),
            "occurred_at": fact.occurred_at,
            "data": fact.data,
            "contact": fact.contact,
            "email_digest": fact.email_digest,
            "deliveries": [delivery_id],
        }
        statement = insert(OrderFact).values(row)
        known = OrderFact.deliveries.contains([delivery_id])
        again = {
            "occurred_at": func.least(OrderFact.occurred_at, statement.excluded.occurred_at),
            "deliveries": OrderFact.deliveries + statement.excluded.deliveries,
        }
        await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=again, where=~known))
    if facts:
        await enqueue(session, SETTLEMENT, {"fact_id": facts[0].id, "delivery_id": delivery_id})


async def order_name_of(session: AsyncSession, fact_id: str) -> str | None:
    """Return how the order of a fact is called: by the fact, or by the first that tells of the same payment."""
    fact = await session.get(OrderFact, fact_id)
    if fact is None or fact.order_name is not None:
        return fact.order_name if fact is not None else None
    of_payment = await _of_payments(session, fact.payments, [])
    named = sorted((row.occurred_at, row.id, row.order_name) for row in of_payment if row.order_name is not None)
    return named[0][2] if named else None


async def order_called(session: AsyncSession, name: str) -> Any:
    """Return the row of the order with an id, a number or another shop's id, locked; None if there is none (yet)."""
    called = or_(Order.id == name, Order.number == name.upper(), Order.external_id == name)
    return (await session.execute(select(Order.__table__).where(called).with_for_update())).one_or_none()


async def content_named(session: AsyncSession, name: str) -> Sequence[Any]:
    """Return what was told of the content of an order that is not placed yet."""
    wanted = (OrderFact.order_name == name, OrderFact.kind == FactKind.CONTENT)
    return (await session.execute(select(OrderFact.__table__).where(*wanted))).all()


async def facts_of(session: AsyncSession, order: Any) -> list[Any]:
    """Return all that was told of an order, by its names and by its payments."""
    names = [name for name in (order.id, order.number, order.external_id) if name is not None]
    by_name = (await session.execute(select(OrderFact.__table__).where(matches(OrderFact.order_name, names)))).all()
    found = {row.id: row for row in by_name}
    payments = {payment for row in by_name for payment in row.payments}
    if payments:
        found |= {row.id: row for row in await _of_payments(session, payments, names)}
    return sorted(found.values(), key=lambda row: row.id)


async def _of_payments(session: AsyncSession, payments: Iterable[str], names: Sequence[str]) -> Sequence[Any]:
    """Return the facts of some payments, and of those that they are also called; without those of other orders."""
    known = set(payments)
    while True:
        overlap = OrderFact.payments.op("&&")(bindparam(None, sorted(known), type_=ARRAY(Text)))
        statement = select(OrderFact.__table__).where(overlap)
        if names:
            statement = statement.where(or_(OrderFact.order_name.is_(None), matches(OrderFact.order_name, names)))
        rows = (await session.execute(statement)).all()
        more = {payment for row in rows for payment in row.payments} - known
        if not more:
            return rows
        known |= more


async def take(session: AsyncSession, order_id: str, facts: Sequence[Any], delivery_id: str) -> None:
    """Note that facts are about an order, drop contacts that nobody needs any more, and tell the deliveries' room."""
    waiting = [row.id for row in facts if row.order_id is None or row.contact is not None]
    if waiting:
        statement = update(OrderFact).where(matches(OrderFact.id, waiting)).values(order_id=order_id, contact=None)
        await session.execute(statement.execution_options(synchronize_session=False))
    fresh = {key for row in facts if row.order_id is None for key in row.deliveries}
    events = [OrderDeliveryTaken(order_id=order_id, delivery_id=key) for key in sorted(fresh | {delivery_id})]
    # The same is told by any fact of a delivery: an id of its own makes it one event.
    ids = [id_of("evt", f"{event.type} {event.order_id} {event.delivery_id}".encode()) for event in events]
    await record(session, *events, ids=ids)
