"""What staff have to do about orders: opened when reports or decisions call for it, closed when they settle it.

What is due is a pure function of the order, its parcels and what was reported (`due_tasks`); the rows follow it. What
staff have done stays done, until what it is about changes.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import many, one, one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from shared.security.auth import Viewer
from subgraphs.order.enums import ActorKind, OrderStatus, OrderTaskKind, ShipmentStatus
from subgraphs.order.events import OrderTaskClosed, OrderTaskOpened
from subgraphs.order.inputs import LONGEST_REASON, OrderTaskResolveInput
from subgraphs.order.models import Order, OrderTask
from subgraphs.order.service.bookkeeping import sent_parts
from subgraphs.order.service.facts_fold import Reported
from subgraphs.order.service.ledger import balance_of
from subgraphs.order.service.parcel_status import Seen, relevant
from subgraphs.order.service.refund_matching import SentPart
from subgraphs.order.service.reported_status import cancelled_first

_TASK = OrderTask.__table__
_TASKS = select(_TASK).where(_TASK.c.order_id == bindparam("order"))
_ENDED = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})
_BY_PARCEL = {
    ShipmentStatus.LOST: OrderTaskKind.PARCEL_LOST,
    ShipmentStatus.RETURNED: OrderTaskKind.PARCEL_RETURNED,
    ShipmentStatus.EXCEPTION: OrderTaskKind.PARCEL_PROBLEM,
}
_OF_REPORTS = frozenset(
    {
        OrderTaskKind.REFUND_FAILED,
        OrderTaskKind.OTHER_CURRENCY,
        OrderTaskKind.DISPUTED,
        OrderTaskKind.CANCELLED_AFTER_SENDING,
        OrderTaskKind.CONTACT_CORRECTED,
        OrderTaskKind.DATA_REQUESTED,
    }
)
"""The kinds that follow from what was reported, and can be told by that alone."""
_OPENED_ELSEWHERE = frozenset(
    {OrderTaskKind.DESIGN_REFUSED, OrderTaskKind.REST_CANCELLED, OrderTaskKind.DISCOUNT_USED_UP}
)
"""The kinds that are opened by what happens, and that staff alone close."""


@dataclass(frozen=True)
class Due:
    """Something to do; `about` is what it is known by, beside its kind. `minor` is the amount that it is about."""

    kind: OrderTaskKind
    about: str = ""
    minor: int | None = None


def due_tasks(
    order: Order, parcels: Sequence[Seen], pieces: int | None, reported: Reported | None, sent: Sequence[SentPart] = ()
) -> list[Due]:
    """Return what is to be done about an order; without what was reported, only what order and parcels show.

    `sent` are the refunds that providers were asked for.
    """
    found = [*_money(order, parcels), *_parcels(order, parcels, pieces)]
    if reported is None:
        return found
    return [*found, *_reports(order, parcels, reported), *_refusals(order, reported, sent)]


def _money(order: Order, parcels: Sequence[Seen]) -> Iterator[Due]:
    balance = balance_of(order)
    has_left = any(parcel.has_left for parcel in parcels)
    if order.status is OrderStatus.CANCELLED:
        if balance.held:
            yield Due(OrderTaskKind.REFUND_DUE, minor=balance.held)
        if has_left:
            yield Due(OrderTaskKind.SENT_AFTER_CANCELLATION)
        return
    if balance.overpaid:
        yield Due(OrderTaskKind.OVERPAID, minor=balance.overpaid)
    if order.status is OrderStatus.REFUNDED:
        return
    if balance.owed and balance.held:
        yield Due(OrderTaskKind.UNDERPAID, minor=balance.owed)
    if has_left and order.paid_at is None:
        yield Due(OrderTaskKind.SENT_UNPAID, minor=balance.owed)


def _parcels(order: Order, parcels: Sequence[Seen], pieces: int | None) -> Iterator[Due]:
    if order.status in _ENDED:
        return
    for parcel in relevant(parcels, pieces):
        kind = _BY_PARCEL.get(parcel.status)
        # An order that staff count as delivered has nothing more to come.
        if kind is not None and not parcel.superseded and order.status is not OrderStatus.DELIVERED:
            yield Due(kind, parcel.id)


def _reports(order: Order, parcels: Sequence[Seen], reported: Reported) -> Iterator[Due]:
    balance = balance_of(order)
    for refund in reported.failed_refunds:
        if not _is_made_up_for(refund.amount_minor, refund.at, reported) and not balance.is_repaid:
            yield Due(OrderTaskKind.REFUND_FAILED, refund.id, refund.amount_minor)
    for payment in reported.foreign_payments:
        if payment.received > sum(refund.amount_minor for refund in payment.refunds):
            yield Due(OrderTaskKind.OTHER_CURRENCY, payment.name)
    for foreign in reported.foreign_refunds:
        yield Due(OrderTaskKind.OTHER_CURRENCY, foreign.data["refund_id"])
    for request in reported.data_requests:
        if order.erased_at is None:
            yield Due(OrderTaskKind.DATA_REQUESTED, request.id)
    for dispute in reported.disputes:
        if dispute.closed_at is None:
            yield Due(OrderTaskKind.DISPUTED, dispute.id, dispute.amount_minor)
    left = [parcel for parcel in parcels if parcel.has_left]
    if reported.cancelled is not None and cancelled_first(reported, left) is None and order.status not in _ENDED:
        yield Due(OrderTaskKind.CANCELLED_AFTER_SENDING)
    if len(reported.contacts) > 1:
        yield Due(OrderTaskKind.CONTACT_CORRECTED, str(len(reported.contacts)))


def _refusals(order: Order, reported: Reported, sent: Sequence[SentPart]) -> Iterator[Due]:
    """Yield the refunds that a provider does not make, each with what it refuses of it."""
    refused: dict[str, list[SentPart]] = {}
    for part in sent:
        if part.refusal is not None:
            refused.setdefault(part.refund_id, []).append(part)
    for refund_id, parts in refused.items():
        minor = sum(part.amount_minor for part in parts)
        if not _is_made_up_for(minor, parts[0].at, reported) and not balance_of(order).is_repaid:
            yield Due(OrderTaskKind.REFUND_FAILED, refund_id, minor)


def _is_made_up_for(minor: int, failed_at: dt.datetime, reported: Reported) -> bool:
    return sum(refund.amount_minor for refund in reported.refunds if refund.at > failed_at) >= minor


async def review_tasks(
    session: AsyncSession,
    order: Order,
    parcels: Sequence[Seen],
    pieces: int | None = None,
    reported: Reported | None = None,
) -> None:
    """Open and close the tasks of an order, whose row is locked."""
    sent = await sent_parts(session, order.id) if reported is not None else []
    due = {(it.kind, it.about): it for it in due_tasks(order, parcels, pieces, reported, sent)}
    rows = {(row.kind, row.about): row for row in await many(session, OrderTask, _TASKS, {"order": order.id})}
    left_alone = _OPENED_ELSEWHERE if reported is not None else _OPENED_ELSEWHERE | _OF_REPORTS
    events: list[Event] = []
    for key, task in due.items():
        events += await _open(session, order, rows.get(key), task)
    for key, row in rows.items():
        if key not in due and row.done_at is None and row.kind not in left_alone:
            await _close(session, row.id, ActorKind.SYSTEM, None, None)
            events.append(_closed(row))
    if events:
        await record(session, *events)


async def open_task(session: AsyncSession, order: Order, kind: OrderTaskKind, about: str = "") -> None:
    """Open a task of an order, whose row is locked, unless there is one about the same."""
    known = _TASKS.where(_TASK.c.kind == kind, _TASK.c.about == about)
    row = await one_or_none(session, OrderTask, known, {"order": order.id})
    events = await _open(session, order, row, Due(kind, about))
    if events:
        await record(session, *events)


async def _open(session: AsyncSession, order: Order, row: OrderTask | None, due: Due) -> list[Event]:
    shown = {"amount_minor": due.minor, "currency": order.currency if due.minor is not None else None}
    if row is None:
        key = {"id": new_id("tsk"), "order_id": order.id, "kind": due.kind, "about": due.about}
        await session.execute(insert(_TASK).values(key | shown))
        return [OrderTaskOpened(order_id=order.id, task_id=key["id"], topic=due.kind.value)]
    # What staff have done is done, unless it is about another amount by now.
    is_due_again = row.amount_minor != due.minor or row.done_by is ActorKind.SYSTEM
    if not is_due_again:
        return []
    reopened: Mapping[str, object] = dict.fromkeys(("done_at", "done_by", "actor_id", "note"))
    await session.execute(update(_TASK).where(_TASK.c.id == row.id).values({**shown, **reopened}))
    return [OrderTaskOpened(order_id=order.id, task_id=row.id, topic=due.kind.value)] if row.done_at else []


async def _close(
    session: AsyncSession, task_id: str, by: ActorKind, actor_id: str | None, note: str | None
) -> OrderTask:
    values = {"done_at": dt.datetime.now(dt.UTC), "done_by": by, "actor_id": actor_id, "note": note}
    closed = update(_TASK).where(_TASK.c.id == task_id).values(values).returning(*_TASK.c)
    return await one(session, OrderTask, closed)


def _closed(row: OrderTask) -> OrderTaskClosed:
    return OrderTaskClosed(order_id=row.order_id, task_id=row.id, topic=row.kind.value)


async def resolve_task(database: Database, viewer: Viewer, given: OrderTaskResolveInput) -> OrderTask:
    """Note as staff that a task is done, and return its row; one that is done stays as it is.

    Raises InvalidInput or NotFound.
    """
    checks = Checks()
    note = checks.text("note", given.note, shortest=0, longest=LONGEST_REASON) if given.note is not None else None
    checks.raise_if_any()
    async with database.write() as session:
        wanted = select(_TASK).where(_TASK.c.id == given.task_id).with_for_update()
        row = await one_or_none(session, OrderTask, wanted)
        if row is None:
            raise NotFound("This task does not exist.")
        if row.done_at is not None:
            return row
        row = await _close(session, row.id, ActorKind.STAFF, viewer.id, note or None)
        await record(session, _closed(row))
        return row
