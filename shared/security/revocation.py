"""Which access tokens are void before their time: those of ended sessions, and those that a leaked key has signed.

The user subgraph's database is the truth. Redis holds a notice board, a sorted set of ids (sessions and keys) scored by
when the last of their tokens ends by itself (Unix seconds); the user subgraph puts up what is missing every second, so
the board may be wiped. Every process keeps a copy of it, a second old at most. While Redis is away the last copy holds:
what is revoked meanwhile ends with its token, after 15 minutes at most.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.core.observability import log
from shared.core.tasks import stop

T = TypeVar("T")

KEY = "petplus:revoked"
LOOK_SECONDS = 1.0
REDIS_TIMEOUT_SECONDS = 0.5


class Revocations:
    """One process's copy of the notice board."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}
        self._watchers: dict[str, set[Callable[[], None]]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, redis: "Redis") -> AsyncIterator["Revocations"]:
        """Follow the board until the end of the block."""
        revocations = cls()
        revocation_list = RevocationList(redis)
        await revocation_list.copy_to(revocations)
        following = asyncio.create_task(revocation_list.follow(revocations))
        try:
            yield revocations
        finally:
            await stop([following])

    def includes(self, *ids: str | None) -> bool:
        """Tell whether any of some sessions or keys is revoked."""
        return any(key in self._ends for key in ids if key is not None)

    def add(self, ends: Mapping[str, float]) -> None:
        """Take up revocations with the moments (Unix seconds) until which they matter, and tell who watches them."""
        fresh = ends.keys() - self._ends.keys()
        self._ends.update(ends)
        for key in fresh:
            for on_expiry in tuple(self._watchers.get(key, ())):
                on_expiry()

    def drop_expired(self, now: float) -> None:
        """Drop what no longer matters."""
        self._ends = {key: end for key, end in self._ends.items() if end > now}

    @contextmanager
    def watch(self, ids: Collection[str | None], on_expiry: Callable[[], None]) -> Iterator[None]:
        """Have `told` called as soon as one of some sessions or keys is revoked, until the end of the block."""
        watched = [key for key in ids if key is not None]
        for key in watched:
            self._watchers.setdefault(key, set()).add(on_expiry)
        try:
            yield
        finally:
            for key in watched:
                self._watchers[key].discard(on_expiry)
                if not self._watchers[key]:
                    del self._watchers[key]


class RevocationList:
    """The board itself."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._is_away = False

    async def publish(self, ends: Mapping[str, float]) -> None:
        """Put up revocations. Best effort: they are committed, and put up again every second."""
        if ends:
            await self._answer_or_none(self._write(ends))

    async def follow(self, revocations: Revocations) -> None:
        """Keep a copy up to date for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.copy_to(revocations)

    async def copy_to(self, revocations: Revocations) -> None:
        """Bring a copy up to date; while Redis is away it stays as it is."""
        now = time.time()
        found: Any = await self._answer_or_none(self._redis.zrangebyscore(KEY, now, "+inf", withscores=True))
        if found is not None:
            revocations.add({key.decode(): float(score) for key, score in found})
        revocations.drop_expired(now)

    async def _write(self, ends: Mapping[str, float]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(KEY, dict(ends))
            pipeline.zremrangebyscore(KEY, "-inf", time.time())
            await pipeline.execute()

    async def _answer_or_none(self, call: Awaitable[T]) -> T | None:
        try:
            async with asyncio.timeout(REDIS_TIMEOUT_SECONDS):
                answer = await call
        except (RedisError, OSError, TimeoutError) as error:
            if not self._is_away:
                self._is_away = True
                log.warning("notice board of revocations out of reach", error=type(error).__name__)
            return None
        if self._is_away:
            self._is_away = False
            log.info("notice board of revocations in reach again")
        return answer
