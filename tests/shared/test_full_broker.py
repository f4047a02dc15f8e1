"""A broker that is full refuses events, which wait in the outboxes; it makes room of what everybody has handled."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.exceptions import OutOfMemoryError

from petplus.local.embedded import EmbeddedValkey
from shared.core.settings import Settings
from shared.events.broker import Message
from tests.support.events import Subgraph, expect, running, subgraph

LARGE = "x" * 20_000
"""An event about it has about 40 kB."""
EVENTS = 60
MEGABYTE = 2**20


@pytest_asyncio.fixture
async def bus(settings: Settings, tmp_path: Path) -> AsyncIterator[Subgraph]:
    """A subgraph with a broker of its own."""
    valkey = EmbeddedValkey(tmp_path / "broker")
    await valkey.start()
    try:
        async with subgraph(settings, valkey.url) as made:
            yield made
    finally:
        await valkey.stop()


async def used(bus: Subgraph) -> int:
    return int((await bus.redis.info("memory"))["used_memory"])


async def test_a_full_broker_refuses_events_and_they_come_when_there_is_room(bus: Subgraph) -> None:
    async with running(bus.relay(), bus.consumer()):
        await bus.note("a", 0)
        await expect(bus, {"a": [0]})
        # Far below what it uses: what clients and buffers take changes from moment to moment.
        await bus.redis.config_set("maxmemory", await used(bus) // 2)
        epoch = await bus.broker.epoch(bus.name)
        assert epoch is not None
        with pytest.raises(OutOfMemoryError):
            await bus.broker.publish(bus.name, epoch, [Message("a", "test.noted", b"{}")])
        await bus.note("a", *range(1, 20))
        assert await bus.unpublished() >= 19
        assert await bus.effects() == {"a": [0]}
        await bus.redis.config_set("maxmemory", 256 * MEGABYTE)
        await expect(bus, {"a": list(range(20))})
        assert bus.calls == 20


async def test_a_broker_full_of_handled_events_makes_room_at_once(bus: Subgraph) -> None:
    await bus.redis.config_set("maxmemory", await used(bus) + MEGABYTE)
    async with running(bus.relay(), bus.consumer()):
        for number in range(EVENTS):
            await bus.note(LARGE, number)
            if number % 10 == 9:
                await expect(bus, {LARGE: list(range(number + 1))})
    assert bus.calls == EVENTS


async def test_a_broker_full_of_unheard_events_loses_none(bus: Subgraph) -> None:
    await bus.broker.join(bus.name)
    await bus.redis.config_set("maxmemory", await used(bus) + MEGABYTE)
    async with running(bus.relay()):
        for number in range(EVENTS):
            await bus.note(LARGE, number)
        assert await bus.unpublished() > 0
    async with running(bus.relay(), bus.consumer()):
        await expect(bus, {LARGE: list(range(EVENTS))})
    assert bus.calls == EVENTS
