"""Receives every event of every subgraph: stores each as an event of its own, and learns facts of designs and orders.

Test orders are not counted: of them, nothing that tells what was bought is stored.
"""

import datetime as dt
from typing import TypeAlias

from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler, published_events
from subgraphs.analytics.service import attribution
from subgraphs.analytics.service import design_counters as facts
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.privacy import forget_user
from subgraphs.analytics.service.subjects import visitor_in
from subgraphs.builder import events as builder_events
from subgraphs.order import events as order_events
from subgraphs.user import events as user_events

# Whose doing an event is, by the first of these fields that it has.
SUBJECT_FIELDS = ("customer_id", "owner_id", "user_id")
# Named one by one: what another subgraph adds to an event later is not stored unasked.
KEPT_FIELDS = (
    "cart_id",
    "order_id",
    "share_id",
    "shipment_id",
    "experiment_id",
    "export_id",
    "key",
    "product",
    "version",
    "previous",
    "status",
    "source",
    "topic",
    "total_minor",
    "previous_total_minor",
    "amount_minor",
    "currency",
)
OLDEST_ORDER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


async def on_event(session: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Store an event that needs nothing more."""
    await _store(session, event, envelope)


async def on_design_created(session: AsyncSession, event: builder_events.DesignCreated, envelope: Envelope) -> None:
    """Note whose the design is."""
    if await _store(session, event, envelope):
        await facts.learn_design(session, event.design_id, event.owner_id, event.product, envelope.time)


async def on_design_shared(session: AsyncSession, event: builder_events.DesignShared, envelope: Envelope) -> None:
    """Count the link."""
    if await _store(session, event, envelope):
        await facts.count(session, "shares", {event.design_id: 1})


async def on_order_created(session: AsyncSession, event: order_events.OrderCreated, envelope: Envelope) -> None:
    """Count the order when it was placed, for its customer and its visitor, and once for each design in it."""
    if event.test:
        return
    quantity, visitor = sum(line.quantity for line in event.lines), visitor_in(event.visitor)
    subject, at = event.customer_id or visitor, _placed_at(event, envelope)
    if await _store(session, event, envelope, at=at, subject=subject, quantity=quantity):
        designs = {line.design_id for line in event.lines if line.design_id is not None}
        await facts.count(session, "orders", dict.fromkeys(designs, 1))
        if visitor is not None:
            await attribution.attribute_order(session, event.order_id, at, visitor)


async def on_order_linked(session: AsyncSession, event: order_events.OrderLinked, envelope: Envelope) -> None:
    """Count the order for the customer that it has now, and no longer for the one before."""
    if not event.test and await _store(session, event, envelope):
        moved = (event.customer_id, event.previous_customer_id)
        await attribution.move_order(session, event.order_id, _placed_at(event, envelope), *moved)


async def on_order_content_changed(
    session: AsyncSession, event: order_events.OrderContentChanged, envelope: Envelope
) -> None:
    """Correct what the order is worth, and which designs are in it."""
    if event.test or not await _store(session, event, envelope):
        return
    edited = {event.previous_currency: -event.previous_total_minor}
    edited[event.currency] = edited.get(event.currency, 0) + event.total_minor
    at = _placed_at(event, envelope)
    await attribution.correct_value(session, envelope.id, event.order_id, at, edited=edited)
    await facts.count(
        session, "orders", dict.fromkeys(event.designs_added, 1) | dict.fromkeys(event.designs_removed, -1)
    )


async def on_order_refunded(session: AsyncSession, event: order_events.OrderRefunded, envelope: Envelope) -> None:
    """Take off what was refunded, when the order was placed."""
    if not event.test and await _store(session, event, envelope):
        refunded, at = {event.currency: -event.amount_minor}, _placed_at(event, envelope)
        await attribution.correct_value(session, envelope.id, event.order_id, at, refunded=refunded)


async def on_order_refund_reduced(
    session: AsyncSession, event: order_events.OrderRefundReduced, envelope: Envelope
) -> None:
    """Count again what was not refunded after all, when the order was placed."""
    if not event.test and await _store(session, event, envelope):
        refunded, at = {event.currency: event.amount_minor}, _placed_at(event, envelope)
        await attribution.correct_value(session, envelope.id, event.order_id, at, refunded=refunded)


async def on_cart(
    session: AsyncSession, event: order_events.CartItemsAdded | order_events.CartCheckedOut, envelope: Envelope
) -> None:
    """Store what became of a cart, for its customer or else its visitor, with the products and the number of pieces."""
    quantity, products = sum(item.quantity for item in event.items), sorted({item.product for item in event.items})
    at = event.placed_at if isinstance(event, order_events.CartCheckedOut) else None
    about = {"quantity": quantity, "products": ", ".join(products)}
    await _store(session, event, envelope, at=at, subject=event.customer_id or visitor_in(event.visitor), **about)


_OfOrder: TypeAlias = (
    order_events.OrderCreated
    | order_events.OrderLinked
    | order_events.OrderContentChanged
    | order_events.OrderRefunded
    | order_events.OrderRefundReduced
)


def _placed_at(event: _OfOrder, envelope: Envelope) -> dt.datetime:
    # A shop's clock may be ahead of ours, or have lost its date.
    return min(max(event.placed_at or envelope.time, OLDEST_ORDER), envelope.time)


async def on_user_deleted(session: AsyncSession, event: user_events.UserDeleted, envelope: Envelope) -> None:
    """Forget the person, this event included."""
    if await _store(session, event, envelope):
        await forget_user(session, event.user_id)


async def _store(
    session: AsyncSession,
    event: Event,
    envelope: Envelope,
    *,
    at: dt.datetime | None = None,
    subject: str | None = None,
    **more: object,
) -> bool:
    held = event.model_dump(mode="json")
    kept = {name: held[name] for name in KEPT_FIELDS if held.get(name) is not None} | more
    return await intake.record_domain_event(
        session,
        envelope.id,
        envelope.type,
        at or envelope.time,
        subject=subject or next((held[name] for name in SUBJECT_FIELDS if held.get(name) is not None), None),
        design_id=held.get("design_id"),
        properties={to_camel(name): value for name, value in kept.items()},
    )


EVERY_EVENT = tuple(published_events())
HANDLERS: dict[type[Event], list[Handler]] = {
    **{kind: [on_event] for kind in EVERY_EVENT},
    builder_events.DesignCreated: [on_design_created],
    builder_events.DesignShared: [on_design_shared],
    order_events.CartItemsAdded: [on_cart],
    order_events.CartCheckedOut: [on_cart],
    order_events.OrderCreated: [on_order_created],
    order_events.OrderLinked: [on_order_linked],
    order_events.OrderContentChanged: [on_order_content_changed],
    order_events.OrderRefunded: [on_order_refunded],
    order_events.OrderRefundReduced: [on_order_refund_reduced],
    user_events.UserDeleted: [on_user_deleted],
}
