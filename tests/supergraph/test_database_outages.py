"""kill -9 of PostgreSQL again and again, while subgraphs are killed too: the shop rides it out and loses nothing."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from petplus import registry
from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.supergraph.test_journeys import OPEN_ORDERS
from tests.supergraph.test_kills import PLACE_OF_ORDER, process_of, until_answered
from tests.support.shop import Shop, shop
from tests.support.waiting import eventually, in_time

pytestmark = pytest.mark.endurance

# With each a pair of subgraphs dies, so that they start while the database recovers. The supervisor tolerates five
# deaths of a service a minute.
VICTIMS = (("order", "user"), ("audit", "order"), ("user", "analytics"), ("webhook", "builder"))
ADVANCE = """
mutation ($id: ID!, $version: Int!, $to: OrderStatus!) {
  orderStatusAdvance(input: { orderId: $id, version: $version, to: $to }) {
    ... on OrderStatusAdvanceSuccess { order { version } }
    ... on Problem { code }
  }
}
"""
# What a client may be told while the database or a subgraph is away. Anything else would be a bug that shows.
PLAIN = {"UNAVAILABLE", "SUBGRAPH_UNAVAILABLE"}


@pytest.fixture
def sturdy(tmp_path: Path) -> Iterator[Shop]:
    """A seeded shop, a process for each subgraph."""
    with shop(tmp_path / "home", "--no-seed", "--split") as up:
        up.seed()
        yield up


class Changes:
    """Holds and releases one order for ever; remembers what was acknowledged, and every code that it was told."""

    def __init__(self, up: Shop, token: str, order_id: str, version: int) -> None:
        self._up = up
        self._token = token
        self._order_id = order_id
        self.version = version
        self.acknowledged = 0
        self.codes: set[str] = set()

    async def run(self) -> None:
        while True:
            await self._once()
            await asyncio.sleep(0.1)

    async def _once(self) -> None:
        try:
            place = await self._up.execute(PLACE_OF_ORDER, self._token, id=self._order_id)
            self.codes |= set(place.codes)
            if place.codes:
                return
            now = place.data["order"]
            assert now["version"] >= self.version, "an acknowledged change is lost"
            to = "ON_HOLD" if now["status"] != "ON_HOLD" else "PAID"
            given = {"id": self._order_id, "version": now["version"], "to": to}
            moved = await self._up.execute(ADVANCE, self._token, **given)
        except (httpx.HTTPError, ValueError):
            return
        self.codes |= set(moved.codes)
        if not moved.codes and "order" in moved.data["orderStatusAdvance"]:
            self.version = moved.data["orderStatusAdvance"]["order"]["version"]
            self.acknowledged += 1


async def kill(up: Shop, *names: str) -> None:
    """Kill parts at once, and wait until the supervisor has another process for each."""
    dead = {name: process_of(up, name) for name in names}
    for pid in dead.values():
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    for name, pid in dead.items():
        async with in_time():
            while process_of(up, name) in (None, pid):
                assert up.process.poll() is None, up.output
                await asyncio.sleep(0.02)


async def until_all_ready(up: Shop) -> None:
    settings = Settings(port=up.port)
    probes = [http_ready(f"http://127.0.0.1:{registry.port_of(name, settings)}/ready") for name in registry.NAMES]

    async def all_ready() -> bool:
        assert up.process.poll() is None, up.output
        return all([await ready() for ready in probes])

    await eventually(all_ready, pause=0.1, about=lambda: up.output[-5000:])


async def test_the_shop_rides_out_deaths_of_its_database_and_of_subgraphs_together(
    sturdy: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    customer, support = await sturdy.log_in("customer"), await sturdy.log_in("support")
    before = await until_answered(sturdy, customer)
    order: dict[str, Any] = (await sturdy.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    changes = Changes(sturdy, support, order["id"], order["version"])
    changing = asyncio.create_task(changes.run())
    for victims in VICTIMS:
        acknowledged = changes.acknowledged
        await kill(sturdy, "postgres", *victims)
        await until_all_ready(sturdy)
        async with in_time():
            while changes.acknowledged < acknowledged + 3:
                assert not changing.done(), changing.exception()
                await asyncio.sleep(0.05)
    changing.cancel()
    await asyncio.gather(changing, return_exceptions=True)
    after = await until_answered(sturdy, customer)
    assert after["designs"] == before["designs"]
    kept = (await sturdy.execute(PLACE_OF_ORDER, support, id=order["id"])).data["order"]
    assert kept["version"] >= changes.version
    assert sturdy.process.poll() is None
    # What was seen: each subgraph that died with the database waited for it.
    assert "while starting" not in sturdy.output
    assert changes.codes <= PLAIN
    with capsys.disabled():
        reported = ", ".join(sorted(changes.codes)) or "no error"
        print(f"\n{changes.acknowledged} changes through {len(VICTIMS)} outages; clients were told: {reported}")  # noqa: T201
