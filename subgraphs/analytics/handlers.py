"""Receives every event of every subgraph: stores each as an event of its own, and learns facts of designs from some."""

from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler, published_events
from subgraphs.analytics.service import design_counters as facts
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.privacy import forget_user
from subgraphs.builder import events as builder_events
from subgraphs.order import events as order_events
from subgraphs.user import events as user_events

# Whose doing an event is, by the first of these fields that it has.
SUBJECT_FIELDS = ("customer_id", "owner_id", "user_id")
# Named one by one: what another subgraph adds to an event later is not stored unasked.
KEPT_FIELDS = (
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
    "amount_minor",
    "currency",
)


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
    """Count the order once for each design that it contains."""
    quantity = sum(line.quantity for line in event.lines)
    if await _store(session, event, envelope, quantity=quantity):
        designs = {line.design_id for line in event.lines if line.design_id is not None}
        await facts.count(session, "orders", dict.fromkeys(designs, 1))


async def on_user_deleted(session: AsyncSession, event: user_events.UserDeleted, envelope: Envelope) -> None:
    """Forget the person, this event included."""
    if await _store(session, event, envelope):
        await forget_user(session, event.user_id)


async def _store(session: AsyncSession, event: Event, envelope: Envelope, **more: object) -> bool:
    held = event.model_dump(mode="json")
    kept = {name: held[name] for name in KEPT_FIELDS if held.get(name) is not None} | more
    return await intake.record_domain_event(
        session,
        envelope.id,
        envelope.type,
        envelope.time,
        subject=next((held[name] for name in SUBJECT_FIELDS if held.get(name) is not None), None),
        design_id=held.get("design_id"),
        properties={to_camel(name): value for name, value in kept.items()},
    )


EVERY_EVENT = tuple(published_events())
HANDLERS: dict[type[Event], list[Handler]] = {
    **{kind: [on_event] for kind in EVERY_EVENT},
    builder_events.DesignCreated: [on_design_created],
    builder_events.DesignShared: [on_design_shared],
    order_events.OrderCreated: [on_order_created],
    user_events.UserDeleted: [on_user_deleted],
}
