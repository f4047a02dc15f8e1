"""What somebody decides about an order: a change of its status with all that follows for its money and its tasks."""

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one
from shared.security.auth import MONEY_AGE, Viewer
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus, OrderTaskKind
from subgraphs.order.errors import unknown_order
from subgraphs.order.inputs import MOST_MOVED, OrderCancelInput, OrdersStatusAdvanceInput, OrderStatusAdvanceInput
from subgraphs.order.loaders import WRITE
from subgraphs.order.models import Order, OrderRefund, Shipment
from subgraphs.order.service.bookkeeping import keep_books, reported_about
from subgraphs.order.service.job_types import REFUND_SENDING
from subgraphs.order.service.ledger import balance_of
from subgraphs.order.service.parcel_status import parcels_of, shown_by
from subgraphs.order.service.tasks import open_task, review_tasks
from subgraphs.order.service.transitions import Actor, change_status, checked_reason, locked_order, situation_of

_SHOWN_IN_TASKS = status.LEFT | {OrderStatus.CANCELLED, OrderStatus.REFUNDED}


async def advance_status(database: Database, viewer: Viewer, given: OrderStatusAdvanceInput) -> Order:
    """Move an order as staff and return its row.

    Raises InvalidInput, NotFound, VersionConflict, IllegalState, or AuthenticationTooOld where that pays money back.
    """
    if given.to is OrderStatus.REFUNDED:
        viewer.check_recent(MONEY_AGE)
    reason = checked_reason(given.reason)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        actor = Actor(ActorKind.STAFF, viewer.id)
        return await decide(session, order, given.version, given.to, actor, reason)


def check_batch(viewer: Viewer, given: OrdersStatusAdvanceInput) -> list[OrderStatusAdvanceInput]:
    """Return what to ask of each of several orders; raises InvalidInput, or AuthenticationTooOld where that pays money
    back."""
    checks = Checks()
    if not 1 <= len(given.orders) <= MOST_MOVED:
        checks.refuse("orders", "OUT_OF_RANGE", f"Send 1 to {MOST_MOVED} orders.")
    if len({each.id for each in given.orders}) < len(given.orders):
        checks.refuse("orders", "REPEATED", "Send each order once.")
    checks.raise_if_any()
    checked_reason(given.reason)
    if given.to is OrderStatus.REFUNDED:
        viewer.check_recent(MONEY_AGE)
    return [
        OrderStatusAdvanceInput(order_id=each.id, version=each.version, to=given.to, reason=given.reason)
        for each in given.orders
    ]


async def cancel_order(database: Database, viewer: Viewer, given: OrderCancelInput) -> Order:
    """Cancel an order as its customer or as staff and return its row. Of one that has left in part, staff cancel the
    rest.

    Raises InvalidInput, NotFound (also for somebody else's order), VersionConflict, or IllegalState when it is too
    late for this caller.
    """
    reason = checked_reason(given.reason)
    async with database.write() as session:
        order = await locked_order(session, given.order_id)
        if not viewer.can_access(order.customer_id, WRITE):
            raise unknown_order()
        kind = ActorKind.STAFF if viewer.has_scope(WRITE) else ActorKind.CUSTOMER
        actor = Actor(kind, viewer.id)
        if kind is ActorKind.STAFF and order.status is OrderStatus.PARTIALLY_SHIPPED:
            return await _cancel_rest(session, order, given.version, actor, reason)
        return await decide(session, order, given.version, OrderStatus.CANCELLED, actor, reason)


async def _cancel_rest(session: AsyncSession, order: Order, version: int, actor: Actor, reason: str | None) -> Order:
    """End an order with what has left of it, and have staff decide what of its price goes back."""
    why = "The rest of the order is cancelled." + (f" {reason}" if reason else "")
    parcels = await parcels_of(session, order.id)
    steps = shown_by(parcels, None, nothing_follows=True) or (OrderStatus.SHIPPED,)
    for to in steps:
        if status.refusal(situation_of(order), to, actor.kind) is None:
            order = await change_status(session, order, version, to, actor, why)
            version = order.version
    changed = update(Order).where(Order.id == order.id).values(rest_cancelled_at=func.now())
    order = await one(session, Order, changed.returning(*Order.__table__.columns))
    await open_task(session, order, OrderTaskKind.REST_CANCELLED)
    await review_tasks(session, order, parcels)
    return order


async def decide(
    session: AsyncSession,
    order: Order,
    version: int,
    to: OrderStatus,
    actor: Actor,
    reason: str | None,
    *,
    refund_id: str | None = None,
) -> Order:
    """Move `order`, whose row is locked, because somebody decided so, with all that follows for its money and tasks.

    REFUNDED refunds all that is held, as `refund_id` where the caller has an id for it. Raises as `change_status`.
    """
    previous, balance = order.status, balance_of(order)
    order = await change_status(session, order, version, to, actor, reason)
    if to is OrderStatus.IN_PRODUCTION and previous in status.LEFT:
        made_again = update(Shipment).where(Shipment.order_id == order.id, ~Shipment.withdrawn)
        await session.execute(made_again.values(superseded=True))
    if to is OrderStatus.PAID and previous is OrderStatus.PENDING:
        recorded = update(Order).where(Order.id == order.id).values(recorded_minor=order.total_minor)
        order = await one(session, Order, recorded.returning(*Order.__table__.columns))
    if to is OrderStatus.REFUNDED and balance.held:
        await store_refund(session, order, refund_id or new_id("rfd"), balance.held, actor, reason)
    reported = None
    if to in (OrderStatus.PAID, OrderStatus.REFUNDED):
        reported = await reported_about(session, order)
        order = (await keep_books(session, order, reported)).order
    if {previous, to} & _SHOWN_IN_TASKS:
        await review_tasks(session, order, await parcels_of(session, order.id), None, reported)
    return order


async def store_refund(
    session: AsyncSession, order: Order, refund_id: str, minor: int, actor: Actor, reason: str | None
) -> None:
    """Store a refund that is decided here and have it made; the books are the caller's to keep."""
    row = {
        "id": refund_id,
        "order_id": order.id,
        "currency": order.currency,
        "amount_minor": minor,
        "reason": reason,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
    }
    await session.execute(insert(OrderRefund).values(row))
    await REFUND_SENDING.enqueue(session, {"refund_id": refund_id})
