"""Each test of accounts has the network address of all tests to itself."""

import pytest_asyncio

from tests.support.apps import Served


@pytest_asyncio.fixture(autouse=True)
async def _fresh_limits(user: Served) -> None:
    """Forget what was counted before: all tests ask from one address, and more in a minute than its limits allow."""
    keys = [key async for key in user.runtime.redis.scan_iter("petplus:throttle:*", count=10_000)]
    if keys:
        await user.runtime.redis.delete(*keys)
