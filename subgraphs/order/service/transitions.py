"""Changes the status of orders: compare and set on the version, one timeline row and the events in one commit."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from shared.security.auth import MONEY_AGE, Viewer
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.errors import changed_meanwhile, unknown_order
from subgraphs.order.events import OrderCancelled, OrderDelivered, OrderRefunded, OrderShipped, OrderStatusChanged
from subgraphs.order.inputs import LONGEST_REASON, OrderCancelInput, OrderStatusAdvanceInput
from subgraphs.order.models import CURRENT_XID, Order, OrderRefund, OrderTimeline, Shipment
from subgraphs.order.service.job_types import FULFILLED, FULFILLMENT, NOTIFICATION
from subgraphs.order.service.status_feed import CHANNEL

WRITE = "orders:write"


@dataclass(frozen=True)
class Actor:
    """Who causes a change: a kind of party, and a user's id where there is a user."""

    kind: ActorKind
    id: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM)


async def advance_status(database: Database, viewer: Viewer, given: OrderStatusAdvanceInput) -> Order:
    """Move an order as staff and return its row.

    Raises InvalidInput, NotFound, VersionConflict, IllegalState, or AuthenticationTooOld where that pays money back.
    """
    if given.to is OrderStatus.REFUNDED:
        viewer.check_recent(MONEY_AGE)
    reason = checked_reason(given.reason)
    async with database.write() as session:
        order = await _order(session, given.order_id)
        actor = Actor(ActorKind.STAFF, viewer.id)
        return await change_status(session, order, given.version, given.to, actor, reason)


async def cancel_order(database: Database, viewer: Viewer, given: OrderCancelInput) -> Order:
    """Cancel an order as its customer or as staff and return its row.

    Raises InvalidInput, NotFound (also for somebody else's order), VersionConflict, or IllegalState when it is too
    late for this caller.
    """
    reason = checked_reason(given.reason)
    async with database.write() as session:
        order = await _order(session, given.order_id)
        if not viewer.can_access(order.customer_id, WRITE):
            raise unknown_order()
        kind = ActorKind.STAFF if viewer.has_scope(WRITE) else ActorKind.CUSTOMER
        actor = Actor(kind, viewer.id)
        return await change_status(session, order, given.version, OrderStatus.CANCELLED, actor, reason)


async def change_status(
    session: AsyncSession,
    order: Order,
    version: int,
    to: OrderStatus,
    actor: Actor,
    reason: str | None,
    *,
    refund_id: str | None = None,
    delivery_id: str | None = None,
    held_for: str | None = None,
) -> Order:
    """Move `order`, a row just read, within the session's transaction and return the changed row.

    `version` is what the caller has seen. Raises VersionConflict when it is not the present one, and IllegalState.
    REFUNDED books the refund of all that was not yet given back, as `refund_id` where the caller has an id for it.
    `delivery_id` is the webhook that caused it, `held_for` the dispute that it is put on hold for.
    The subscribers of the feed are notified once the transaction has committed.
    """
    if order.version != version:
        raise changed_meanwhile(order.version)
    now = situation_of(order)
    refused = status.refusal(now, to, actor.kind)
    if refused is not None:
        raise IllegalState(refused)
    then = status.after(now, to)
    at = dt.datetime.now(dt.UTC)
    statement = (
        update(Order)
        .where(Order.id == order.id, Order.version == version, Order.refunded_minor == order.refunded_minor)
        .values(
            status=then.status,
            held_from=then.held_from,
            held_for=held_for,
            paid_at=at if then.is_paid and not now.is_paid else order.paid_at,
            refunded_minor=order.total_minor if to is OrderStatus.REFUNDED else Order.refunded_minor,
            version=version + 1,
            changed_at=at,
        )
        .returning(*Order.__table__.columns)
    )
    changed = await one_or_none(session, Order, statement)
    if changed is None:
        raise changed_meanwhile(await session.scalar(select(Order.version).where(Order.id == order.id)) or version)
    await _append_entry(session, changed, now.status, actor, reason, delivery_id, at)
    await record(session, *await _events(session, changed, now.status))
    if changed.refunded_minor > order.refunded_minor:
        rest = changed.refunded_minor - order.refunded_minor
        await book_refund(session, changed, refund_id or new_id("rfd"), rest, actor, reason)
    await NOTIFICATION.enqueue(session, {"order_id": order.id, "version": changed.version})
    if to in FULFILLED:
        await FULFILLMENT.enqueue(session, {"order_id": order.id})
    return changed


async def count_refund(
    session: AsyncSession, order: Order, minor: int, actor: Actor, reason: str | None, *, delivery_id: str | None = None
) -> Order:
    """Add a partial refund to what `order`, a locked row, has given back, and return the changed row.

    It raises the version, so that a second request which is based on the same version is refused. The timeline has it
    as an entry without another status.
    """
    statement = (
        update(Order)
        .where(Order.id == order.id)
        .values(refunded_minor=Order.refunded_minor + minor, version=order.version + 1)
        .returning(*Order.__table__.columns)
    )
    changed = await one(session, Order, statement)
    await _append_entry(session, changed, order.status, actor, reason, delivery_id, dt.datetime.now(dt.UTC))
    return changed


async def _append_entry(
    session: AsyncSession,
    changed: Order,
    previous: OrderStatus,
    actor: Actor,
    reason: str | None,
    delivery_id: str | None,
    at: dt.datetime,
) -> None:
    """Add the timeline row of an order's new version, and notify its subscribers once that has committed."""
    entry = {
        "id": new_id("otl"),
        "order_id": changed.id,
        "version": changed.version,
        "status": changed.status,
        "previous": previous,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "reason": reason,
        "at": at,
        "delivery_id": delivery_id,
        "xid": func.greatest(literal_column(CURRENT_XID), _xid_of(changed.id, changed.version - 1)),
    }
    await session.execute(insert(OrderTimeline).values(entry))
    notify_after_commit(session, CHANNEL, changed.id)


async def book_refund(
    session: AsyncSession, order: Order, refund_id: str, minor: int, actor: Actor, reason: str | None
) -> None:
    """Store and publish a refund whose amount `order`, the row just changed, already counts."""
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
    event = OrderRefunded(
        order_id=order.id,
        refund_id=refund_id,
        amount_minor=minor,
        refunded_minor=order.refunded_minor,
        currency=order.currency.value,
    )
    await record(session, event)


def situation_of(order: Order) -> status.Situation:
    """Return what decides about an order's next status, read from its row."""
    return status.Situation(
        order.status,
        is_paid=order.paid_at is not None,
        is_repaid=order.status is OrderStatus.REFUNDED or 0 < order.refunded_minor == order.total_minor,
        held_from=order.held_from,
    )


def _xid_of(order_id: str, version: int) -> ScalarSelect[int]:
    of_order = (OrderTimeline.order_id == order_id, OrderTimeline.version == version)
    return select(OrderTimeline.xid).where(*of_order).scalar_subquery()


async def locked_order(session: AsyncSession, order_id: str) -> Order:
    """Return an order's row, which stays as it is until the transaction ends; raises NotFound."""
    statement = select(Order.__table__).where(Order.id == order_id).with_for_update()
    order = await one_or_none(session, Order, statement)
    if order is None:
        raise unknown_order()
    return order


async def _order(session: AsyncSession, order_id: str) -> Order:
    order = await one_or_none(session, Order, select(Order.__table__).where(Order.id == order_id))
    if order is None:
        raise unknown_order()
    return order


async def _events(session: AsyncSession, order: Order, previous: OrderStatus) -> list[Event]:
    events: list[Event] = [
        OrderStatusChanged(
            order_id=order.id,
            customer_id=order.customer_id,
            version=order.version,
            previous=previous.value,
            status=order.status.value,
        )
    ]
    if order.status in (OrderStatus.SHIPPED, OrderStatus.PARTIALLY_SHIPPED):
        newest = select(Shipment.id).where(Shipment.order_id == order.id).order_by(Shipment.id.desc()).limit(1)
        events.append(OrderShipped(order_id=order.id, shipment_id=await session.scalar(newest)))
    elif order.status is OrderStatus.DELIVERED:
        events.append(OrderDelivered(order_id=order.id))
    elif order.status is OrderStatus.CANCELLED:
        events.append(OrderCancelled(order_id=order.id))
    return events


def checked_reason(reason: str | None) -> str | None:
    """Return a reason trimmed, None for an empty one; raises InvalidInput."""
    checks = Checks()
    text = checks.text("reason", reason, shortest=0, longest=LONGEST_REASON) if reason is not None else None
    checks.raise_if_any()
    return text or None
