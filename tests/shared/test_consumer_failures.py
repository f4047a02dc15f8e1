"""The bus when something fails: handlers, the broker, the database's connections."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from prometheus_client import REGISTRY
from redis.asyncio import Redis
from sqlalchemy import text

from petplus.local.embedded import EmbeddedValkey
from shared.core.settings import Settings
from shared.events import inbox
from shared.events.broker import PARTITIONS, partition_of
from shared.events.event import BatchHandler, Handlers
from shared.events.outbox import OUTBOX
from tests.support.events import Subgraph, ThingNoted, expect, running, subgraph
from tests.support.waiting import eventually


@pytest_asyncio.fixture(name="bus")
async def bus_fixture(settings: Settings) -> AsyncIterator[Subgraph]:
    async with subgraph(settings) as made:
        yield made


async def event_id(bus: Subgraph, thing: str, number: int) -> str:
    """Return the id of an event in the outbox."""
    chosen = (OUTBOX.c.subject == thing) & (OUTBOX.c.data["number"].as_integer() == number)
    async with bus.database.read() as connection:
        return str(await connection.scalar(OUTBOX.select().with_only_columns(OUTBOX.c.event_id).where(chosen)))


async def expect_parked(bus: Subgraph, parked: list[tuple[str, int, int, bool]]) -> None:
    """Wait until exactly these events are parked: thing, number, attempts, dead."""

    async def reached() -> bool:
        return await bus.parked() == parked

    try:
        await eventually(reached)
    except TimeoutError:
        assert await bus.parked() == parked


async def test_a_handler_that_recovers_has_its_effect_once(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 0, 1, 2)
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=50))):
        await expect(bus, {"a": [0]})
        bus.broken.clear()
        await expect(bus, {"a": [0, 1, 2]})
    assert await bus.parked() == []
    assert await bus.received() == 3


async def test_a_dead_letter_parks_its_aggregate_and_replay_heals_it_in_order(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    async with running(bus.relay(), bus.consumer()):
        await bus.note("a", 0, 1, 2)
        await bus.note("b", 0, 1, 2)
        await expect_parked(bus, [("a", 1, 3, True), ("a", 2, 0, False)])
        await bus.note("a", 3)
        await bus.note("b", 3)
        await expect(bus, {"a": [0], "b": [0, 1, 2, 3]})
        await expect_parked(bus, [("a", 1, 3, True), ("a", 2, 0, False), ("a", 3, 0, False)])
        bus.broken.clear()
        assert await inbox.replay(bus.database, await event_id(bus, "a", 1))
        await expect(bus, {"a": [0, 1, 2, 3], "b": [0, 1, 2, 3]})
        await bus.note("a", 4)
        await expect(bus, {"a": [0, 1, 2, 3, 4], "b": [0, 1, 2, 3]})
    assert await bus.parked() == []


async def test_of_events_handled_together_the_one_that_fails_is_parked(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 0, 1, 2)
    await bus.note("b", 0, 1, 2)
    handlers: Handlers = {ThingNoted: BatchHandler(bus.handle_together)}
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=1, handlers=handlers))):
        await expect_parked(bus, [("a", 1, 1, True), ("a", 2, 0, False)])
        await expect(bus, {"a": [0], "b": [0, 1, 2]})
        bus.broken.clear()
        assert await inbox.replay(bus.database, await event_id(bus, "a", 1))
        await expect(bus, {"a": [0, 1, 2], "b": [0, 1, 2]})
    assert await bus.parked() == []


async def test_a_replay_that_fails_again_is_dead_again(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 1, 2)
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=2))):
        await expect_parked(bus, [("a", 1, 2, True), ("a", 2, 0, False)])
        calls = bus.calls
        assert await inbox.replay(bus.database, await event_id(bus, "a", 1))

        async def tried_again() -> bool:
            return bus.calls >= calls + 2

        await eventually(tried_again)
        await expect_parked(bus, [("a", 1, 2, True), ("a", 2, 0, False)])
    assert await bus.effects() == {}


async def test_discarding_a_dead_letter_frees_its_aggregate(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 1, 2, 3)
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=1))):
        await expect_parked(bus, [("a", 1, 1, True), ("a", 2, 0, False), ("a", 3, 0, False)])
        assert await inbox.discard(bus.database, await event_id(bus, "a", 1))
        await expect(bus, {"a": [2, 3]})
    assert await bus.parked() == []


async def test_replay_and_discard_say_that_there_is_no_such_event(bus: Subgraph) -> None:
    assert await inbox.replay(bus.database, "evt_none") is False
    assert await inbox.discard(bus.database, "evt_none") is False


async def test_a_dead_letter_survives_a_wiped_broker(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 0, 1, 2)
    parked = [("a", 1, 1, True), ("a", 2, 0, False)]
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=1))):
        await expect_parked(bus, parked)
        await bus.redis.flushdb()
        await bus.note("b", 0)
        await expect(bus, {"a": [0], "b": [0]})
        assert await bus.parked() == parked


async def test_writes_succeed_without_a_broker_and_their_events_come_later(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "broker"
    valkey = EmbeddedValkey(home)
    await valkey.start()
    try:
        async with subgraph(settings, valkey.url) as bus, running(bus.relay(), bus.consumer()):
            await bus.note("a", 0)
            await expect(bus, {"a": [0]})
            await valkey.stop()
            await bus.note("a", 1, 2, 3)
            assert await bus.unpublished() == 3
            assert await bus.effects() == {"a": [0]}
            await valkey.start()
            await expect(bus, {"a": [0, 1, 2, 3]})
    finally:
        await valkey.stop()


async def test_broken_database_connections_lose_and_double_nothing(bus: Subgraph) -> None:
    things = [f"thing{n}" for n in range(8)]
    async with running(bus.relay(), bus.relay(), bus.consumer(), bus.consumer()):
        for number in range(12):
            for thing in things:
                await bus.note(thing, number)
            if number % 3 == 0:
                await kill_lock_holders(bus)
        await expect(bus, {thing: list(range(12)) for thing in things})


async def kill_lock_holders(bus: Subgraph) -> None:
    """Break every connection that holds a lease, whatever it is doing."""
    statement = text(
        "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND application_name = :name) AS holders"
    )
    async with bus.database.read() as connection:
        await connection.execute(statement, {"name": f"petplus-{bus.name} {os.getpid()}"})


async def trimmed(redis: "Redis") -> None:
    """Drop all old entries, as time would."""
    for partition in range(PARTITIONS):
        await redis.xtrim(f"petplus:events:{partition}", maxlen=0, approximate=False)


async def test_a_late_subgraph_hears_what_was_trimmed_from_the_streams(bus: Subgraph) -> None:
    await bus.note("a", 0, 1, 2)
    async with running(bus.relay()):

        async def published() -> bool:
            return await bus.unpublished() == 0

        await eventually(published)
        await trimmed(bus.redis)
        await bus.note("a", 3)
        await eventually(published)
        async with running(bus.consumer()):
            await expect(bus, {"a": [0, 1, 2, 3]})


async def test_trimming_spares_what_a_group_has_not_handled(bus: Subgraph) -> None:
    broker = bus.broker
    await broker.join(bus.name)
    await bus.note("a", 0, 1, 2)
    async with running(bus.relay()):

        async def published() -> bool:
            return await bus.unpublished() == 0

        await eventually(published)
    for partition in range(PARTITIONS):
        await broker.trim(partition, kept_seconds=-60)
    async with running(bus.consumer(), bus.relay()):
        await expect(bus, {"a": [0, 1, 2]})
    for partition in range(PARTITIONS):
        assert await broker.lag(bus.name, partition) == 0


async def test_metrics_tell_what_waits_and_what_is_dead(bus: Subgraph) -> None:
    bus.broken.add(("a", 1))
    await bus.note("a", 1, 2)
    async with running(bus.relay(), bus.consumer(bus.inbox(attempts=1))):
        await expect_parked(bus, [("a", 1, 1, True), ("a", 2, 0, False)])
        await eventually(lambda: acknowledged(bus))
    async with running(bus.relay()):
        await bus.note("a", 3, 4, 5)
        await eventually(lambda: published(bus))

    async def reported() -> bool:
        found = {state: sample("petplus_dead_letters", bus, state=state) for state in ("dead", "retrying", "waiting")}
        lag = sample("petplus_events_lag", bus, partition=str(partition_of("a")))
        return (lag, found) == (3, {"dead": 1, "retrying": 0, "waiting": 1})

    async with running(bus.consumer()):
        await eventually(reported)
    assert sample("petplus_events_lag", bus, partition=str(partition_of("a"))) is None  # it holds none any more


def sample(name: str, bus: Subgraph, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"subgraph": bus.name, **labels})


async def published(bus: Subgraph) -> bool:
    return await bus.unpublished() == 0


async def acknowledged(bus: Subgraph) -> bool:
    return await bus.broker.lag(bus.name, partition_of("a")) == 0
