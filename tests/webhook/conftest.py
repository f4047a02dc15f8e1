"""The webhook subgraph on a socket of its own: streams need one, and it is a second replica beside `webhook`."""

from collections.abc import AsyncIterator

import pytest_asyncio

from petplus import registry
from shared.core.settings import Settings
from shared.subgraph import create_app
from tests.order.streams import Streams
from tests.support.apps import listen


@pytest_asyncio.fixture(scope="session")
async def streams(settings: Settings) -> AsyncIterator[Streams]:
    app = create_app(registry.load("webhook"), settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as opened:
        yield opened
