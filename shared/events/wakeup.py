"""Wakes a subgraph's relay after a commit. A lost signal costs a poll's delay, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.core.tasks import stop


class Wakeup:
    """Signalled by every process of a subgraph, received by the one that leads its relay.

    A list of at most one element: a signal before anybody listens is not lost, and many signals are one. PostgreSQL's
    NOTIFY would serialise all commits of the database.
    """

    def __init__(self, redis: "Redis", subgraph: str) -> None:
        self._redis = redis
        self._key = f"petplus:outbox:{subgraph}"
        self._signalling: asyncio.Task[None] | None = None
        self._again = False

    @classmethod
    @asynccontextmanager
    async def open(cls, redis: "Redis", subgraph: str) -> AsyncIterator["Wakeup"]:
        """Make a wakeup that can signal until the end of the block."""
        wakeup = cls(redis, subgraph)
        try:
            yield wakeup
        finally:
            if wakeup._signalling is not None:
                await stop([wakeup._signalling])

    def signal(self, _message: str = "") -> None:
        """Signal without waiting; while one signal is under way, all further ones become one."""
        self._again = True
        if self._signalling is None or self._signalling.done():
            self._signalling = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._again:
            self._again = False
            try:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    pipeline.lpush(self._key, 1)
                    pipeline.ltrim(self._key, 0, 0)
                    await pipeline.execute()
            except (RedisError, OSError):
                return

    async def wait(self, seconds: float) -> None:
        """Return at the next signal, or after some seconds; raises RedisError while the broker is away."""
        await self._redis.blpop([self._key], timeout=seconds)
