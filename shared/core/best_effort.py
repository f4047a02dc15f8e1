"""Asks Redis for what can be done without: with a short timeout, and no error while it is away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from redis.exceptions import RedisError

REDIS_TIMEOUT_SECONDS = 0.5


@asynccontextmanager
async def best_effort(report: Callable[[str], None]) -> AsyncIterator[None]:
    """Give up the block where Redis fails or takes too long: `report` gets the kind of error, the caller goes on."""
    try:
        async with asyncio.timeout(REDIS_TIMEOUT_SECONDS):
            yield
    except (RedisError, OSError, TimeoutError) as error:
        report(type(error).__name__)
