"""Hears every event of every room, and appends an entry for each."""

from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event
from subgraphs.audit.service.facts import fact_of
from subgraphs.audit.service.log import append
from subgraphs.user import events as user_events
from subgraphs.webhook import events as webhook_events

Handler: TypeAlias = Callable[[AsyncSession, Event, Envelope], Awaitable[None]]


async def append_entry(session: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Append the entry of an event; an event that was logged before changes nothing."""
    await append(session, [fact_of(event, envelope)])


def _events_of(module: ModuleType) -> Iterator[type[Event]]:
    for member in vars(module).values():
        if isinstance(member, type) and issubclass(member, Event) and member is not Event:
            yield member


HANDLERS: dict[type[Event], list[Handler]] = {
    event: [append_entry] for module in (user_events, webhook_events) for event in _events_of(module)
}
