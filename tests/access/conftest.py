"""One shop for the whole matrix."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.access.fixtures import Scenario, populate
from tests.support.shop import Shop, reachable, shop


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(reachable(tmp_path_factory.mktemp("shop")), "--no-seed") as up:
        up.seed(designs=20)
        yield up


@pytest_asyncio.fixture(scope="package")
async def scenario(running: Shop) -> AsyncIterator[Scenario]:
    async with populate(running) as made:
        yield made
