"""Brings the rows that hold an order's money in line with its ledger: entries, refunds, and the sums in the order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.rows import many, one
from shared.events.outbox import record
from subgraphs.order.enums import ActorKind, LedgerProvider, OrderSource
from subgraphs.order.events import OrderRefunded, OrderRefundReduced
from subgraphs.order.models import LedgerEntry, Order, OrderRefund
from subgraphs.order.payment_models import OrderPayment, RefundPart
from subgraphs.order.service.facts import facts_of, names_of
from subgraphs.order.service.facts_fold import Reported, fold
from subgraphs.order.service.ledger import Balance, Entry, Ledger, balance_of, is_of_before_ledger, make_ledger
from subgraphs.order.service.order_shops import by_shop_number, of_its_shop
from subgraphs.order.service.payment_facts import Refund
from subgraphs.order.service.refund_matching import SentPart

_REFUND, _ENTRY, _ORDER = OrderRefund.__table__, LedgerEntry.__table__, Order.__table__
_REFUNDS = select(_REFUND).where(_REFUND.c.order_id == bindparam("order")).order_by(_REFUND.c.at, _REFUND.c.id)
_PART, _PAYMENT = RefundPart.__table__, OrderPayment.__table__
_SENT = (
    select(
        _PART.c.refund_id,
        _PAYMENT.c.provider_id.label("payment"),
        _PART.c.amount_minor,
        _PART.c.provider_id,
        _PART.c.refusal,
        _PART.c.created_at.label("at"),
    )
    .join_from(_PART, _PAYMENT, _PAYMENT.c.id == _PART.c.payment_id)
    .where(_PART.c.order_id == bindparam("order"))
    .order_by(_PART.c.created_at, _PART.c.refund_id, _PART.c.payment_id)
)
_ENTRIES = select(_ENTRY).where(_ENTRY.c.order_id == bindparam("order"))


@dataclass(frozen=True)
class Books:
    """An order's row once its books are kept, its balance before and now, and the refund that was entered last."""

    order: Order
    before: Balance
    now: Balance
    newest_refund: str | None

    @property
    def has_changed(self) -> bool:
        """Whether money went back, or less than was known before."""
        return (self.before.returned, self.before.refunded) != (self.now.returned, self.now.refunded)


async def reported_about(session: AsyncSession, order: Order) -> Reported:
    """Return what was reported about an order so far."""
    own = of_its_shop(order, await facts_of(session, names_of(order)))
    own = await by_shop_number(session, order, own)
    return fold(own, order.total_minor, order.currency.value)


async def keep_books(session: AsyncSession, order: Order, reported: Reported) -> Books:
    """Make the rows of an order, which is locked, what follows from reports and decisions, and publish what changed."""
    if is_of_before_ledger(order) and order.recorded_minor is None and reported.paid is None:
        # Whatever is reported from now on, it was paid.
        recorded = update(_ORDER).where(_ORDER.c.id == order.id).values(recorded_minor=order.total_minor)
        order = await one(session, Order, recorded.returning(*_ORDER.c))
    rows = await many(session, OrderRefund, _REFUNDS, {"order": order.id})
    made = _ledger(order, reported, rows, await sent_parts(session, order.id) if rows else [])
    newest = await _keep_refunds(session, order, made, rows)
    await _keep_entries(session, order, made)
    before, now = balance_of(order), made.balance
    sums = {"received_minor": now.received, "returned_minor": now.returned, "refunded_minor": now.refunded}
    if any(getattr(order, name) != value for name, value in sums.items()):
        changed = update(_ORDER).where(_ORDER.c.id == order.id).values(sums).returning(*_ORDER.c)
        order = await one(session, Order, changed)
    books = Books(order, before, now, newest)
    if books.has_changed:
        await _publish(session, books)
    return books


async def sent_parts(session: AsyncSession, order_id: str) -> list[SentPart]:
    """Return what providers were asked to give back of an order."""
    return await many(session, SentPart, _SENT, {"order": order_id})


def _ledger(order: Order, reported: Reported, rows: Sequence[OrderRefund], sent: Sequence[SentPart]) -> Ledger:
    decided = [
        Refund(row.id, row.at, row.amount_minor, "", LedgerProvider.ALL_PET_PLUS)
        for row in rows
        if row.external_id is None
    ]
    confirms = order.source is not OrderSource.ALL_PET_PLUS or bool(reported.payments)
    return make_ledger(reported, decided, order, sent=sent, confirms=confirms, recorded_minor=order.recorded_minor or 0)


async def _keep_refunds(session: AsyncSession, order: Order, made: Ledger, rows: Sequence[OrderRefund]) -> str | None:
    """Bring the refunds in line; returns the id of the last that was entered or grew."""
    by_key = {row.external_id or row.id: row for row in rows}
    for decided in made.decided:
        known_as, state = decided.refund.id, decided.state
        if by_key[known_as].state is not state:
            await session.execute(update(_REFUND).where(_REFUND.c.id == known_as).values(state=state))
    gone = [row.id for row in rows if row.external_id and row.external_id not in {it.id for it in made.reported}]
    if gone:
        await session.execute(delete(_REFUND).where(_REFUND.c.id.in_(gone)))
    newest = rows[-1].id if rows else None
    for refund in made.reported:
        shown = {"amount_minor": refund.amount_minor, "at": refund.at, "state": refund.state}
        known = by_key.get(refund.id)
        if known is None:
            newest = new_id("rfd")
            key = {"id": newest, "order_id": order.id, "external_id": refund.id}
            rest = {"currency": order.currency, "actor_kind": ActorKind.SYSTEM}
            await session.execute(insert(_REFUND).values(key | shown | rest))
        elif any(getattr(known, name) != value for name, value in shown.items()):
            newest = known.id
            await session.execute(update(_REFUND).where(_REFUND.c.id == known.id).values(shown))
    return newest


async def _keep_entries(session: AsyncSession, order: Order, made: Ledger) -> None:
    rows = await many(session, LedgerEntry, _ENTRIES, {"order": order.id})
    known = {(row.kind, row.provider, row.provider_id): row for row in rows}
    wanted = {entry.key: entry for entry in made.entries}
    gone = [row.id for key, row in known.items() if key not in wanted]
    if gone:
        await session.execute(delete(_ENTRY).where(_ENTRY.c.id.in_(gone)))
    new = []
    for key, entry in wanted.items():
        shown, row = _shown(entry), known.get(key)
        if row is None:
            place = {"kind": entry.kind, "provider": entry.provider, "provider_id": entry.provider_id}
            new.append({"id": new_id("led"), "order_id": order.id} | place | shown)
        elif any(getattr(row, name) != value for name, value in shown.items() if name != "currency"):
            await session.execute(update(_ENTRY).where(_ENTRY.c.id == row.id).values(shown))
    if new:
        await session.execute(insert(_ENTRY), new)


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "state": entry.state,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "occurred_at": entry.occurred_at,
    }


async def _publish(session: AsyncSession, books: Books) -> None:
    order, before, now = books.order, books.before, books.now
    more, gone = now.refunded - before.refunded, now.returned - before.returned
    if more < 0 or gone < 0:
        await record(
            session,
            OrderRefundReduced(
                order_id=order.id,
                amount_minor=max(0, -more),
                refunded_minor=now.refunded,
                currency=order.currency.value,
                placed_at=order.placed_at,
                test=order.test,
            ),
        )
    elif books.newest_refund is not None:
        await record(
            session,
            OrderRefunded(
                order_id=order.id,
                refund_id=books.newest_refund,
                amount_minor=more,
                refunded_minor=now.refunded,
                currency=order.currency.value,
                excess_minor=max(0, gone - more),
                placed_at=order.placed_at,
                test=order.test,
            ),
        )
