"""Which access tokens are void before their time: those of ended sessions, and those that a leaked key has signed.

The user subgraph's database is the truth. Redis holds the revocation list, a sorted set of ids (sessions and keys)
scored by when the last of their tokens ends by itself (Unix seconds); the user subgraph publishes what is missing every
second, so the list may be wiped. Every process keeps a copy of it, a second old at most. While Redis is away the last
copy holds: what is revoked meanwhile ends with its token, after 15 minutes at most.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar, cast

from redis.asyncio import Redis

from shared.core.best_effort import best_effort
from shared.core.observability import log
from shared.core.tasks import stop

T = TypeVar("T")

KEY = "petplus:revoked"
LOOK_SECONDS = 1.0


class Revocations:
    """One process's copy of the revocation list."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}
        self._watchers: dict[str, set[Callable[[], None]]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, redis: "Redis") -> AsyncIterator["Revocations"]:
        """Follow the list until the end of the block."""
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
        """Take up revocations with the moments (Unix seconds) until which they matter, and call their watchers."""
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
        """Have `on_expiry` called as soon as one of some sessions or keys is revoked, until the end of the block."""
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
    """The list itself."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._is_away = False

    async def publish(self, ends: Mapping[str, float]) -> None:
        """Publish revocations. Best effort: they are committed, and published again every second."""
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
        answer = await self._answer_or_none(self._redis.zrangebyscore(KEY, now, "+inf", withscores=True))
        found = cast("list[tuple[bytes, float]] | None", answer)
        if found is not None:
            revocations.add({key.decode(): float(score) for key, score in found})
        revocations.drop_expired(now)

    async def _write(self, ends: Mapping[str, float]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(KEY, dict(ends))
            pipeline.zremrangebyscore(KEY, "-inf", time.time())
            await pipeline.execute()

    async def _answer_or_none(self, call: Awaitable[T]) -> T | None:
        async with best_effort(self._note_absence):
            answer = await call
            if self._is_away:
                self._is_away = False
                log.info("revocation list available again")
            return answer
        return None

    def _note_absence(self, error: str) -> None:
        if not self._is_away:
            self._is_away = True
            log.warning("revocation list unavailable", error=error)
