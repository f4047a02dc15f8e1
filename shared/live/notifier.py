"""Wakes the subscribers of a log in the database. A lost notification costs a poll's delay, nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import ClassVar, Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.core.best_effort import best_effort
from shared.core.observability import log
from shared.core.tasks import stop
from shared.runtime import Runtime

RECONNECT_SECONDS = 0.5


class ChangeNotifier:
    """One channel of Redis, one connection per process; each process is notified, unlike by `shared.events.wakeup`."""

    def __init__(self, redis: "Redis", channel: str, on_message: Callable[[str | None], None] | None = None) -> None:
        """Call `on_message` with each message, and with None whenever notifications may have been missed."""
        self._redis = redis
        self._channel = channel
        self._on_message = on_message
        self._subscribers: set[asyncio.Event] = set()

    async def notify(self, message: str = "") -> None:
        """Notify every process that the log has grown. Best effort: the change is already committed."""

        def report(error: str) -> None:
            log.warning("notification lost", channel=self._channel, about=message, error=error)

        async with best_effort(report):
            await self._redis.publish(self._channel, message)

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
        """Receive notifications for ever; while Redis is away, the subscribers poll."""
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
    """The notifications of one log; a subgraph names the channel.

    Code that changes the log registers `notify_after_commit(session, channel)`.
    """

    channel: ClassVar[str]

    def __init__(self, redis: "Redis") -> None:
        self.notifier = ChangeNotifier(redis, self.channel)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator[Self]:
        """Deliver and receive notifications until the end of the block."""
        feed = cls(runtime.redis)
        runtime.database.hooks[cls.channel] = feed.notifier.notify
        listening = asyncio.create_task(feed.notifier.listen())
        try:
            yield feed
        finally:
            await stop([listening])
