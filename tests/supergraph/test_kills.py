"""kill -9 of every process of a shop in turn: what was acknowledged stays, and the shop answers again."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import pytest

from petplus import registry
from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.chaos.kills import processes
from tests.supergraph.test_journeys import FOLLOW, MAIN, OPEN_ORDERS, advance, alive, descendants
from tests.support.shop import Shop, shop, take
from tests.support.waiting import eventually, in_time

pytestmark = pytest.mark.endurance

PARTS = [*registry.NAMES, "router", "postgres", "valkey"]
ORDERS_OF = """
query ($id: ID!) {
  orders(filter: { status: [PENDING, PAID, IN_PRODUCTION], customerId: $id }, first: 1) {
    nodes { id status version }
  }
}
"""
MY_ORDERS = """
subscription ($after: String) { myOrderFeed(afterCursor: $after) { cursor kind orderId entry { version } } }
"""
PLACE_OF_ORDER = "query ($id: ID!) { order(id: $id) { status version } }"


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A seeded shop for these tests alone."""
    with shop(tmp_path_factory.mktemp("mortal") / "home", "--no-seed", "--split") as up:
        up.seed()
        yield up


def process_of(up: Shop, name: str) -> int | None:
    """Return the process that the supervisor started for a part; None while there is none."""
    return processes(up.process.pid).get(name)


async def until_answered(up: Shop, token: str) -> Any:
    """Ask the main query until it is answered whole; returns the caller."""
    last: object = None

    async def whole() -> Any:
        nonlocal last
        try:
            answer = await up.execute(MAIN, token)
        except httpx.TransportError as error:
            last = error
            return None
        last = answer.body.get("errors")
        return None if last else answer.data["me"]

    return await eventually(whole, pause=0.1, about=lambda: last)


async def kill(up: Shop, name: str) -> None:
    """Kill a part, and return when the supervisor has replaced it and every subgraph is ready."""
    dead = process_of(up, name)
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    settings = Settings(port=up.port)
    urls = [f"http://127.0.0.1:{registry.load(each).port(settings)}/ready" for each in registry.NAMES]
    urls.append(f"http://127.0.0.1:{up.port}/healthz")
    async with in_time():
        while process_of(up, name) in (None, dead) or not all([await http_ready(url)() for url in urls]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_each_killed_process_returns_and_nothing_acknowledged_is_lost(mortal: Shop) -> None:
    customer, support = await mortal.log_in("customer"), await mortal.log_in("support")
    before = await until_answered(mortal, customer)
    orders = (await mortal.execute(OPEN_ORDERS, support)).data["orders"]["nodes"]
    for name in PARTS:
        order = orders[len(name) % len(orders)]
        place = (await mortal.execute(PLACE_OF_ORDER, support, id=order["id"])).data["order"]
        order["version"] = place["version"]
        await advance(mortal, support, order, "ON_HOLD" if place["status"] != "ON_HOLD" else "PAID")
        await kill(mortal, name)
        after = await until_answered(mortal, customer)
        assert after["designs"] == before["designs"]
        kept = (await mortal.execute(PLACE_OF_ORDER, support, id=order["id"])).data["order"]
        assert kept["version"] == order["version"]


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_a_cut_subscription_says_so_and_resumes_without_loss(mortal: Shop, transport: str) -> None:
    support, admin = await mortal.log_in("support"), await mortal.log_in("admin")
    order = (await mortal.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    stream = getattr(mortal, transport)(FOLLOW, admin, id=order["id"])
    [first] = await take(stream, 1)
    seen = first["data"]["orderStatusChanged"]["version"]
    await kill(mortal, "order")
    [end] = await take(stream, 1)
    assert [error["extensions"] for error in end["errors"]] == [
        {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}
    ]
    assert [rest async for rest in stream] == []
    await advance(mortal, support, order, "ON_HOLD", "PAID", "IN_PRODUCTION")
    resumed = getattr(mortal, transport)(FOLLOW, admin, id=order["id"], after=seen)
    missed = [result["data"]["orderStatusChanged"]["status"] for result in await take(resumed, 3)]
    assert missed == ["ON_HOLD", "PAID", "IN_PRODUCTION"]
    await resumed.aclose()


async def test_the_feed_of_a_customer_resumes_without_gap_or_double(mortal: Shop) -> None:
    customer, support = await mortal.log_in("customer"), await mortal.log_in("support")
    owner = (await mortal.execute("{ me { id } }", customer)).data["me"]["id"]
    order = (await mortal.execute(ORDERS_OF, support, id=owner)).data["orders"]["nodes"][0]
    before, stream = order["version"], mortal.sse(MY_ORDERS, customer)
    [start] = await take(stream, 1)
    assert start["data"]["myOrderFeed"]["kind"] == "START"
    seen: list[dict[str, Any]] = []

    async def read_on(results: AsyncGenerator[Any, None]) -> None:
        """Read until the version is told that the order has now."""
        while not seen or seen[-1]["orderId"] != order["id"] or seen[-1]["entry"] != {"version": order["version"]}:
            [result] = await take(results, 1)
            seen.append(result["data"]["myOrderFeed"])

    await advance(mortal, support, order, "ON_HOLD")
    await read_on(stream)
    await kill(mortal, "order")
    await advance(mortal, support, order, order["status"], "ON_HOLD")
    await kill(mortal, "valkey")
    resumed = mortal.sse(MY_ORDERS, customer, after=seen[-1]["cursor"])
    await read_on(resumed)
    await advance(mortal, support, order, order["status"])
    await read_on(resumed)
    await resumed.aclose()
    versions = [each["entry"]["version"] for each in seen if each["orderId"] == order["id"] and each["entry"]]
    assert versions == [*range(before + 1, order["version"] + 1)]
    assert len({each["cursor"] for each in seen}) == len(seen)


async def test_no_process_outlives_a_killed_supervisor(mortal: Shop) -> None:
    below = descendants(mortal.process.pid)
    assert len(below) >= len(PARTS)
    mortal.process.kill()
    mortal.process.wait()
    async with in_time():
        while any(alive(pid) for pid in below):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.to_thread(mortal.restart)
    assert (await until_answered(mortal, await mortal.log_in("customer")))["orders"]["edges"]
