"""Measures the event bus: outbox to effect, beside the same broker and database driven by a bare loop.

Run `python -m benchmarks.events [EVENTS]`; it starts servers of its own in a temporary directory.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, cast

import structlog
from rich.console import Console
from sqlalchemy import func, insert, select, text

from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.settings import Settings
from shared.events.broker import Broker, Entry
from shared.events.outbox import record
from shared.workers import CONSUMERS
from tests.support.events import EFFECT, Subgraph, ThingNoted, running, subgraph

AGGREGATES = 500
BATCH = 500
IDLE_EVENTS = 300
WARM_UP = 20
ROUNDS = 3
PAUSE_SECONDS = 0.02


async def bare(bus: Subgraph, events: int) -> float:
    """XADD, XREADGROUP, INSERT, XACK, in batches of the bus's size, with one statement an event."""
    stream, group, body = "bare", "bare", b"x" * 300
    await bus.redis.xgroup_create(stream, group, id="0", mkstream=True)
    started = time.perf_counter()
    for begin in range(0, events, BATCH):
        async with bus.redis.pipeline(transaction=False) as pipeline:
            for number in range(begin, begin + BATCH):
                pipeline.xadd(stream, {"number": number, "event": body})
            await pipeline.execute()
        [[_, entries]] = cast("Any", await bus.redis.xreadgroup(group, group, {stream: ">"}, count=BATCH))
        async with bus.database.write() as session:
            for _, fields in entries:
                await session.execute(insert(EFFECT).values(thing="bare", number=int(fields[b"number"])))
        await bus.redis.xack(stream, group, *(number for number, _ in entries))
    await bus.redis.delete(stream)
    return events / (time.perf_counter() - started)


async def through_the_bus(bus: Subgraph, events: int) -> float:
    """From a full outbox to all effects."""
    before = await effects(bus)
    for begin in range(0, events, BATCH):
        async with bus.database.write() as session:
            numbers = range(begin, begin + BATCH)
            await record(session, *(ThingNoted(thing=f"thing{n % AGGREGATES}", number=n) for n in numbers))
    started = time.perf_counter()
    async with running(bus.relay(), *(bus.consumer() for _ in range(CONSUMERS))):
        while await effects(bus) < before + events:  # noqa: ASYNC110 (it looks into the database)
            await asyncio.sleep(0.02)
        return events / (time.perf_counter() - started)


async def effects(bus: Subgraph) -> int:
    return await bus.count(select(func.count()).select_from(EFFECT).where(EFFECT.c.thing != "bare"))


async def idle_latency(bus: Subgraph) -> list[float]:
    """Milliseconds from the return of a commit to the return of the effect's commit, one event at a time."""
    seen = asyncio.Event()

    class WatchedBroker(Broker):
        async def acknowledge(self, group: str, entries: Iterable[Entry]) -> None:
            seen.set()
            await super().acknowledge(group, entries)

    async with running(bus.relay(), bus.consumer(broker=WatchedBroker(bus.redis))):
        took = []
        for number in range(IDLE_EVENTS):
            seen.clear()
            await bus.note("idle", number)
            committed = time.perf_counter()
            await seen.wait()
            took.append((time.perf_counter() - committed) * 1000)
            await asyncio.sleep(PAUSE_SECONDS)
    return took[WARM_UP:]


async def repeated(work: Callable[[], Awaitable[object]]) -> list[float]:
    """Milliseconds of some work, one run at a time."""
    took = []
    for _ in range(IDLE_EVENTS):
        started = time.perf_counter()
        await work()
        took.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSE_SECONDS)
    return took


async def measure(home: Path, events: int, console: Console) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    await postgres.start()
    await valkey.start()
    try:
        settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
        async with subgraph(settings) as bus:
            await report(bus, events, console)
    finally:
        await valkey.stop()
        await postgres.stop()


async def report(bus: Subgraph, events: int, console: Console) -> None:
    for _ in range(ROUNDS):
        console.print(f"bare loop        {await bare(bus, events):8.0f} events/s")
        console.print(f"outbox to effect {await through_the_bus(bus, events):8.0f} events/s")

    async def commit() -> None:
        async with bus.database.write() as session:
            await session.execute(text("UPDATE effect SET number = number WHERE id = 1"))

    pubsub: Any = bus.redis.pubsub()
    await pubsub.subscribe("hop")
    await pubsub.get_message(timeout=1)

    async def hop() -> None:
        await bus.redis.publish("hop", b"1")
        await pubsub.get_message(timeout=1)

    for name, took in (
        ("publish-subscribe hop", await repeated(hop)),
        ("commit", await repeated(commit)),
        ("commit to effect", await idle_latency(bus)),
    ):
        ordered = sorted(took)
        p99 = ordered[int(len(ordered) * 0.99)]
        console.print(f"{name:22} p50 {statistics.median(took):6.2f} ms   p99 {p99:6.2f} ms")
    await pubsub.aclose()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(measure(Path(directory), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, Console()))
