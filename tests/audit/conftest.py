"""A log that only these tests write to: a database of its own, and nothing that hears events beside it."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from petplus import registry
from shared.settings import Settings
from tests.support.apps import Served, serve
from tests.support.servers import drop_worker_database, worker_urls

_NAME = f"audit_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def _own_database() -> Iterator[str]:
    yield worker_urls(_NAME)[0]
    drop_worker_database(_NAME)


@pytest.fixture(scope="session")
def settings(settings: Settings, _own_database: str) -> Settings:
    """Settings of this worker's servers, with the database of these tests alone."""
    return settings.model_copy(update={"database_url": _own_database})


@pytest_asyncio.fixture(scope="session")
async def audit(settings: Settings) -> AsyncIterator[Served]:
    """The audit subgraph, which hears only what a test tells it."""
    async with serve(registry.load("audit"), settings, messaging=False) as served:
        yield served
