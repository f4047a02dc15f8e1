"""Wakes the subscribers of a change log in this process. A lost notification only costs the delay of a poll."""

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
    """One channel of Redis, with one connection per process; unlike `shared.events.wakeup` it reaches every process."""

    def __init__(self, redis: "Redis", channel: str, on_message: Callable[[str | None], None] | None = None) -> None:
        """`on_message` is called with each message, and with None whenever messages may have been missed."""
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
            log.warning("notification lost", channel=self._channel, about=message, error=type(error).__name__)

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Event]:
        """Provide an event that is set whenever the log has grown, or may have."""
        changed = asyncio.Event()
        self._subscribers.add(changed)
        try:
            yield changed
        finally:
            self._subscribers.discard(changed)

    async def listen(self) -> None:
        """Receive messages forever; while Redis is unavailable, subscribers poll."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    self._wake(None)
                    async for message in pubsub.listen():
                        self._wake(message["data"].decode(errors="replace"))
            except (RedisError, OSError) as error:
                log.warning("notifications unavailable, polling", channel=self._channel, error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    def _wake(self, message: str | None) -> None:
        if self._on_message is not None:
            self._on_message(message)
        for changed in self._subscribers:
            changed.set()


class ChangeFeed:
    """Notifies of changes to one log, and wakes its subscribers in this process; a subgraph names the channel."""

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
        """Tell every process that the log has grown. Best effort: subscribers also poll."""
        await self.notifier.notify()
