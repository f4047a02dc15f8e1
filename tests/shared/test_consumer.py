"""The bus: nothing is lost, nothing doubled, the order of an aggregate kept."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.observability import ORIGIN, Origin
from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.database.advisory_locks import lock_connection
from shared.events import consumer, relay
from shared.events.broker import PARTITIONS, Broker, Entry, partition_of
from shared.events.consumer import Consumer
from shared.events.event import BatchHandler, Envelope, Handlers, Received
from shared.events.outbox import OUTBOX, record
from tests.support.events import Subgraph, ThingIgnored, ThingNoted, expect, running, subgraph
from tests.support.waiting import eventually


@pytest_asyncio.fixture(name="bus")
async def bus_fixture(settings: Settings) -> AsyncIterator[Subgraph]:
    async with subgraph(settings) as made:
        yield made


def test_partition_of_an_aggregate_never_changes() -> None:
    assert [partition_of(subject) for subject in ("ord_1", "ord_2", "usr_1", "")] == [3, 1, 7, 0]


async def test_events_have_their_effects_in_order(bus: Subgraph) -> None:
    for number in range(5):
        await bus.note("a", number)
        await bus.note("b", number)
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {"a": [0, 1, 2, 3, 4], "b": [0, 1, 2, 3, 4]})
    assert await bus.unpublished() == 0


async def test_events_that_nobody_wants_leave_no_trace(bus: Subgraph) -> None:
    async with bus.database.write() as session:
        await record(session, ThingIgnored(thing="a"), ThingNoted(thing="a", number=1))
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {"a": [1]})
    assert await bus.received() == 1


async def test_an_event_of_a_rolled_back_change_is_never_published(bus: Subgraph) -> None:
    class Oops(Exception):
        pass

    try:
        async with bus.database.write() as session:
            await record(session, ThingNoted(thing="a", number=1))
            raise Oops
    except Oops:
        pass
    await bus.note("a", 2)
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {"a": [2]})


async def test_published_twice_has_its_effect_once(bus: Subgraph) -> None:
    await bus.note("a", 1, 2)
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {"a": [1, 2]})
        async with bus.database.write() as session:
            await session.execute(OUTBOX.update().values(published_at=None))
        await bus.note("a", 3)
        await expect(bus, {"a": [1, 2, 3]})
    assert await bus.received() == 3


async def test_crash_between_commit_and_acknowledgement_repeats_nothing(bus: Subgraph) -> None:
    class CrashingBroker(Broker):
        async def acknowledge(self, group: str, entries: object) -> None:
            raise asyncio.CancelledError

    await bus.note("a", 1, 2, 3)
    async with running(bus.relay(), bus.consumer(broker=CrashingBroker(bus.redis))) as tasks:
        await asyncio.wait([tasks[1]], timeout=10)
        assert tasks[1].cancelled()
        assert await bus.effects() == {"a": [1, 2, 3]}
        await bus.note("a", 4)
        async with running(bus.consumer()):
            await expect(bus, {"a": [1, 2, 3, 4]})
    assert bus.calls == 4


async def test_crash_before_the_commit_loses_nothing(bus: Subgraph) -> None:
    class CrashingInbox:
        def handles(self, type: str) -> bool:
            return True

        async def retry(self, *_: object) -> dict[str, object]:
            return {}

        async def receive(self, *_: object) -> None:
            raise asyncio.CancelledError

    await bus.note("a", 1, 2, 3)
    crashing = Consumer(bus.name, bus.database, bus.broker, CrashingInbox())  # type: ignore[arg-type]
    async with running(bus.relay(), crashing) as tasks:
        await asyncio.wait([tasks[1]], timeout=10)
        assert await bus.effects() == {}
        async with running(bus.consumer()):
            await expect(bus, {"a": [1, 2, 3]})


async def test_handlers_work_for_whoever_caused_the_event(bus: Subgraph) -> None:
    seen: list[Origin] = []
    handle = bus.handle

    async def noting(*args: object) -> None:
        seen.append(ORIGIN.get())
        await handle(*args)  # type: ignore[arg-type]

    bus.handle = noting  # type: ignore[method-assign, assignment]
    origin = Origin("req_1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "usr_1")
    token = ORIGIN.set(origin)
    await bus.note("a", 1)
    ORIGIN.reset(token)
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {"a": [1]})
    assert seen == [origin]


async def test_a_handler_of_many_gets_at_once_what_follows_one_another(bus: Subgraph) -> None:
    order: list[object] = []

    async def one(_session: AsyncSession, event: ThingNoted, _envelope: Envelope) -> None:
        order.append(event.number)

    async def many(_session: AsyncSession, received: Sequence[Received]) -> None:
        order.append([(event.thing, envelope.type) for event, envelope in received])

    both: Handlers = {ThingNoted: [one], ThingIgnored: BatchHandler(many)}
    ignored, first, second = ThingIgnored(thing="a"), ThingNoted(thing="a", number=1), ThingNoted(thing="a", number=2)
    async with bus.database.write() as session:
        await record(session, ignored, first, ignored, ignored, second)
    async with running(bus.relay()):
        await eventually(lambda: all_published(bus))
    async with running(bus.consumer(bus.inbox(handlers=both))):
        await eventually(lambda: all_received(bus, 5))
    reported = ("a", "test.ignored")
    assert order == [[reported], 1, [reported, reported], 2]


async def all_published(bus: Subgraph) -> bool:
    return await bus.unpublished() == 0


async def all_received(bus: Subgraph, events: int) -> bool:
    return await bus.received() == events


async def test_events_committed_out_of_id_order_are_not_skipped(bus: Subgraph) -> None:
    async with running(bus.relay(), bus.consumer()):
        async with bus.database.write() as long:
            await record(long, ThingNoted(thing="slow", number=1))
            await bus.note("quick", 1, 2)
            await expect(bus, {"quick": [1, 2]})
        await expect(bus, {"quick": [1, 2], "slow": [1]})


async def test_a_wiped_broker_is_refilled(bus: Subgraph) -> None:
    things = [f"thing{n}" for n in range(10)]
    async with running(bus.relay(), bus.consumer()):
        for number in range(30):
            for thing in things:
                await bus.note(thing, number)
            if number % 10 == 5:
                await bus.redis.flushdb()
        await expect(bus, {thing: list(range(30)) for thing in things})
    assert await bus.received() == 300


async def test_events_lost_by_an_idle_broker_are_refilled(bus: Subgraph) -> None:
    await bus.note("a", 1, 2)
    async with running(bus.relay()):

        async def published() -> bool:
            return await bus.unpublished() == 0

        await eventually(published)
        await bus.redis.flushdb()
        async with running(bus.consumer()):
            await expect(bus, {"a": [1, 2]})


async def test_consumers_share_partitions_and_replace_a_killed_one(bus: Subgraph) -> None:
    first, second = bus.consumer(), bus.consumer()
    things = [f"thing{n}" for n in range(20)]
    async with running(bus.relay(), first, second) as tasks:

        async def shared() -> bool:
            return len(first.partitions) == len(second.partitions) == PARTITIONS // 2

        await eventually(shared)
        assert sorted(first.partitions + second.partitions) == list(range(PARTITIONS))
        for number in range(5):
            for thing in things:
                await bus.note(thing, number)
        await stop([tasks[1]])
        for number in range(5, 10):
            for thing in things:
                await bus.note(thing, number)

        async def replaced() -> bool:
            return len(second.partitions) == PARTITIONS

        await eventually(replaced)
        await expect(bus, {thing: list(range(10)) for thing in things})


def test_leaders_and_consumers_are_replaced_within_five_seconds() -> None:
    assert max(2 * relay.LEAD_SECONDS, 2 * consumer.LOOK_SECONDS) < 5


async def test_a_killed_leader_is_replaced(bus: Subgraph) -> None:
    async with running(bus.relay(), bus.relay(), bus.consumer()) as tasks:
        await bus.note("a", 1)
        await expect(bus, {"a": [1]})
        # As the server sees it when a process is killed.
        async with lock_connection(bus.database) as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND application_name = :name"
                ),
                {"name": f"petplus-{bus.name} {os.getpid()}"},
            )
        await stop([tasks[0]])
        await bus.note("a", 2)
        await expect(bus, {"a": [1, 2]})


async def test_what_a_former_holder_read_comes_first(bus: Subgraph) -> None:
    await bus.broker.join(bus.name)
    await bus.note("a", 1)
    async with running(bus.relay()):

        async def read_by_a_zombie() -> list[Entry]:
            return await bus.broker.read(bus.name, [partition_of("a")], 10)

        async def arrived() -> bool:
            return bool(await read_by_a_zombie())

        await eventually(arrived)
        await bus.note("a", 2)
        async with running(bus.consumer()):
            await expect(bus, {"a": [1, 2]})
