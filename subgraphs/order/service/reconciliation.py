"""Brings an order to where all that the outside world reported puts it.

A job reconciles an order whenever something was reported about it. It reads all facts, adds them up
(`service/facts_fold.py`), and takes those steps that were not taken. So it does not matter in what order, or how often,
the facts arrive; those that arrive before their order wait for it. Facts that wait for the same order are reconciled
together, and the jobs of the others then have nothing to do.

What somebody decides about an order stands until reports show something new. The order remembers what was decided last
and what reports showed then, and `service/decided_status.py` says where both put it.
"""

import datetime as dt
from dataclasses import replace

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.database.rows import one
from shared.graph.money import to_amount
from shared.runtime import Runtime
from shared.security.sealing import Sealer
from subgraphs.order import status
from subgraphs.order.enums import SENT_KINDS, FactKind, NoteVisibility, OrderStatus, OrderTaskKind
from subgraphs.order.models import Order, OrderLine, OrderNote, OrderTimeline
from subgraphs.order.service.bookkeeping import Books, keep_books, reported_about
from subgraphs.order.service.decided_status import Decision, Place, legal_steps, place_by, shown_in
from subgraphs.order.service.discount_codes import reuse_discount
from subgraphs.order.service.facts import facts_of, names_of, order_called, order_waiting, take
from subgraphs.order.service.facts_fold import Reported, fold
from subgraphs.order.service.ledger import is_of_before_ledger
from subgraphs.order.service.notes import write_note
from subgraphs.order.service.order_shops import by_shop_number, of_its_shop, refuse_foreign
from subgraphs.order.service.privacy import forget_redacted, note_data_requests
from subgraphs.order.service.redacted_shops import is_redacted
from subgraphs.order.service.reported_parcels import Kept, keep_parcels
from subgraphs.order.service.reported_status import NOTHING_REPORTED, ReportedStatus, Step, reported_status
from subgraphs.order.service.shop_import import place_reported, show_content
from subgraphs.order.service.status_feed import CHANNEL
from subgraphs.order.service.tasks import open_task, review_tasks
from subgraphs.order.service.transitions import SYSTEM, change_status, count_parcel, count_refund, moment, situation_of

_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_NOTED = select(OrderNote.about).where(OrderNote.order_id == bindparam("order"), OrderNote.about.is_not(None))
_PIECES = select(func.sum(OrderLine.quantity)).where(
    OrderLine.order_id == bindparam("order"), OrderLine.kind.in_(SENT_KINDS)
)
_REFUNDED_FROM = (
    select(OrderTimeline.previous)
    .where(OrderTimeline.order_id == bindparam("order"), OrderTimeline.status == OrderStatus.REFUNDED)
    .where(OrderTimeline.previous != OrderStatus.REFUNDED)
    .order_by(OrderTimeline.version.desc())
    .limit(1)
)
_PUT_IN_PRODUCTION = select(OrderTimeline.id).where(
    OrderTimeline.order_id == bindparam("order"),
    OrderTimeline.status == OrderStatus.IN_PRODUCTION,
    OrderTimeline.previous != OrderStatus.IN_PRODUCTION,
    OrderTimeline.delivery_id.is_(None),
)
_WITHDRAWN = "What had been reported before was withdrawn."
_REFUND_FAILED = "The refund did not go through."


class OrderReconciler:
    """Reconciles orders with the means of a running subgraph."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "OrderReconciler":
        """Make the reconciler of a running subgraph."""
        return cls(runtime.database, runtime.resource(Sealer))

    async def reconcile(self, fact_id: str) -> None:
        """Reconcile the order that a fact is about, if there is one yet and the fact is not settled."""
        async with self._database.read() as connection:
            name = await order_waiting(connection, fact_id)
        if name is None:
            return
        async with self._database.write() as session:
            order = await order_called(session, name)
            if order is None:
                # There is no row to lock yet; the transaction that held this lock may have placed the order.
                await session.execute(_LOCK, {"name": name})
                order = await order_called(session, name)
            facts = await facts_of(session, (name,) if order is None else (name, *names_of(order)))
            if all(fact.settled for fact in facts):
                return
            known_as = order.shop_number if order is not None else None
            own = of_its_shop(order, facts)
            is_erased = order is not None and order.erased_at is not None
            of_redacted_shop = not is_erased and await is_redacted(session, own)
            redacted = of_redacted_shop or any(fact.kind is FactKind.REDACTED for fact in own)
            if order is None:
                order = await place_reported(session, self._sealer, own, redacted=redacted)
            if order is None:
                return
            order = await show_content(session, self._sealer, order, own, redacted=redacted)
            await refuse_foreign(session, order, facts)
            if order.shop_number != known_as:
                # Payments may name it by this number.
                own = of_its_shop(order, await facts_of(session, names_of(order)))
            own = await by_shop_number(session, order, own)
            order = await forget_redacted(session, order, own, of_redacted_shop=of_redacted_shop)
            await note_data_requests(session, order, own)
            await take(session, order.id, own, erased=order.erased_at is not None)
            reported = fold(own, order.total_minor, order.currency.value)
            await _Reconciliation(session, order, reported).run()


async def reconcile_again(session: AsyncSession, order: Order) -> None:
    """Reconcile an order, whose row is locked, with what was reported before, after something else has changed."""
    await _Reconciliation(session, order, await reported_about(session, order)).run()


class _Reconciliation:
    """Reconciles one order, whose row is locked, with what was reported. Done again, it changes nothing."""

    def __init__(self, session: AsyncSession, order: Order, reported: Reported) -> None:
        self._session = session
        self._order = order
        self._reported = reported
        self._noted: set[str] = set()
        self._resumed = False

    async def run(self) -> None:
        """Keep notes, parcels and books, move the order, and see what staff have to do."""
        notify_after_commit(self._session, CHANNEL, self._order.id)
        self._noted = set(await self._session.scalars(_NOTED, {"order": self._order.id}))
        await self._write_notes()
        await self._withdraw_payment()
        pieces = self._reported.pieces
        if pieces is None and self._reported.parcels:
            pieces = await self._session.scalar(_PIECES, {"order": self._order.id})
        kept = await keep_parcels(self._session, self._order, self._reported, pieces or 0)
        parcels = kept.all
        nothing_follows = self._order.rest_cancelled_at is not None
        now = reported_status(self._reported, parcels, pieces or 0, nothing_follows=nothing_follows)
        books = await keep_books(self._session, self._order, self._reported)
        self._order, version = books.order, books.order.version
        await self._book_payment()
        await self._follow(now, books)
        await self._count_parcel(kept, version)
        await self._return_money(books)
        await review_tasks(self._session, self._order, parcels, pieces, self._reported)

    async def _withdraw_payment(self) -> None:
        """Take back that the order was paid, where that was reported, is not any more, and nobody else has said so.

        Before all that follows from it: content that came late may say that it cost more than was paid.
        """
        order = self._order
        if order.paid_at is None or self._reported.paid is not None:
            return
        if order.recorded_minor is not None or is_of_before_ledger(order):
            return
        decision = await self._decision()
        if decision is None or not decision.is_of_paid:
            self._order = await self._change(paid_at=None)

    async def _book_payment(self) -> None:
        """Note that the order was paid, where that changes no status: it is on hold, or cancelled."""
        paid, order = self._reported.paid, self._order
        if paid is None or order.paid_at is not None or order.status is OrderStatus.PENDING:
            return
        then = status.paid_meanwhile(situation_of(order))
        at = moment(self._reported.paid_at)
        self._order = await self._change(paid_at=at, held_from=then.held_from)
        if then.held_from is not None and order.held_for is None:
            text = "Your payment has arrived. The order is still on hold and goes on once that is settled."
            await self._note(f"paid on hold {paid.id}", text, NoteVisibility.CUSTOMER)
        if order.status is OrderStatus.CANCELLED and not await reuse_discount(self._session, order.id):
            await open_task(self._session, self._order, OrderTaskKind.DISCOUNT_USED_UP)
        if order.status is OrderStatus.CANCELLED and self._reported.cancelled is None:
            text = "Money came in when the order was CANCELLED: give it back."
            await self._note(f"paid too late {paid.id}", text, NoteVisibility.INTERNAL)

    async def _decision(self) -> Decision | None:
        """Return what was decided last; None where nothing was. Of orders of earlier versions it is found out, once."""
        order = self._order
        if order.decided_status is not None:
            return Decision(order.decided_status, order.decided_held_from, order.decided_reported or NOTHING_REPORTED)
        stood: OrderStatus | None = order.status
        if stood is OrderStatus.REFUNDED:
            # That follows from the money.
            stood = await self._session.scalar(_REFUNDED_FROM, {"order": order.id})
        if stood is None or (stood is OrderStatus.ON_HOLD and order.held_from is None):
            return None
        found = Decision(stood, order.held_from, order.reported or NOTHING_REPORTED)
        if stood is shown_in(order.reported):
            is_before = stood in (OrderStatus.PENDING, OrderStatus.PAID)
            if is_before or await self._session.scalar(_PUT_IN_PRODUCTION, {"order": order.id}) is None:
                return None
            found = Decision(OrderStatus.IN_PRODUCTION, None, OrderStatus.PAID.value)
        kept = {"decided_status": found.status, "decided_held_from": found.held_from}
        self._order = await self._change(**kept, decided_reported=found.reported)
        return found

    async def _follow(self, now: ReportedStatus, books: Books) -> None:
        """Move the order to where its last decision and all reports put it."""
        order = self._order
        is_paid = order.paid_at is not None or self._reported.paid is not None
        is_repaid = books.now.is_repaid and is_paid
        if order.status is OrderStatus.REFUNDED and (is_repaid or not books.before.is_repaid):
            return
        decision = await self._decision()
        place = place_by(decision, now, is_paid=is_paid)
        if order.status is OrderStatus.REFUNDED:
            self._resumed = True
            reason = _WITHDRAWN if books.now.is_repaid else _REFUND_FAILED
            await self._correct(place, Step(place.status, dt.datetime.now(dt.UTC), None, reason))
        elif order.status is not place.status:
            await self._go(now, place)
        kept = {"held_from": place.held_from, "held_for": place.held_for, "reported": now.text}
        if any(getattr(self._order, name) != value for name, value in kept.items()):
            self._order = await self._change(**kept)

    async def _go(self, now: ReportedStatus, place: Place) -> None:
        """Take the steps to a place that are still to be taken; where none lead there, go there at once."""
        if self._order.held_from is not None and place.status not in (OrderStatus.CANCELLED, OrderStatus.ON_HOLD):
            await self._move(self._release(now, self._order.held_from), corrects=True)
        if self._order.status is place.status:
            return
        for step in legal_steps(situation_of(self._order), now):
            await self._move(step, held_for=place.held_for if step.to is OrderStatus.ON_HOLD else None)
        if self._order.status is not place.status:
            last = now.way[-1] if now.way else Step(now.status, dt.datetime.now(dt.UTC), None)
            reason = (last.reason if last.to is place.status else None) or _WITHDRAWN
            await self._correct(place, Step(place.status, last.at, last.delivery_id, reason))

    async def _correct(self, place: Place, step: Step) -> None:
        """Take the order to a place to which no legal step leads."""
        if place.held_from is None:
            await self._move(step, corrects=True)
            return
        if self._order.status is not place.held_from:
            await self._move(replace(step, to=place.held_from), corrects=True)
        await self._move(step, held_for=place.held_for)

    def _release(self, now: ReportedStatus, held_from: OrderStatus) -> Step:
        """Return the step by which an order goes on whose dispute does not stop it any more, or that has left."""
        held_for = self._order.held_for
        closed = [it for it in self._reported.disputes if it.id == held_for and it.closed_at is not None]
        delivery = closed[0].closed_by if closed else (now.way[-1].delivery_id if now.way else None)
        reason = "It has left." if now.status in status.LEFT else "The dispute is settled."
        at = closed[0].closed_at if closed else (now.way[-1].at if now.way else None)
        return Step(held_from, at or dt.datetime.now(dt.UTC), delivery, reason)

    async def _count_parcel(self, kept: Kept, version: int) -> None:
        """Have the order tell of a parcel that left, where no change of its status has told of it since `version`."""
        if kept.newest is None or kept.newest_id is None:
            return
        if self._order.version == version and self._order.status in status.LEFT:
            by, at = kept.newest.delivery_id, kept.newest.at
            counted = count_parcel(self._session, self._order, kept.newest_id, SYSTEM, delivery_id=by, at=at)
            self._order = await counted

    async def _return_money(self, books: Books) -> None:
        """Have the order tell of money that went back, or did not: by its status where none is left."""
        newest = max(self._reported.refunds, key=lambda refund: refund.at, default=None)
        lost = [it for it in self._reported.disputes if it.is_lost]
        at = newest.at if newest is not None else lost[-1].closed_at if lost else None
        delivery = newest.delivery_id if newest is not None else lost[-1].closed_by if lost else None
        is_legal = status.refusal(situation_of(self._order), OrderStatus.REFUNDED, SYSTEM.kind) is None
        if books.now.is_repaid and is_legal:
            await self._move(Step(OrderStatus.REFUNDED, at or dt.datetime.now(dt.UTC), delivery))
        elif books.has_changed and not self._resumed:
            failed = books.now.returned < books.before.returned
            reason = "A refund did not go through." if failed else None
            self._order = await count_refund(
                self._session, self._order, SYSTEM, reason, delivery_id=delivery, at=None if failed else at
            )

    async def _write_notes(self) -> None:
        for fact in self._reported.received:
            amount = to_amount(fact.data["amount_minor"], fact.data["currency"] or self._order.currency)
            text = f"Payment {fact.data['payment']} of {amount} {fact.data['currency']} came in."
            await self._note(fact.id, text, NoteVisibility.INTERNAL)
        for fact in self._reported.failures:
            why = fact.data["reason"]
            text = "A payment did not go through" + (f": {why.replace('_', ' ')}." if why else ".")
            await self._note(fact.id, text, NoteVisibility.CUSTOMER)
        for dispute in self._reported.disputes:
            why = f": {dispute.reason.replace('_', ' ')}" if dispute.reason else ""
            await self._note(dispute.id, f"Dispute {dispute.id} was opened{why}.", NoteVisibility.INTERNAL)
            if dispute.closed_at is not None:
                text = f"Dispute {dispute.id} was {'won' if dispute.won else 'lost'}."
                await self._note(f"{dispute.id} closed", text, NoteVisibility.INTERNAL)
        for refund in self._reported.failed_refunds:
            amount = to_amount(refund.amount_minor, self._order.currency)
            text = f"Refund {refund.id} of {amount} {self._order.currency.value} failed."
            await self._note(f"{refund.id} failed", text, NoteVisibility.INTERNAL)
        for fact in self._reported.foreign_refunds:
            amount = to_amount(fact.data["amount_minor"], fact.data["currency"] or self._order.currency)
            text = f"The shop reported a refund of {amount} {fact.data['currency']}, which is not the order's currency:"
            await self._note(f"{fact.data['refund_id']} foreign", f"{text} enter it by hand.", NoteVisibility.INTERNAL)
        for parcel in self._reported.withdrawn:
            text = f"The shop withdrew the parcel {parcel.tracking_number or parcel.id}: it did not leave."
            await self._note(f"{parcel.id} withdrawn", text, NoteVisibility.INTERNAL)

    async def _move(self, step: Step, *, held_for: str | None = None, corrects: bool = False) -> None:
        self._order = await change_status(
            self._session,
            self._order,
            self._order.version,
            step.to,
            SYSTEM,
            step.reason,
            delivery_id=step.delivery_id,
            held_for=held_for,
            at=step.at,
            corrects=corrects,
            is_reported=True,
        )

    async def _change(self, **values: object) -> Order:
        changed = update(Order).where(Order.id == self._order.id).values(values).returning(*Order.__table__.columns)
        return await one(self._session, Order, changed)

    async def _note(self, about: str, text: str, visibility: NoteVisibility) -> None:
        """Write a note, unless there is one about this."""
        if about in self._noted:
            return
        self._noted.add(about)
        await write_note(self._session, self._order.id, new_id("nte"), text, visibility, None, about=about)
