"""The composed shop in production: journeys, an update of everything under load, and servers that are killed."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx
import pytest

from shared.core.ids import new_id
from tests.deploy.clients import Shop, Staff, Stream, made_design, placed_order
from tests.deploy.composed import Composed
from tests.deploy.conftest import FIRST, SECOND
from tests.deploy.load import Audience, Load
from tests.order.factories import TO_THE_END
from tests.support.waiting import eventually, soon

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800)]

ORDERS = 100
REPLICATED = ("worker", "user", "builder", "order", "webhook", "analytics", "audit", "router")
SERVERS = {"postgres": "postgres", "broker": "redis-server", "cache": "redis-server"}


async def test_production_runs_the_apps_operations_alone_and_serves_the_apps(shop: Shop) -> None:
    refused = await shop.http.post("/graphql", json={"query": "{ __typename }"})
    assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["PERSISTED_QUERY_ID_REQUIRED"]
    assert (await shop.run("WebShop"))["shop"]["currencies"]
    for path in ("/", "/admin", "/mobile"):
        page = await shop.http.get(path, headers={"accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), path


async def test_what_is_beside_the_graph_is_reached_through_the_balancer(shop: Shop, customer: str) -> None:
    assert (await shop.http.post("/webhooks/internal", json={})).status_code == httpx.codes.UNAUTHORIZED
    design = await made_design(shop, customer)
    [found] = [each for each in (await shop.run("WebMyDesigns", customer))["designs"]["nodes"] if each["id"] == design]
    picture = await shop.http.get(found["previewUrl"])
    assert (picture.status_code, picture.headers["content-type"].partition("/")[0]) == (200, "image")


async def test_an_order_is_followed_from_checkout_to_delivery_over_both_transports(
    shop: Shop, staff: Staff, customer: str
) -> None:
    order = await placed_order(shop, customer, await made_design(shop, customer), "journey@customer.example")
    streams = [Stream(shop, staff, order["id"], transport) for transport in ("sse", "websocket")]
    way = [status.value for status in TO_THE_END]
    following = [asyncio.create_task(stream.follow(lambda each: each.statuses[-1:] == way[-1:])) for stream in streams]
    version = order["version"]
    for status in way:
        moved = await shop.mutate("AdminOrderAdvance", staff.token, orderId=order["id"], version=version, to=status)
        version = moved["order"]["version"]
    await soon(asyncio.gather(*following))
    for stream in streams:
        assert stream.statuses == ["PENDING", *way], stream.transport
        assert (stream.cut, stream.wrong) == (0, [])


@pytest.fixture(scope="module")
def report(request: pytest.FixtureRequest) -> Any:
    """Prints figures, which are what the tests of this module are for."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    assert terminal is not None
    return lambda line: terminal.write_line(f"\n{line}")


async def placed(shop: Shop, customer: str, count: int) -> dict[str, int]:
    """Place orders of one customer, and return their versions by their ids."""
    design = await made_design(shop, customer)
    made = [await placed_order(shop, customer, design, f"{new_id('ord')}@customer.example") for _ in range(count)]
    return {order["id"]: order["version"] for order in made}


def audience(shop: Shop, staff: Staff, orders: Sequence[str]) -> Audience:
    return Audience([Stream(shop, staff, each, ("sse", "websocket")[at % 2]) for at, each in enumerate(orders)])


async def test_an_update_of_everything_fails_no_request_and_no_stream_misses_a_version(
    shop: Shop, staff: Staff, customer: str, containers: tuple[Composed, str], report: Any
) -> None:
    running, _ = containers
    orders = await placed(shop, customer, ORDERS)
    await staff.refresh()
    listeners, load = audience(shop, staff, list(orders)), Load(shop, staff, orders)
    async with listeners.following(lambda: orders), load.running():
        running.set_variable("PETPLUS_VERSION", SECOND)
        await asyncio.to_thread(running.update)
    report(f"update: {load.figures()}")
    report(f"update: {listeners.figures()}")
    images = await asyncio.to_thread(running.images)
    assert {image.rpartition(":")[2] for name in REPLICATED for image in images[name]} == {SECOND} != {FIRST}
    assert load.kinds_of_failures() == {}
    assert (listeners.faults, [stream.wrong for stream in listeners.streams if stream.wrong]) == (0, [])
    await check_end(shop, staff, running, orders)


async def test_servers_that_are_killed_lose_nothing_that_was_acknowledged(
    shop: Shop, staff: Staff, customer: str, containers: tuple[Composed, str], report: Any
) -> None:
    running, _ = containers
    orders = await placed(shop, customer, ORDERS // 2)
    await staff.refresh()
    listeners, load = audience(shop, staff, list(orders)), Load(shop, staff, orders)
    async with listeners.following(lambda: orders), load.running():
        for service, process in SERVERS.items():
            await asyncio.to_thread(running.kill, service, process)
            await eventually(partial(asyncio.to_thread, running.restarts, service), pause=0.5)
            await until_it_answers(shop, staff, next(iter(orders)))
    # Requests fail while nobody answers.
    report(f"{', '.join(SERVERS)} killed: {load.figures()}")
    report(f"{', '.join(SERVERS)} killed: {listeners.figures()}")
    assert listeners.faults == 0
    await check_end(shop, staff, running, orders)


async def until_it_answers(shop: Shop, staff: Staff, order_id: str) -> None:
    async def is_answered() -> bool:
        try:
            answer = (await shop.send("WebOrder", staff.token, id=order_id)).json()
        except (httpx.HTTPError, ValueError):
            return False
        return answer.get("data", {}).get("order") is not None and "errors" not in answer

    await eventually(is_answered)


async def check_end(shop: Shop, staff: Staff, running: Composed, orders: dict[str, int]) -> None:
    """Each change is in the audit log exactly once, none that was acknowledged is missing, and the log is intact."""
    versions = {each: (await shop.run("WebOrder", staff.token, id=each))["order"]["version"] for each in orders}
    assert [each for each, version in orders.items() if versions[each] < version] == []

    async def logged(order_id: str) -> int:
        trail = await shop.run("AdminOrderAudit", staff.token, id=order_id, first=100)
        return [each["action"] for each in trail["order"]["auditTrail"]["nodes"]].count("order.status_changed")

    async def all_logged() -> bool:
        return all([await logged(each) >= version - 1 for each, version in versions.items()])

    await eventually(all_logged, pause=1)
    assert {each: await logged(each) + 1 for each in versions} == versions
    assert "intact" in await asyncio.to_thread(running.petplus, "audit", "verify")
