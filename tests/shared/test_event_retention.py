"""How long events are kept: in the outbox once they are published, in the inbox once they are handled."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy import func, select, update

from shared.core.settings import Settings
from shared.events.inbox import INBOX, INBOX_RETENTION_DAYS
from shared.events.outbox import OUTBOX, RETENTION
from tests.support.events import Subgraph, expect, running, subgraph
from tests.support.waiting import eventually


@pytest_asyncio.fixture
async def bus(settings: Settings) -> AsyncIterator[Subgraph]:
    async with subgraph(settings) as made:
        yield made


async def test_old_events_are_forgotten_once_they_are_published_and_handled(bus: Subgraph) -> None:
    async with running(bus.relay(), bus.consumer()):
        await bus.note("a", 0, 1)
        await expect(bus, {"a": [0, 1]})
        await eventually(lambda: is_published(bus))
    margin = dt.timedelta(hours=1)
    first = select(func.min(OUTBOX.c.id)).scalar_subquery()
    earliest = select(func.min(INBOX.c.event_id)).scalar_subquery()
    async with bus.database.write() as session:
        await session.execute(
            update(OUTBOX).where(OUTBOX.c.id == first).values(occurred_at=func.now() - RETENTION - margin)
        )
        old = dt.timedelta(days=INBOX_RETENTION_DAYS) + margin
        await session.execute(update(INBOX).where(INBOX.c.event_id == earliest).values(received_at=func.now() - old))
    assert (await bus.count(select(func.count()).select_from(OUTBOX)), await bus.received()) == (2, 2)

    async def forgotten() -> bool:
        return (await bus.count(select(func.count()).select_from(OUTBOX)), await bus.received()) == (1, 1)

    async with running(bus.relay(), bus.consumer()):
        await eventually(forgotten)
    assert await bus.effects() == {"a": [0, 1]}


async def is_published(bus: Subgraph) -> bool:
    return await bus.unpublished() == 0
