"""Hears every event of every room, appends an entry for each, and has the router forget answers that it made old."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event, Handler, events_of
from subgraphs.analytics import events as analytics_events
from subgraphs.audit.service.facts import fact_of
from subgraphs.audit.service.log import append
from subgraphs.audit.service.purging import order_purge
from subgraphs.builder import events as builder_events
from subgraphs.order import events as order_events
from subgraphs.user import events as user_events
from subgraphs.webhook import events as webhook_events


async def append_entry(session: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Append the entry of an event; an event that was logged before changes nothing."""
    fact = fact_of(event, envelope)
    await append(session, [fact])
    await order_purge(session, fact.event_id, fact.subject_type, fact.subject_id)


HANDLERS: dict[type[Event], list[Handler]] = {
    kind: [append_entry]
    for kind in events_of(user_events, builder_events, order_events, webhook_events, analytics_events)
}
