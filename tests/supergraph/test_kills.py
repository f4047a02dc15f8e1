"""kill -9 of every process of a shop in turn: what was acknowledged stays, and the shop answers again."""

import asyncio
import os
import signal
from collections.abc import Iterator
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
PLACE_OF_ORDER = "query ($id: ID!) { order(id: $id) { status version } }"


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A seeded shop for these tests alone."""
    with shop(tmp_path_factory.mktemp("mortal") / "home", "--no-seed", "--split") as up:
        up.run("seed", "--users", "12", "--designs", "40", "--orders", "60")
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
