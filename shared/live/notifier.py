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

NOTIFY_TIMEOUT_SECONDS = 0.5
RECONNECT_SECONDS = 0.5


class ChangeNotifier:
    """One channel of Redis, heard over one connection a process; unlike `shared.events.wakeup`, every process hears."""

    def __init__(self, redis: "Redis", channel: str, on_message: Callable[[str | None], None] | None = None) -> None:
        """`heard` is called with each ring's message, and with None whenever rings may have been missed."""
        self._redis = redis
        self._channel = channel
        self._on_message = on_message
        self._subscribers: set[asyncio.Event] = set()

    async def notify(self, message: str = "") -> None:
        """Tell every process that the log has grown. Best effort: it is already committed."""
        try:
            async with asyncio.timeout(NOTIFY_TIMEOUT_SECONDS):
                await self._redis.publish(self._channel, message)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell lost", channel=self._channel, about=message, error=type(error).__name__)

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Event]:
        """Lend an event that is set whenever the log has grown, or may have."""
        changed = asyncio.Event()
        self._subscribers.add(changed)
        try:
            yield changed
        finally:
            self._subscribers.discard(changed)

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
        if self._on_message is not None:
            self._on_message(message)
        for changed in self._subscribers:
            changed.set()


class ChangeFeed:
    """Rings the doorbell of one log, and wakes those who follow it in this process; a subgraph names the channel."""

    channel: ClassVar[str]

    def __init__(self, redis: "Redis") -> None:
        self.notifier = ChangeNotifier(redis, self.channel)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator[Self]:
        """Listen until the end of the block."""
        feed = cls(runtime.redis)
        listening = asyncio.create_task(feed.notifier.listen())
        try:
            yield feed
        finally:
            await stop([listening])

    async def notify(self) -> None:
        """Tell every process that the log has grown. Best effort: followers also look by themselves."""
        await self.notifier.notify()
