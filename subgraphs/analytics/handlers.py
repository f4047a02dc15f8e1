"""Hears every event of every room and stores each as an event of its own."""

from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any, TypeAlias

from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event
from subgraphs.analytics import events as analytics_events
from subgraphs.analytics.service import intake
from subgraphs.analytics.service.privacy import forget_user
from subgraphs.user import events as user_events

Handler: TypeAlias = Callable[[AsyncSession, Any, Envelope], Awaitable[None]]

# Whose doing an event is, by the first of these fields that it has.
SUBJECT_FIELDS = ("customer_id", "owner_id", "user_id")
# Named one by one: what another room adds to an event later is not stored unasked.
KEPT_FIELDS = (
    "order_id",
    "share_id",
    "shipment_id",
    "experiment_id",
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


async def hear_event(session: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Store an event that needs nothing more."""
    await _store(session, event, envelope)


async def hear_user_deleted(session: AsyncSession, event: user_events.UserDeleted, envelope: Envelope) -> None:
    """Forget the person, this event included."""
    if await _store(session, event, envelope):
        await forget_user(session, event.user_id)


async def _store(session: AsyncSession, event: Event, envelope: Envelope) -> bool:
    held = event.model_dump(mode="json")
    kept = {name: held[name] for name in KEPT_FIELDS if held.get(name) is not None}
    return await intake.hear(
        session,
        envelope.id,
        envelope.type,
        envelope.time,
        subject=next((held[name] for name in SUBJECT_FIELDS if held.get(name) is not None), None),
        design_id=held.get("design_id"),
        properties={to_camel(name): value for name, value in kept.items()},
    )


def _events_of(module: ModuleType) -> Iterator[type[Event]]:
    for member in vars(module).values():
        if isinstance(member, type) and issubclass(member, Event) and member is not Event:
            yield member


_ROOMS = (analytics_events, user_events)
HANDLERS: dict[type[Event], list[Handler]] = {
    **{event: [hear_event] for room in _ROOMS for event in _events_of(room)},
    user_events.UserDeleted: [hear_user_deleted],
}
