"""Keeps what the outside world reported about orders, and finds all that is about one order."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
from sqlalchemy import ARRAY, ColumnElement, FromClause, Integer, Text, any_, bindparam, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.ids import id_of
from shared.database.rows import Statement, many, one_or_none
from shared.events.outbox import record
from subgraphs.order.enums import FactKind
from subgraphs.order.events import OrderDeliveryTaken
from subgraphs.order.fact_models import FactData, OrderFact
from subgraphs.order.models import Order
from subgraphs.order.service.job_types import RECONCILIATION

_FACT, _ORDER = OrderFact.__table__, Order.__table__


def _of_same_payments(first: ColumnElement[bool], also: Callable[[FromClause], ColumnElement[bool]]) -> Statement:
    """Select some facts, and those of the payments that these name under whatever ids, as far as `also` holds."""
    reported = select(_FACT.c.id, _FACT.c.payments).where(first).cte("reported", recursive=True)
    other = _FACT.alias()
    others = select(other.c.id, other.c.payments).where(
        other.c.payments.bool_op("&&")(reported.c.payments), also(other)
    )
    return select(_FACT).where(_FACT.c.id.in_(select(reported.union(others).c.id)))


_names = any_(bindparam("names", type_=ARRAY(Text)))
_new = insert(_FACT)
_NOTE = _new.on_conflict_do_update(
    index_elements=["id"],
    set_={
        "occurred_at": func.least(_FACT.c.occurred_at, _new.excluded.occurred_at),
        "sent_at": func.greatest(_FACT.c.sent_at, _new.excluded.sent_at),
        "first_sent_at": func.least(_FACT.c.first_sent_at, _FACT.c.sent_at, _new.excluded.first_sent_at),
        "deliveries": _FACT.c.deliveries + _new.excluded.deliveries,
        "settled": False,
    },
    where=~_FACT.c.deliveries.contains(_new.excluded.deliveries),
)
_WAITING = select(_FACT.c.order_name).where(_FACT.c.id == bindparam("fact"), ~_FACT.c.settled)
_SAME = _of_same_payments(_FACT.c.id == bindparam("fact"), lambda _: true())
_OF_ORDER = _of_same_payments(
    _FACT.c.order_name == _names, lambda other: or_(other.c.order_name.is_(None), other.c.order_name == _names)
)
_CALLED = (
    select(_ORDER)
    .where(
        or_(
            _ORDER.c.id == bindparam("name"),
            _ORDER.c.number == func.upper(bindparam("name")),
            _ORDER.c.external_id == bindparam("name"),
        )
    )
    .with_for_update()
)
_SHOP_NUMBER = func.upper(func.ltrim(_ORDER.c.shop_number, "#"))
_NUMBERED = select(_ORDER).where(func.upper(func.ltrim(bindparam("number"), "#")) == _SHOP_NUMBER).order_by(_ORDER.c.id)
_ids, _counts = bindparam("ids", type_=ARRAY(Text)), bindparam("delivery_counts", type_=ARRAY(Integer))
_seen = func.unnest(_ids, _counts).table_valued("id", "delivery_count").render_derived("seen")
_free = select(_FACT.c.id).where(_FACT.c.id == any_(_ids)).with_for_update(skip_locked=True)
_TAKE = (
    update(_FACT)
    # What was reported again meanwhile, or is being reported, is settled again.
    .where(
        _FACT.c.id == _seen.c.id, func.cardinality(_FACT.c.deliveries) == _seen.c.delivery_count, _FACT.c.id.in_(_free)
    )
    .values(order_id=bindparam("order"), contact=None, settled=True)
)


@dataclass(frozen=True)
class Fact:
    """One thing that was reported: about an order by a name of it, a payment by its ids, or both."""

    kind: FactKind
    occurred_at: dt.datetime
    order_name: str | None = None
    payments: Sequence[str] = ()
    data: FactData = field(default_factory=FactData)
    contact: str | None = None
    email_digest: str | None = None
    shop: str | None = None
    sent_at: dt.datetime | None = None
    contact_digest: str | None = None

    @property
    def id(self) -> str:
        """A digest of what is reported, and of the shop that did; when, and in which delivery, is not part of it."""
        said: list[object] = [self.kind.value, self.order_name, sorted(self.payments), self.data]
        said += [each for each in (self.shop, self.contact_digest) if each is not None]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def note_facts(session: AsyncSession, facts: Sequence[Fact], delivery_id: str) -> None:
    """Keep facts that one delivery reported about one order, each once, and have the order follow."""
    if not facts:
        return
    rows = [
        {
            "id": fact.id,
            "kind": fact.kind,
            "order_name": fact.order_name,
            "payments": sorted(fact.payments),
            "occurred_at": fact.occurred_at,
            "data": fact.data,
            "contact": fact.contact,
            "email_digest": fact.email_digest,
            "shop": fact.shop,
            "sent_at": fact.sent_at,
            "first_sent_at": fact.sent_at,
            "deliveries": [delivery_id],
        }
        for fact in facts
    ]
    # In the order of ids, so that deliveries which report the same cannot deadlock.
    rows.sort(key=lambda row: str(row["id"]))
    await session.execute(_NOTE, rows)
    await RECONCILIATION.enqueue(session, {"fact_id": str(rows[0]["id"])})


async def order_waiting(connection: AsyncConnection, fact_id: str) -> str | None:
    """Return how the order of a fact that is not settled is called: by the fact, or by the first that tells of the same
    payment. None where it is settled, or no order is known yet.
    """
    fact = (await connection.execute(_WAITING, {"fact": fact_id})).one_or_none()
    if fact is None or fact.order_name is not None:
        return fact.order_name if fact is not None else None
    same = (await connection.execute(_SAME, {"fact": fact_id})).all()
    named = sorted((row.occurred_at, row.id, row.order_name) for row in same if row.order_name is not None)
    return named[0][2] if named else None


async def order_called(session: AsyncSession, name: str) -> Order | None:
    """Return the row of the order with an id, a number or another shop's id, locked; None if there is none (yet).

    The number that it has in its shop names it as well, unless orders of two shops have the same one.
    """
    order = await one_or_none(session, Order, _CALLED, {"name": name})
    if order is not None or name.startswith("gid:"):
        return order
    numbered = await with_shop_number(session, name)
    return await one_or_none(session, Order, _CALLED, {"name": numbered[0].id}) if len(numbered) == 1 else None


async def with_shop_number(session: AsyncSession, number: str) -> list[Order]:
    """Return the rows of the orders with a number of a shop, such as `#1234`."""
    return await many(session, Order, _NUMBERED, {"number": number})


def names_of(order: Order) -> list[str | None]:
    """Return all names by which facts may be about an order."""
    names = [order.id, order.number, order.external_id]
    if order.shop_number is None:
        return names
    bare = order.shop_number.lstrip("#")
    return [*names, *sorted({spelt for one in (bare, bare.upper()) for spelt in (one, f"#{one}")})]


async def facts_of(session: AsyncSession, names: Sequence[str | None]) -> list[OrderFact]:
    """Return all that was reported about an order, by its names and by its payments."""
    known = [name for name in names if name is not None]
    return await many(session, OrderFact, _OF_ORDER, {"names": known})


async def take(session: AsyncSession, order_id: str, facts: Sequence[OrderFact], *, erased: bool = False) -> None:
    """Note that facts are settled, drop contacts that nobody needs any more, and inform the deliveries' subgraph.

    Deliveries about an order whose customer was `erased` keep nothing.
    """
    waiting = [fact for fact in facts if not fact.settled]
    if not waiting:
        return
    counts = [len(fact.deliveries) for fact in waiting]
    parameters = {"order": order_id, "ids": [fact.id for fact in waiting], "delivery_counts": counts}
    await session.execute(_TAKE, parameters)
    await report_deliveries(session, order_id, waiting, erased=erased)


async def report_deliveries(
    session: AsyncSession, order_id: str, facts: Sequence[OrderFact], *, erased: bool = False
) -> None:
    """Publish which deliveries are about an order."""
    deliveries = sorted({key for fact in facts for key in fact.deliveries})
    events = [OrderDeliveryTaken(order_id=order_id, delivery_id=key, erased=erased) for key in deliveries]
    # The same follows from any fact of a delivery: an id of its own makes it one event.
    told = " erased" if erased else ""
    ids = [id_of("evt", f"{event.type} {event.order_id} {event.delivery_id}{told}".encode()) for event in events]
    if events:
        await record(session, *events, ids=ids)
