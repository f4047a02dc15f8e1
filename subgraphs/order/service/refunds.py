"""Gives money back, whole or in part: exact, and never more than was paid."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, InvalidInput
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one
from shared.graph.money import MINOR_UNIT_DIGITS
from shared.security.auth import Viewer
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.errors import changed_meanwhile
from subgraphs.order.inputs import OrderRefundInput
from subgraphs.order.models import Order, OrderRefund
from subgraphs.order.service.transitions import (
    Actor,
    book_refund,
    change_status,
    checked_reason,
    count_refund,
    locked_order,
)


async def refund_order(database: Database, viewer: Viewer, given: OrderRefundInput) -> tuple[Order, OrderRefund]:
    """Refund a part or all that is left, as staff; returns the order's row and the refund's.

    All that is left also moves the order to REFUNDED. Each refund raises the version. Raises InvalidInput, NotFound,
    VersionConflict, or IllegalState where nothing was paid, nothing is left, or the order cannot be REFUNDED yet.
    """
    checks = Checks()
    idempotency.check_key(checks, given.idempotency_key)
    asked = _minor(checks, given.amount) if given.amount is not None else None
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
            raise changed_meanwhile(order.version)
        minor = _amount(order, asked)
        if minor == order.total_minor - order.refunded_minor:
            order = await change_status(
                session, order, order.version, OrderStatus.REFUNDED, actor, reason, refund_id=refund_id
            )
        else:
            order = await count_refund(session, order, minor, actor, reason)
            await book_refund(session, order, refund_id, minor, actor, reason)
        return order, await _refund(session, refund_id)


async def _refund(session: AsyncSession, refund_id: str) -> OrderRefund:
    return await one(session, OrderRefund, select(OrderRefund.__table__).where(OrderRefund.id == refund_id))


def _minor(checks: Checks, amount: Decimal) -> int:
    """Return an amount in cents or pence; what is no such amount is refused, never rounded."""
    if amount <= 0:
        checks.refuse("amount", "OUT_OF_RANGE", "Send an amount above 0, or leave it out to refund all that is left.")
        return 0
    minor = amount.scaleb(MINOR_UNIT_DIGITS)
    if minor != minor.to_integral_value():
        checks.refuse("amount", "TOO_PRECISE", f"At most {MINOR_UNIT_DIGITS} decimals are allowed.")
    return int(minor)


def _amount(order: Order, asked: int | None) -> int:
    if order.paid_at is None:
        raise IllegalState("Nothing was paid for this order, so nothing can be refunded.")
    left = order.total_minor - order.refunded_minor
    if left == 0:
        raise IllegalState("This order was already refunded in full.")
    if asked is not None and asked > left:
        most = Decimal(left).scaleb(-MINOR_UNIT_DIGITS)
        raise InvalidInput.field("input.amount", "TOO_LARGE", f"At most {most} can be refunded; send that or less.")
    return left if asked is None else asked
