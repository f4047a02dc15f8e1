"""Two hundred clients come and go at random while three notifications in ten are lost: each sees each version once."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.status_feed import StatusFeed
from tests.order.factories import move, place
from tests.order.streams import Streams, versions_of
from tests.support.apps import Served

CROWD = 200
ORDERS = 4
LOST = 0.3
SEED = 1
# The last one is final, so each stream ends by itself: nothing can hide behind it.
PATH = [*[OrderStatus.ON_HOLD, OrderStatus.PENDING] * 7, OrderStatus.CANCELLED]
VERSIONS = list(range(1, len(PATH) + 2))
SECONDS = 120
# Then only changes make it hang up: on a slow machine two hundred of the hasty would never be answered in time.
SILENT_HANG_UPS = 4


class LossyRedis:
    """A Redis whose subscribers miss some of what is published."""

    def __init__(self, redis: "Redis", chance: random.Random) -> None:
        self._redis = redis
        self._chance = chance
        self.received = self.missed = 0

    async def publish(self, channel: str, message: str) -> None:
        await self._redis.publish(channel, message)

    @asynccontextmanager
    async def pubsub(self, **options: Any) -> AsyncIterator["LossyRedis"]:
        async with self._redis.pubsub(**options) as self._pubsub:
            yield self

    async def subscribe(self, channel: str) -> None:
        await self._pubsub.subscribe(channel)

    async def listen(self) -> AsyncIterator[Any]:
        async for message in self._pubsub.listen():
            if self._chance.random() < LOST:
                self.missed += 1
            else:
                self.received += 1
                yield message


@asynccontextmanager
async def lossy_redis(streams: Streams, chance: random.Random) -> AsyncIterator[LossyRedis]:
    """Let the replica that is followed miss notifications."""
    runtime = streams.app.state.runtime
    redis = LossyRedis(runtime.redis, chance)
    feed = StatusFeed(runtime.database, redis, poll_seconds=0.5)  # type: ignore[arg-type]
    usual = runtime.resources[StatusFeed]
    async with feed.running():
        runtime.resources[StatusFeed] = feed
        yield redis
        runtime.resources[StatusFeed] = usual


class Client:
    """Follows an order, hangs up after any number of changes or in the midst of silence, and resumes where it was."""

    def __init__(self, seed: int, port: int, order_id: str, token: str) -> None:
        self._chance = random.Random(seed)
        self._place = (port, order_id, token)
        self.seen: list[int] = []
        self.connections = 0
        self._silent = 0

    async def follow(self) -> None:
        has_ended = False
        while not has_ended:
            await asyncio.sleep(self._chance.uniform(0, 0.2))
            has_ended = await self._connect()

    async def _connect(self) -> bool:
        self.connections += 1
        left = self._chance.randint(1, 6)
        stream = versions_of(*self._place, after=self.seen[-1] if self.seen else 0)
        try:
            seconds = self._chance.uniform(0.2, 2.0) if self._silent < SILENT_HANG_UPS else None
            async with asyncio.timeout(seconds):
                async for version in stream:
                    self.seen.append(version)
                    left -= 1
                    if not left:
                        return False
            return True
        except TimeoutError:
            self._silent += 1
            return False
        finally:
            await stream.aclose()


async def test_each_of_a_restless_crowd_sees_each_version_once_and_in_order(
    order: Served, streams: Streams, support: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    placed = [await place(order, None) for _ in range(ORDERS)]
    port = streams.client.base_url.port
    assert port is not None

    async def change(order_id: str) -> None:
        for to in PATH:
            await move(order, order_id, to)
            await asyncio.sleep(chance.uniform(0, 0.2))

    clients = [Client(SEED * CROWD + n, port, placed[n % ORDERS].id, support) for n in range(CROWD)]
    async with asyncio.timeout(SECONDS), lossy_redis(streams, chance) as redis:
        await asyncio.gather(*[change(each.id) for each in placed], *[client.follow() for client in clients])
    assert [client.seen for client in clients] == [VERSIONS] * CROWD
    connections = sum(client.connections for client in clients)
    with capsys.disabled():
        print(f"\n{CROWD} clients, {connections} connections, {redis.missed} notifications missed")  # noqa: T201 (a measurement)
    # Else it would have proved nothing.
    assert connections > 3 * CROWD
    assert redis.received > 0
    assert redis.missed >= ORDERS * len(PATH) * LOST / 2
    for each in placed:
        await streams.until_unwatched(each.id)
