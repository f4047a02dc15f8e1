"""Decides refunds, whole or in part: exact, and never more than is held."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, InvalidInput
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.graph.money import CurrencyCode, NotMinorUnits, to_amount, to_minor
from shared.security.auth import Viewer
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.errors import changed_meanwhile
from subgraphs.order.inputs import OrderRefundInput
from subgraphs.order.models import Order, OrderRefund
from subgraphs.order.service.bookkeeping import keep_books, reported_about
from subgraphs.order.service.decisions import decide, store_refund
from subgraphs.order.service.ledger import Balance, balance_of
from subgraphs.order.service.parcel_status import parcels_of
from subgraphs.order.service.tasks import review_tasks
from subgraphs.order.service.transitions import Actor, checked_reason, count_refund, locked_order, situation_of


async def refund_order(database: Database, viewer: Viewer, given: OrderRefundInput) -> tuple[Order, OrderRefund]:
    """Refund a part or all that is held, as staff, whatever the status; returns the order's row and the refund's.

    All that is held also moves a paid order to REFUNDED. Each refund raises the version. Raises InvalidInput, NotFound,
    VersionConflict, or IllegalState where nothing was paid or nothing is left.
    """
    checks = Checks()
    idempotency.check_key(checks, given.idempotency_key)
    if given.amount is not None and given.amount <= 0:
        checks.refuse("amount", "OUT_OF_RANGE", "Send an amount above 0, or leave it out to refund all that is left.")
    checks.raise_if_any()
    reason = checked_reason(given.reason)
    refund_id, actor = new_id("rfd"), Actor(ActorKind.STAFF, viewer.id)
    async with database.write() as session:
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "orderRefund", key, given, refund_id)
        order = await locked_order(session, given.order_id)
        if first is not None:
            return order, await _refund(session, first)
        if order.version != given.version:
            raise changed_meanwhile(order)
        balance = balance_of(order)
        asked = _minor(given.amount, order.currency) if given.amount is not None else None
        minor = _amount(balance, asked, order.currency)
        refused = status.refusal(situation_of(order), OrderStatus.REFUNDED, actor.kind)
        if minor == balance.held and refused is None:
            order = await decide(
                session, order, order.version, OrderStatus.REFUNDED, actor, reason, refund_id=refund_id
            )
        else:
            order = await count_refund(session, order, actor, reason)
            await store_refund(session, order, refund_id, minor, actor, reason)
            reported = await reported_about(session, order)
            order = (await keep_books(session, order, reported)).order
            await review_tasks(session, order, await parcels_of(session, order.id), None, reported)
        return order, await _refund(session, refund_id)


async def _refund(session: AsyncSession, refund_id: str) -> OrderRefund:
    return await one(session, OrderRefund, select(OrderRefund.__table__).where(OrderRefund.id == refund_id))


def _minor(amount: Decimal, currency: CurrencyCode) -> int:
    """Return an amount in minor units; what is no such amount is refused, never rounded."""
    try:
        return to_minor(amount, currency)
    except NotMinorUnits as problem:
        raise InvalidInput.field("input.amount", problem.code, str(problem)) from None


def _amount(balance: Balance, asked: int | None, currency: CurrencyCode) -> int:
    if balance.received == 0:
        raise IllegalState("Nothing was paid for this order, so nothing can be refunded.")
    if balance.held == 0:
        raise IllegalState("This order was already refunded in full.")
    if asked is not None and asked > balance.held:
        most = to_amount(balance.held, currency)
        raise InvalidInput.field("input.amount", "TOO_LARGE", f"At most {most} can be refunded; send that or less.")
    return balance.held if asked is None else asked
