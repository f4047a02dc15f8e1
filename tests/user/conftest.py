"""Each test of accounts has the network address of all tests to itself."""

import pytest_asyncio

from tests.support.apps import Served


@pytest_asyncio.fixture(autouse=True)
async def _fresh_limits(user: Served) -> None:
    await user.forget_limits()
