"""Limits the calls of a subject in a window of time; a call beyond the limit is refused.

`FixedWindowLimiter` counts in fixed windows: cheap, and up to twice its limit may pass around the end of one.
`SlidingWindowLimiter` looks back from each call, exactly, and a call can be released again: it is for guesses at
secrets.

The counters live in Redis, for all processes together. While Redis is away every call passes: a limit that is lost for
a moment harms less than a shop that stands still.
"""

import hashlib
import secrets
import time
from collections.abc import Awaitable
from typing import TypeVar

from redis.asyncio import Redis

from shared.core.best_effort import best_effort
from shared.core.errors import TooManyRequests
from shared.core.observability import log

T = TypeVar("T")

# KEYS[1]: the calls of a subject by their time. ARGV: window in ms, most, a name for this call.
_ACQUIRE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""


class FixedWindowLimiter:
    """Lets `most` calls of each subject pass in every `seconds`."""

    def __init__(self, redis: "Redis", name: str, *, most: int, seconds: int) -> None:
        self._redis = redis
        self._name = name
        self._most = most
        self._seconds = seconds

    async def check(self, subject: str, weight: int = 1) -> None:
        """Count a call, or one that takes as much as several; raises TooManyRequests when it is too many."""
        count = await _answer_or_none(self._name, self._count(subject, weight))
        if count is not None and count > self._most:
            raise too_many(self._seconds)

    async def _count(self, subject: str, weight: int) -> int:
        key = f"{_key(self._name, subject)}:{int(time.time() // self._seconds)}"
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.incrby(key, weight)
            pipeline.expire(key, self._seconds)
            count, _ = await pipeline.execute()
        return int(count)


class SlidingWindowLimiter:
    """Allows each subject `most` calls in any `seconds`; refused ones do not count, so a refusal ends by itself.

    A call is counted when it begins, so that any number at once are no way around the limit.
    """

    def __init__(self, redis: "Redis", name: str, *, most: int, seconds: int) -> None:
        self._redis = redis
        self._name = name
        self._most = most
        self._seconds = seconds

    async def acquire(self, subject: str) -> str:
        """Count a call and return its name, by which it can be released; raises TooManyRequests."""
        call = secrets.token_hex(8)
        script = self._redis.eval(
            _ACQUIRE, 1, _key(self._name, subject), str(self._seconds * 1000), str(self._most), call
        )
        if await _answer_or_none(self._name, script) == 0:
            raise too_many(self._seconds)
        return call

    async def release(self, subject: str, call: str) -> None:
        """Take back a call that turned out to be none that is counted."""
        await _answer_or_none(self._name, self._redis.zrem(_key(self._name, subject), call))


def _key(name: str, subject: str) -> str:
    # Hashed: what people send has any length, and may be personal.
    digest = hashlib.blake2b(subject.encode(errors="replace"), digest_size=16).hexdigest()
    return f"petplus:throttle:{name}:{digest}"


async def _answer_or_none(name: str, call: Awaitable[T]) -> T | None:
    """Return what Redis answers; None while it is away."""
    async with best_effort(lambda error: log.warning("rate limiter unavailable", limiter=name, error=error)):
        return await call
    return None


def too_many(seconds: int) -> TooManyRequests:
    """Return the error for a call beyond a limit."""
    return TooManyRequests(f"Too many requests; wait up to {seconds} seconds and try again.")
