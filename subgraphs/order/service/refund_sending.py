"""Has refunds made by the providers that took the money, each once and never more than a payment took.

What no adapter took, such as payments in other shops and those that staff recorded, is left to staff. What a provider
refuses is a task for them.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from shared.database.rows import many, one_or_none
from shared.runtime import Runtime
from subgraphs.order.models import Order, OrderRefund
from subgraphs.order.payment_models import OrderPayment, RefundPart
from subgraphs.order.payments.port import ProviderAway, ProviderRefused, RefundRequest
from subgraphs.order.service.bookkeeping import reported_about, sent_parts
from subgraphs.order.service.facts_fold import Reported
from subgraphs.order.service.payments import Payments, payments_of
from subgraphs.order.service.reconciliation import reconcile_again
from subgraphs.order.service.refund_matching import SentPart
from subgraphs.order.service.transitions import locked_order

_REFUND, _PART = OrderRefund.__table__, RefundPart.__table__
_PARTS = select(_PART).where(_PART.c.refund_id == bindparam("refund")).order_by(_PART.c.payment_id)


class RefundSender:
    """Sends refunds to providers."""

    def __init__(self, database: Database, payments: Payments) -> None:
        self._database = database
        self._payments = payments

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "RefundSender":
        """Make it for a running subgraph."""
        return cls(runtime.database, runtime.resource(Payments))

    async def send(self, refund_id: str) -> None:
        """Ask for all parts of a refund that no provider has answered to. Raises ProviderAway, to be tried again."""
        async with self._database.write() as session:
            refund = await one_or_none(session, OrderRefund, select(_REFUND).where(_REFUND.c.id == refund_id))
            if refund is None:
                return
            order = await locked_order(session, refund.order_id)
            rows = {row.id: row for row in await payments_of(session, order.id)}
            parts = await many(session, RefundPart, _PARTS, {"refund": refund_id})
            if not parts and rows:
                parts = await _plan(session, order, refund, list(rows.values()))
        away: ProviderAway | None = None
        for part in parts:
            if part.provider_id is None and part.refusal is None:
                try:
                    await self._ask(refund, part, rows[part.payment_id])
                except ProviderAway as error:
                    away = error
        if away is not None:
            raise away

    async def _ask(self, refund: OrderRefund, part: RefundPart, payment: OrderPayment) -> None:
        provider = self._payments.of(payment.provider)
        if provider is None:
            raise ProviderAway(f"{payment.provider.value} took the money, and is not the provider any more")
        request = RefundRequest(
            key=part.refund_id if part.amount_minor == refund.amount_minor else f"{part.refund_id}.{payment.id}",
            order_id=part.order_id,
            refund_id=part.refund_id,
            payment_id=payment.provider_id or "",
            amount_minor=part.amount_minor,
            currency=payment.currency.value,
        )
        try:
            taken = await provider.refund(request)
        except ProviderRefused as refusal:
            await self._note(part, {"refusal": refusal.code})
        else:
            await self._note(part, {"provider_id": taken.id})

    async def _note(self, part: RefundPart, answer: Mapping[str, object]) -> None:
        async with self._database.write() as session:
            order = await locked_order(session, part.order_id)
            own = (_PART.c.refund_id == part.refund_id, _PART.c.payment_id == part.payment_id)
            await session.execute(update(_PART).where(*own).values(created_at=func.now(), **answer))
            await reconcile_again(session, order)


async def _plan(
    session: AsyncSession, order: Order, refund: OrderRefund, payments: Sequence[OrderPayment]
) -> list[RefundPart]:
    """Note, under the order's lock, which payments give the money back; returns the rows."""
    left = _left(payments, await reported_about(session, order), await sent_parts(session, order.id))
    amounts = split(refund.amount_minor, left)
    rows = [
        {"refund_id": refund.id, "payment_id": key, "order_id": order.id, "amount_minor": minor}
        for key, minor in amounts.items()
    ]
    if rows:
        await session.execute(insert(_PART), rows)
    return await many(session, RefundPart, _PARTS, {"refund": refund.id})


def split(minor: int, left: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return how much of an amount each payment gives back, of those that have so much left, in their order.

    One payment that has enough left gives back all. What is beyond all of them is left out.
    """
    given = list(left)
    whole = next((key for key, most in given if most >= minor), None)
    if whole is not None:
        return {whole: minor}
    parts = {}
    for key, most in given:
        part = min(minor, most)
        if part > 0:
            parts[key] = part
            minor -= part
    return parts


def _left(payments: Sequence[OrderPayment], reported: Reported, sent: Sequence[SentPart]) -> Iterable[tuple[str, int]]:
    """Yield each payment that came in with what it has not given back, and was not asked to."""
    for row in payments:
        payment = next((it for it in reported.payments if row.provider_id in it.names), None)
        if payment is None:
            continue
        ids = {refund.id for refund in payment.refunds}
        waiting = [
            part
            for part in sent
            if part.payment == row.provider_id and part.refusal is None and part.provider_id not in ids
        ]
        failed = {refund.id for refund in payment.failed}
        asked = sum(part.amount_minor for part in waiting if part.provider_id not in failed)
        returned = sum(refund.amount_minor for refund in payment.refunds)
        lost = sum(dispute.amount_minor for dispute in payment.disputes if dispute.is_lost)
        yield row.id, max(0, payment.received - returned - asked - lost)
