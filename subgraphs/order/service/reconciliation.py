"""Brings an order to where all that the outside world reported puts it.

A job reconciles an order whenever something was reported about it. It reads all facts, adds them up
(`service/facts_fold.py`), and takes those steps that were not taken, in the order in which they happened outside. So it
does not matter in what order, or how often, the facts arrive; those that arrive before their order wait for it. Facts
that wait for the same order are reconciled together, and the jobs of the others then have nothing to do.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import ParamSpec

from sqlalchemy import Text, any_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import many, one
from shared.events.outbox import record
from shared.graph.money import MINOR_UNIT_DIGITS
from shared.runtime import Runtime
from shared.security.sealing import Sealer
from subgraphs.order import status
from subgraphs.order.enums import FactKind, NoteVisibility, OrderStatus
from subgraphs.order.events import OrderRefunded, ShipmentCreated
from subgraphs.order.models import Order, OrderFact, OrderLine, OrderNote, OrderRefund, Shipment
from subgraphs.order.service.facts import facts_of, order_called, order_waiting, take
from subgraphs.order.service.facts_fold import Dispute, Parcel, Refund, Reported, beyond, fold, within
from subgraphs.order.service.shipping import steps_shown_by
from subgraphs.order.service.shop_import import place_reported, show_content
from subgraphs.order.service.staff import write_note
from subgraphs.order.service.transitions import SYSTEM, change_status, count_refund, moment, situation_of

_SHIPMENT, _REFUND = Shipment.__table__, OrderRefund.__table__
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_NOTED = select(OrderNote.about).where(OrderNote.order_id == bindparam("order"), OrderNote.about.is_not(None))
_PIECES = select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == bindparam("order"))
_PARCELS = select(_SHIPMENT).where(_SHIPMENT.c.external_id == any_(bindparam("parcels", type_=postgresql.ARRAY(Text))))
_REFUNDS = select(_REFUND).where(_REFUND.c.order_id == bindparam("order"))
P = ParamSpec("P")
_SAID_BY_SHOP = frozenset({FactKind.PAID, FactKind.REFUND})
_LEFT = frozenset({OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED})


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
            names = (name,) if order is None else (name, order.id, order.number, order.external_id)
            facts = await facts_of(session, names)
            if all(fact.settled for fact in facts):
                return
            is_new = order is None
            if order is None:
                order = await place_reported(session, self._sealer, facts)
            if order is None:
                return
            order = await show_content(session, self._sealer, order, facts)
            await take(session, order.id, facts)
            reported = fold(facts, order.total_minor, order.currency.value)
            await _Steps(session, order, reported, is_new=is_new).take_all()


class _Steps:
    """Takes the steps of one order, whose row is locked. Each can be taken again and then does nothing."""

    def __init__(self, session: AsyncSession, order: Order, reported: Reported, *, is_new: bool) -> None:
        self._session = session
        self._is_new = is_new
        self._order = order
        self._reported = reported
        self._noted: set[str] = set()
        self._pieces = 0
        self._parcels: dict[str | None, Shipment] = {}

    async def take_all(self) -> None:
        """Take all steps, in the order in which they happened; money that came in is presupposed by the others."""
        of_order = {"order": self._order.id}
        self._noted = set(await self._session.scalars(_NOTED, of_order))
        if self._reported.parcels:
            self._pieces = await self._session.scalar(_PIECES, of_order) or 0
            ids = [parcel.id for parcel in self._reported.parcels]
            known = await many(self._session, Shipment, _PARCELS, {"parcels": ids})
            self._parcels = {row.external_id: row for row in known}
        for _, _, step in sorted(self._steps(), key=lambda step: step[:2]):
            await step()

    def _steps(self) -> list[tuple[dt.datetime, int, Callable[[], Awaitable[None]]]]:
        reported, first = self._reported, dt.datetime.min.replace(tzinfo=dt.UTC)
        steps: list[tuple[dt.datetime, int, Callable[[], Awaitable[None]]]] = []

        def add(at: dt.datetime, step: Callable[P, Awaitable[None]], *given: P.args, **_: P.kwargs) -> None:
            steps.append((at, len(steps), partial(step, *given)))

        for fact in reported.payments:
            add(fact.occurred_at, self._note_payment, fact)
        for fact in reported.failures:
            add(fact.occurred_at, self._note_failure, fact)
        if reported.paid is not None:
            add(first, self._pay, reported.paid)
        if reported.cancelled is not None:
            add(reported.cancelled.occurred_at, self._cancel, reported.cancelled)
        for number, parcel in enumerate(reported.parcels, start=1):
            add(parcel.at, self._send, parcel, reported.parcels[:number])
        for dispute in reported.disputes:
            add(dispute.at, self._hold, dispute)
            if dispute.closed_at is not None:
                add(dispute.closed_at, self._close, dispute)
        if reported.refunds:
            add(reported.refunds[-1].at, self._refund)
        return steps

    async def _note_payment(self, fact: OrderFact) -> None:
        amount = Decimal(fact.data["amount_minor"]).scaleb(-MINOR_UNIT_DIGITS)
        text = f"Payment {fact.data['payment']} of {amount} {fact.data['currency']} came in."
        await self._note(fact.id, text, NoteVisibility.INTERNAL)

    async def _note_failure(self, fact: OrderFact) -> None:
        reason = fact.data["reason"]
        text = "A payment did not go through" + (f": {reason.replace('_', ' ')}." if reason else ".")
        await self._note(fact.id, text, NoteVisibility.CUSTOMER)

    async def _pay(self, fact: OrderFact) -> None:
        if self._order.paid_at is not None:
            return
        delivery_id, at = fact.deliveries[0], moment(fact.occurred_at)
        if self._is_new and fact.kind in _SAID_BY_SHOP:
            # The first that is told of an order: it was paid by then, and nobody says since when.
            at = min(at, self._order.placed_at)
        if self._can_move(OrderStatus.PAID):
            await self._move(OrderStatus.PAID, delivery_id, at)
            return
        then = status.paid_meanwhile(situation_of(self._order))
        paid = {"paid_at": at, "held_from": then.held_from}
        self._order = await self._change(**paid)
        if then.held_from is not None:
            text = "Your payment has arrived. The order is still on hold and goes on once that is settled."
            await self._note(f"paid on hold {fact.id}", text, NoteVisibility.CUSTOMER)
        elif self._reported.cancelled is None:
            text = f"Money came in when the order was {self._order.status.value}: give it back."
            await self._note(f"paid too late {fact.id}", text, NoteVisibility.INTERNAL)

    async def _cancel(self, fact: OrderFact) -> None:
        if self._can_move(OrderStatus.CANCELLED):
            reason = "The order was cancelled in the shop."
            await self._move(OrderStatus.CANCELLED, fact.deliveries[0], fact.occurred_at, reason)
        elif self._order.status not in (OrderStatus.CANCELLED, OrderStatus.REFUNDED):
            text = (
                f"It was cancelled in the shop when it was {self._order.status.value} here: decide what is to be done."
            )
            await self._note(f"cancelled too late {fact.id}", text, NoteVisibility.INTERNAL)

    async def _hold(self, dispute: Dispute) -> None:
        """Stop the order for a dispute, once: staff may release it while the dispute goes on."""
        why = f": {dispute.reason.replace('_', ' ')}" if dispute.reason else ""
        if not await self._note(dispute.id, f"Dispute {dispute.id} was opened{why}.", NoteVisibility.INTERNAL):
            return
        if self._can_move(OrderStatus.ON_HOLD):
            reason = f"The payment is disputed{why}."
            await self._move(OrderStatus.ON_HOLD, dispute.opened_by, dispute.at, reason, held_for=dispute.id)

    async def _close(self, dispute: Dispute) -> None:
        outcome = "won" if dispute.won else "lost"
        await self._note(f"{dispute.id} closed", f"Dispute {dispute.id} was {outcome}.", NoteVisibility.INTERNAL)
        held_from = self._order.held_from
        if dispute.won and held_from is not None and self._order.held_for == dispute.id:
            await self._move(held_from, dispute.closed_by, dispute.closed_at, "The dispute is settled.")

    async def _send(self, parcel: Parcel, so_far: Sequence[Parcel]) -> None:
        """Keep a parcel as it is by now, and let the order follow: what has left is no longer on hold."""
        whole = len(so_far) == len(self._reported.parcels) and self._reported.all_left
        completes = whole or sum(each.pieces for each in so_far) >= self._pieces
        await self._keep(parcel, completes)
        states = [(each.status, completes and each is so_far[-1]) for each in so_far]
        for to in steps_shown_by(states):
            at = parcel.at if to in _LEFT else parcel.reported_at
            if self._order.held_from is not None:
                await self._move(self._order.held_from, parcel.delivery_id, at, "It has left.")
            if to in _LEFT and self._order.status is OrderStatus.PAID:
                await self._move(OrderStatus.IN_PRODUCTION, parcel.delivery_id, at)
            if self._can_move(to):
                await self._move(to, parcel.delivery_id, at)

    async def _keep(self, parcel: Parcel, completes: bool) -> None:
        shown = {
            "carrier": parcel.carrier,
            "tracking_number": parcel.tracking_number,
            "tracking_url": parcel.tracking_url,
            "status": parcel.status,
            "completes": completes,
        }
        known = self._parcels.get(parcel.id)
        if known is None:
            key = {"id": new_id("shp"), "order_id": self._order.id, "external_id": parcel.id}
            await self._session.execute(insert(_SHIPMENT).values(key | shown))
            await record(self._session, ShipmentCreated(order_id=self._order.id, shipment_id=key["id"]))
        elif any(getattr(known, name) != value for name, value in shown.items()):
            await self._session.execute(update(_SHIPMENT).where(_SHIPMENT.c.id == known.id).values(shown))

    async def _refund(self) -> None:
        """Make the refunds of other systems what they report, beside those decided here, which they report as well."""
        if self._order.paid_at is None:
            return
        rows = await many(self._session, OrderRefund, _REFUNDS, {"order": self._order.id})
        decided_here = sum(row.amount_minor for row in rows if row.external_id is None)
        reported = within(beyond(self._reported.refunds, decided_here), self._order.total_minor - decided_here)
        known = {row.external_id: row for row in rows if row.external_id is not None}
        gone = [row.id for key, row in known.items() if key not in {refund.id for refund in reported}]
        if gone:
            await self._session.execute(delete(_REFUND).where(_REFUND.c.id.in_(gone)))
        refunded = decided_here + sum(refund.amount_minor for refund in reported)
        more, last = refunded - self._order.refunded_minor, ""
        for refund in reported:
            last = await self._book(known.get(refund.id), refund)
        repaid = replace(situation_of(self._order), is_repaid=refunded == self._order.total_minor)
        whole = repaid.is_repaid and status.refusal(repaid, OrderStatus.REFUNDED, SYSTEM.kind) is None
        if more > 0:
            # The status that follows a full refund raises the version as well.
            self._order = await (self._change(refunded_minor=refunded) if whole else self._count(more, reported[-1]))
            event = OrderRefunded(
                order_id=self._order.id,
                refund_id=last,
                amount_minor=more,
                refunded_minor=refunded,
                currency=self._order.currency.value,
            )
            await record(self._session, event)
        if reported and whole:
            await self._move(OrderStatus.REFUNDED, reported[-1].delivery_id, reported[-1].at)

    async def _count(self, minor: int, last: Refund) -> Order:
        return await count_refund(
            self._session, self._order, minor, SYSTEM, None, delivery_id=last.delivery_id, at=last.at
        )

    async def _book(self, known: OrderRefund | None, refund: Refund) -> str:
        """Make a refund's row what is reported; returns its id."""
        reported = {"amount_minor": refund.amount_minor, "at": refund.at}
        if known is None:
            refund_id = new_id("rfd")
            key = {"id": refund_id, "order_id": self._order.id, "external_id": refund.id}
            rest = {"currency": self._order.currency, "actor_kind": SYSTEM.kind}
            await self._session.execute(insert(_REFUND).values(key | reported | rest))
            return refund_id
        if (known.amount_minor, known.at) != (refund.amount_minor, refund.at):
            await self._session.execute(update(_REFUND).where(_REFUND.c.id == known.id).values(reported))
        return known.id

    def _can_move(self, to: OrderStatus) -> bool:
        return status.refusal(situation_of(self._order), to, SYSTEM.kind) is None

    async def _move(
        self,
        to: OrderStatus,
        delivery_id: str,
        at: dt.datetime | None,
        reason: str | None = None,
        *,
        held_for: str | None = None,
    ) -> None:
        self._order = await change_status(
            self._session,
            self._order,
            self._order.version,
            to,
            SYSTEM,
            reason,
            delivery_id=delivery_id,
            held_for=held_for,
            at=at,
        )

    async def _change(self, **values: object) -> Order:
        changed = update(Order).where(Order.id == self._order.id).values(values).returning(*Order.__table__.columns)
        return await one(self._session, Order, changed)

    async def _note(self, about: str, text: str, visibility: NoteVisibility) -> bool:
        """Write a note, unless there is one about this; tells whether it did."""
        if about in self._noted:
            return False
        self._noted.add(about)
        await write_note(self._session, self._order.id, new_id("nte"), text, visibility, None, about=about)
        return True
