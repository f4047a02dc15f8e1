"""A crowd on one order: a thousand subscribers in one process, each change to each of them exactly once."""

import asyncio
import resource

import pytest

from shared.subgraph import freeze_heap
from tests.order.factories import TO_THE_END, move, place
from tests.order.streams import Streams, versions_of
from tests.support.apps import Served
from tests.support.waiting import in_time

CROWD = 1000
FILES_NEEDED = 4 * CROWD


@pytest.fixture
def _many_files() -> None:
    """Allow this process the sockets of both sides."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES_NEEDED:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_NEEDED, hard))


@pytest.mark.usefixtures("_many_files")
async def test_a_thousand_subscribers_get_each_of_five_changes_once(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    freeze_heap()  # as a server does once it listens
    placed = await place(order, customer_id)
    port = streams.client.base_url.port
    assert port is not None
    crowd = [versions_of(port, placed.id, customer) for _ in range(CROWD)]
    async with in_time():
        assert await asyncio.gather(*[anext(each) for each in crowd]) == [1] * CROWD
        await move(order, placed.id, *TO_THE_END)
        for version in (2, 3, 4, 5, 6):
            assert await asyncio.gather(*[anext(each) for each in crowd]) == [version] * CROWD
    await asyncio.gather(*[each.aclose() for each in crowd])
    await streams.until_unwatched(placed.id)
