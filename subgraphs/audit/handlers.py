"""Appends an entry for every event of every subgraph, and invalidates the cached answers that it makes stale."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import BatchHandler, Handlers, Received, published_events
from subgraphs.audit.service.cache_purge import order_purges
from subgraphs.audit.service.log import append
from subgraphs.audit.service.redaction import fact_of


async def append_entries(session: AsyncSession, received: Sequence[Received]) -> None:
    """Append the entries of events; one that was logged before changes nothing."""
    facts = [fact_of(event, envelope) for event, envelope in received]
    await append(session, facts)
    await order_purges(session, facts)


HANDLERS: Handlers = dict.fromkeys(published_events(), BatchHandler(append_entries))
