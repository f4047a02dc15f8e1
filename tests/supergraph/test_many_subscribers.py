"""A small crowd on one order through the router; `benchmarks/subscribers.py` has a big one."""

import asyncio

import pytest

from tests.supergraph.test_journeys import advance
from tests.support.shop import Shop
from tests.support.subscribers import TRANSPORTS, next_changes
from tests.support.waiting import in_time

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]

CROWD = 50
IN_PRODUCTION = "query { orders(filter: { status: [IN_PRODUCTION] }, first: 1) { nodes { id version } } }"
# The last one is final, so each stream then ends by itself: nothing can hide behind the fifth change.
STEPS = ("SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED", "RETURNED", "REFUNDED")


async def test_each_of_a_crowd_gets_each_of_five_changes_once(running: Shop) -> None:
    support, admin = await running.token_of("support"), await running.token_of("admin")
    [order] = (await running.execute(IN_PRODUCTION, support)).data["orders"]["nodes"]
    follow = list(TRANSPORTS.values())
    crowd = [follow[number % len(follow)](running.url, admin, order["id"]) for number in range(CROWD)]
    async with in_time():
        assert [change["version"] for change in await next_changes(crowd)] == [order["version"]] * CROWD
        for step in STEPS:
            await advance(running, support, order, step)
            reported = [(change["version"], change["status"]) for change in await next_changes(crowd)]
            assert reported == [(order["version"], step)] * CROWD
        assert await asyncio.gather(*[anext(each, None) for each in crowd]) == [None] * CROWD
