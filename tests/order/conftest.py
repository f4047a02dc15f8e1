"""The order subgraph on a socket of its own: streams need one, and it is a second replica beside `order`.

Each test has the network address of all tests to itself.
"""

from collections.abc import AsyncIterator

import pytest_asyncio

from petplus import registry
from shared.core.settings import Settings
from shared.subgraph import create_app
from tests.order.streams import Streams
from tests.support.apps import Served, listen


@pytest_asyncio.fixture(autouse=True)
async def _fresh_limits(order: Served) -> None:
    await order.forget_limits()


@pytest_asyncio.fixture(scope="session")
async def streams(settings: Settings) -> AsyncIterator[Streams]:
    app = create_app(registry.load("order"), settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as opened:
        yield opened
