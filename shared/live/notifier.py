"""Wakes those in a process who follow a log in the database. A ring that is lost costs a poll's delay, nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import ClassVar, Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.core.observability import log
from shared.core.tasks import stop
from shared.runtime import Runtime

RING_SECONDS = 0.5
RECONNECT_SECONDS = 0.5


class Bells:
    """One channel of Redis, heard over one connection a process; unlike `shared.events.wakeup`, every process hears."""

    def __init__(self, redis: "Redis", channel: str, heard: Callable[[str | None], None] | None = None) -> None:
        """`heard` is called with each ring's message, and with None whenever rings may have been missed."""
        self._redis = redis
        self._channel = channel
        self._heard = heard
        self._bells: set[asyncio.Event] = set()

    async def ring(self, message: str = "") -> None:
        """Tell every process that the log has grown. Best effort: it is already committed."""
        try:
            async with asyncio.timeout(RING_SECONDS):
                await self._redis.publish(self._channel, message)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell lost", channel=self._channel, about=message, error=type(error).__name__)

    @contextlib.contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """Lend an event that is set whenever the log has grown, or may have."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    async def listen(self) -> None:
        """Hear rings for ever; while Redis is away, those who follow poll."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    self._wake(None)
                    async for message in pubsub.listen():
                        self._wake(message["data"].decode(errors="replace"))
            except (RedisError, OSError) as error:
                log.warning("doorbell out of order, polling", channel=self._channel, error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    def _wake(self, message: str | None) -> None:
        if self._heard is not None:
            self._heard(message)
        for bell in self._bells:
            bell.set()


class LogFeed:
    """Rings the doorbell of one log, and wakes those who follow it in this process; a room names the channel."""

    channel: ClassVar[str]

    def __init__(self, redis: "Redis") -> None:
        self.bells = Bells(redis, self.channel)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator[Self]:
        """Listen until the end of the block."""
        feed = cls(runtime.redis)
        listening = asyncio.create_task(feed.bells.listen())
        try:
            yield feed
        finally:
            await stop([listening])

    async def ring(self) -> None:
        """Tell every process that the log has grown. Best effort: followers also look by themselves."""
        await self.bells.ring()
