"""Changes the status of orders: compare and set on the version, one timeline row and the events in one commit."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.after_commit import notify_after_commit
from shared.database.rows import one, one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderSource, OrderStatus
from subgraphs.order.errors import changed_meanwhile, unknown_order
from subgraphs.order.events import OrderCancelled, OrderDelivered, OrderShipped, OrderStatusChanged
from subgraphs.order.inputs import LONGEST_REASON
from subgraphs.order.models import CURRENT_XID, Order, OrderTimeline, Shipment
from subgraphs.order.service.cancellation import after_cancellation
from subgraphs.order.service.job_types import FULFILLED, FULFILLMENT, NOTIFICATION, PAYMENT_CLOSING
from subgraphs.order.service.ledger import balance_of
from subgraphs.order.service.reported_status import NOTHING_REPORTED
from subgraphs.order.service.status_feed import CHANNEL


@dataclass(frozen=True)
class Actor:
    """Who causes a change: a kind of party, and a user's id where there is a user."""

    kind: ActorKind
    id: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM)


async def change_status(
    session: AsyncSession,
    order: Order,
    version: int,
    to: OrderStatus,
    actor: Actor,
    reason: str | None,
    *,
    delivery_id: str | None = None,
    held_for: str | None = None,
    at: dt.datetime | None = None,
    corrects: bool = False,
    is_reported: bool = False,
) -> Order:
    """Move `order`, a row just read, within the session's transaction and return the changed row.

    `version` is what the caller has seen. Raises VersionConflict when it is not the present one, and IllegalState.
    `delivery_id` is the webhook that caused it, `held_for` the dispute that it is put on hold for, and `at` when it
    happened, where that is known from outside; what a sender dates in the future happens now. It `corrects` where an
    order is taken back from what was reported before. What is not `is_reported` was decided: the order remembers it.
    The subscribers of the feed are notified once the transaction has committed.
    """
    if order.version != version:
        raise changed_meanwhile(order)
    now = situation_of(order)
    refused = None if corrects else status.refusal(now, to, actor.kind)
    if refused is not None:
        raise IllegalState(refused)
    then = status.after(now, to)
    changed_at, happened_at = dt.datetime.now(dt.UTC), moment(at)
    paid_at = happened_at if then.is_paid and not now.is_paid else order.paid_at
    statement = (
        update(Order)
        .where(Order.id == order.id, Order.version == version)
        .values(
            status=then.status,
            held_from=then.held_from,
            held_for=held_for,
            paid_at=None if to is OrderStatus.PENDING and corrects else paid_at,
            version=version + 1,
            changed_at=changed_at,
            **_decided(order, then, is_reported=is_reported),
        )
        .returning(*Order.__table__.columns)
    )
    changed = await one_or_none(session, Order, statement)
    if changed is None:
        present = await one_or_none(session, Order, select(Order.__table__).where(Order.id == order.id))
        raise changed_meanwhile(present or order)
    await _append_entry(session, changed, now.status, actor, reason, delivery_id, happened_at)
    await record(session, *await _events(session, changed, now.status))
    await NOTIFICATION.enqueue(session, {"order_id": order.id, "version": changed.version})
    if to in FULFILLED and not order.test:
        await FULFILLMENT.enqueue(session, {"order_id": order.id})
    if to is OrderStatus.CANCELLED:
        await after_cancellation(session, changed)
    elif to is OrderStatus.PAID and order.source is OrderSource.ALL_PET_PLUS:
        # It may have been paid in another way than by the payment that was begun.
        await PAYMENT_CLOSING.enqueue(session, {"order_id": order.id})
    return changed


def _decided(order: Order, then: status.Situation, *, is_reported: bool) -> dict[str, object]:
    """Return the columns that remember a decision. REFUNDED is none: it follows from the ledger."""
    if is_reported or then.status is OrderStatus.REFUNDED:
        return {}
    return {
        "decided_status": then.status,
        "decided_held_from": then.held_from,
        "decided_reported": order.reported or NOTHING_REPORTED,
    }


def moment(at: dt.datetime | None) -> dt.datetime:
    """Return when something happened: as a sender dates it, but not later than now."""
    now = dt.datetime.now(dt.UTC)
    return now if at is None else min(at, now)


async def count_refund(
    session: AsyncSession,
    order: Order,
    actor: Actor,
    reason: str | None,
    *,
    delivery_id: str | None = None,
    at: dt.datetime | None = None,
) -> Order:
    """Give `order`, a locked row, a new version because money went back, and return the changed row.

    So a second request that is based on the same version is refused. The timeline has it as an entry without another
    status.
    """
    return await _count(session, order, actor, reason, delivery_id, at)


async def count_parcel(
    session: AsyncSession,
    order: Order,
    shipment_id: str,
    actor: Actor,
    *,
    delivery_id: str | None = None,
    at: dt.datetime | None = None,
) -> Order:
    """Give `order`, a locked row, a new version because a parcel left that changes no status, and return the changed
    row. A parcel is counted once, so that the customer is told of it once.
    """
    entries = select(OrderTimeline.id).where(OrderTimeline.order_id == order.id)
    if await session.scalar(entries.where(OrderTimeline.shipment_id == shipment_id).limit(1)) is not None:
        return order
    return await _count(session, order, actor, None, delivery_id, at, shipment_id)


async def _count(
    session: AsyncSession,
    order: Order,
    actor: Actor,
    reason: str | None,
    delivery_id: str | None,
    at: dt.datetime | None,
    shipment_id: str | None = None,
) -> Order:
    counted = update(Order).where(Order.id == order.id).values(version=order.version + 1)
    changed = await one(session, Order, counted.returning(*Order.__table__.columns))
    await _append_entry(session, changed, order.status, actor, reason, delivery_id, moment(at), shipment_id)
    await NOTIFICATION.enqueue(session, {"order_id": order.id, "version": changed.version})
    return changed


async def _append_entry(
    session: AsyncSession,
    changed: Order,
    previous: OrderStatus,
    actor: Actor,
    reason: str | None,
    delivery_id: str | None,
    at: dt.datetime,
    shipment_id: str | None = None,
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
        "shipment_id": shipment_id,
        "xid": func.greatest(literal_column(CURRENT_XID), _xid_of(changed.id, changed.version - 1)),
    }
    await session.execute(insert(OrderTimeline).values(entry))
    notify_after_commit(session, CHANNEL, changed.id)


def situation_of(order: Order) -> status.Situation:
    """Return what decides about an order's next status, read from its row."""
    return status.Situation(
        order.status,
        is_paid=order.paid_at is not None,
        is_repaid=order.status is OrderStatus.REFUNDED or balance_of(order).is_repaid,
        held_from=order.held_from,
    )


def _xid_of(order_id: str, version: int) -> ScalarSelect[int]:
    of_order = (OrderTimeline.order_id == order_id, OrderTimeline.version == version)
    return select(OrderTimeline.xid).where(*of_order).scalar_subquery()


async def locked_order(session: AsyncSession, order_id: str) -> Order:
    """Return an order's row, which stays as it is until the transaction ends; raises NotFound.

    Who locks it is about to change something of it: those who follow it look once the transaction has committed.
    """
    statement = select(Order.__table__).where(Order.id == order_id).with_for_update()
    order = await one_or_none(session, Order, statement)
    if order is None:
        raise unknown_order()
    notify_after_commit(session, CHANNEL, order_id)
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
        newest = select(Shipment.id).where(Shipment.order_id == order.id, ~Shipment.withdrawn)
        newest = newest.order_by(Shipment.id.desc()).limit(1)
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
