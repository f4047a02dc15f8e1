"""A tiny subgraph that hears itself: an outbox, an inbox, and a table of effects, in a schema of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import BigInteger, Column, Identity, Integer, Table, Text, func, insert, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.backoff import Backoff
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.database.database import Database, create_engine
from shared.events.broker import Broker
from shared.events.consumer import Consumer
from shared.events.event import Envelope, Event, Handlers, Received
from shared.events.inbox import DEAD_LETTER, INBOX, Inbox
from shared.events.outbox import OUTBOX, RECORDED, record, subgraph_metadata
from shared.events.relay import Relay
from shared.events.wakeup import Wakeup
from tests.support.waiting import eventually

METADATA = subgraph_metadata()
EFFECT = Table(
    "effect",
    METADATA,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("thing", Text, nullable=False),
    Column("number", Integer, nullable=False),
)


class ThingNoted(Event, type="test.noted", aggregate="thing"):
    """Something was noted about a thing."""

    thing: str
    number: int


class ThingIgnored(Event, type="test.ignored", aggregate="thing"):
    """Something that no handler wants."""

    thing: str


@dataclass
class Subgraph:
    """The subgraph's parts, and switches to make its handler fail."""

    name: str
    database: Database
    redis: "Redis"
    broken: set[tuple[str, int]] = field(default_factory=set)
    calls: int = 0

    @property
    def broker(self) -> Broker:
        return Broker(self.redis)

    async def handle(self, session: AsyncSession, event: ThingNoted, envelope: Envelope) -> None:
        """Write the event's effect."""
        self.calls += 1
        await session.execute(insert(EFFECT).values(thing=event.thing, number=event.number))
        if (event.thing, event.number) in self.broken:
            raise ValueError(f"{event.thing} {event.number} is broken")

    def relay(self) -> Relay:
        return Relay(self.name, self.database, self.broker, Wakeup(self.redis, self.name))

    async def handle_together(self, session: AsyncSession, received: Sequence[Received]) -> None:
        """Write the effects of several events."""
        for event, envelope in received:
            await self.handle(session, event, envelope)

    def inbox(self, attempts: int = 3, handlers: Handlers | None = None) -> Inbox:
        quick = Backoff(first=0.01, longest=0.02)
        return Inbox(self.name, handlers or {ThingNoted: [self.handle]}, attempts=attempts, retries=quick)

    def consumer(self, inbox: Inbox | None = None, broker: Broker | None = None) -> Consumer:
        return Consumer(self.name, self.database, broker or self.broker, inbox or self.inbox())

    async def note(self, thing: str, *numbers: int) -> None:
        """Commit events of one thing, a transaction each."""
        for number in numbers:
            async with self.database.write() as session:
                await record(session, ThingNoted(thing=thing, number=number))

    async def effects(self) -> dict[str, list[int]]:
        """Return the numbers of each thing in the order in which they had their effects."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(EFFECT).order_by(EFFECT.c.id))
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(row.thing, []).append(row.number)
        return found

    async def count(self, statement: Any) -> int:
        async with self.database.read() as connection:
            return int(await connection.scalar(statement) or 0)

    async def unpublished(self) -> int:
        return await self.count(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.published_at.is_(None)))

    async def parked(self) -> list[tuple[str, int, int, bool]]:
        """Return thing, number, attempts and whether it is dead, for every parked event in order."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(DEAD_LETTER).order_by(DEAD_LETTER.c.id))
        return [(row.subject, row.envelope["data"]["number"], row.attempts, row.retry_at is None) for row in rows]

    async def received(self) -> int:
        return await self.count(select(func.count()).select_from(INBOX))


@asynccontextmanager
async def subgraph(settings: Settings, redis_url: str | None = None) -> AsyncIterator[Subgraph]:
    """Make the subgraph with tables of its own and an empty broker; the tables are dropped at the end."""
    name = new_id("bus")
    database = Database(create_engine(make_url(settings.database_url_of(name)), name, pool_size=10))
    redis = Redis.from_url(redis_url or settings.required_redis_url, retry=Retry(NoBackoff(), 0))
    await redis.flushdb()
    async with database.engine.begin() as connection:
        await connection.execute(text(f'CREATE SCHEMA "{name}"'))
        await connection.run_sync(METADATA.create_all)
    try:
        async with Wakeup.open(redis, name) as wakeup:
            database.hooks[RECORDED] = wakeup.signal
            yield Subgraph(name, database, redis)
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        await database.close()
        await redis.aclose()


@asynccontextmanager
async def running(*loops: Relay | Consumer) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run relays and consumers; yields their tasks, to be ended by `shared.core.tasks.stop`."""
    tasks = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        yield tasks
    finally:
        await stop(tasks)


async def expect(bus: Subgraph, effects: dict[str, list[int]]) -> None:
    """Wait for the number of effects, then compare them exactly."""
    total = sum(map(len, effects.values()))

    async def enough() -> bool:
        return sum(map(len, (await bus.effects()).values())) >= total

    await eventually(enough)
    assert await bus.effects() == effects
