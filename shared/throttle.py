"""Counts calls by subject in windows of time, and refuses those beyond a limit.

The counters live in Redis, for all processes together. While Redis is away every call passes: a limit that is lost for
a moment harms less than a shop that stands still.
"""

import asyncio
import hashlib
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import TooManyRequests
from shared.observability import log

PATIENCE_SECONDS = 0.5


class Throttle:
    """Lets `most` calls of each subject pass in every `seconds`."""

    def __init__(self, redis: "Redis", name: str, *, most: int, seconds: int) -> None:
        self._redis = redis
        self._name = name
        self._most = most
        self._seconds = seconds

    async def check(self, subject: str) -> None:
        """Count a call; raises TooManyRequests when it is one too many."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                count = await self._count(subject)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("throttle out of order", throttle=self._name, error=type(error).__name__)
            return
        if count > self._most:
            raise TooManyRequests(f"Too many requests; wait up to {self._seconds} seconds and try again.")

    async def _count(self, subject: str) -> int:
        # Hashed: what people send has any length, and may be personal.
        digest = hashlib.blake2b(subject.encode(), digest_size=16).hexdigest()
        key = f"petplus:throttle:{self._name}:{digest}:{int(time.time() // self._seconds)}"
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, self._seconds)
            count, _ = await pipeline.execute()
        return int(count)
