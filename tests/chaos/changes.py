"""Places orders and moves them through the router, remembering exactly what was acknowledged."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from shared.core.ids import new_id
from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service.placement import place_order
from subgraphs.user.service.keys import KeyRing
from tests.chaos.kills import spread
from tests.order.factories import TO_THE_END, new_order
from tests.support.apps import just_authenticated
from tests.support.http import http_client
from tests.support.shop import Shop

STEPS = [status.value for status in TO_THE_END]
TOKEN_SECONDS = 300.0
PAUSE_SECONDS = 0.2

ADVANCE = """
mutation ($id: ID!, $version: Int!, $to: OrderStatus!) {
  orderStatusAdvance(input: { orderId: $id, version: $version, to: $to }) {
    __typename
    ... on OrderStatusAdvanceSuccess { order { status version } }
    ... on Problem { code }
  }
}
"""
READ = "query ($id: ID!) { order(id: $id) { status version } }"


class Changes:
    """Moves orders from PENDING to DELIVERED; each of the five moves is a change."""

    def __init__(self, shop: Shop, keys: KeyRing) -> None:
        self._shop = shop
        self._keys = keys
        self._client = http_client(timeout=10, limits=httpx.Limits(max_connections=64))
        self._token = ""
        self._token_at = -TOKEN_SECONDS
        self.acknowledged: dict[str, dict[int, str]] = {}
        self.outcomes: Counter[str] = Counter()

    async def place(self, database: Database, people: Pseudonymizer, orders: int) -> None:
        """Place guests' orders."""
        for _ in range(orders):
            async with database.write() as session:
                order = await place_order(session, people, new_order(None))
            self.acknowledged[order.id] = {1: "PENDING"}

    @property
    def done(self) -> int:
        """How many changes were acknowledged or, after a broken answer, found to be made."""
        return sum(len(versions) - 1 for versions in self.acknowledged.values())

    async def run(self, at_once: int, kills: int, killed: Callable[[], int]) -> None:
        """Move all orders from where they are to the end, some at once, spread evenly over so many kills.

        The last begins after the last kill, or a quick shop would be done before it; unless there are more kills than
        orders to wait for them, since a kill waits for changes too.
        """
        orders = len(self.acknowledged)
        last = orders - 1 if kills < orders else orders

        async def move(order_id: str) -> None:
            for step in range(len(self.acknowledged[order_id]) - 1, len(STEPS)):
                await self._change(order_id, step)

        await spread(self.acknowledged, move, at_once, lambda number: killed() >= number * kills // last)
        await self._client.aclose()

    async def _change(self, order_id: str, step: int) -> None:
        """Repeat one move until it is certain that it was made."""
        version, to = step + 1, STEPS[step]
        while True:
            moved = await self._ask(ADVANCE, "orderStatusAdvance", id=order_id, version=version, to=to)
            if moved is not None and moved["__typename"] == "OrderStatusAdvanceSuccess":
                assert moved["order"] == {"status": to, "version": version + 1}
                self.outcomes["acknowledged"] += 1
                break
            now = await self._ask(READ, "order", id=order_id)
            if now is not None and now["version"] > version:
                assert now == {"status": to, "version": version + 1}
                self.outcomes["made, but the answer was lost"] += 1
                break
            self.outcomes["asked again"] += 1
            assert self._shop.process.poll() is None, "the shop has ended: " + self._shop.output[-2000:]
            await asyncio.sleep(PAUSE_SECONDS)
        self.acknowledged[order_id][version + 1] = to

    async def _ask(self, query: str, field: str, **variables: Any) -> Any:
        """Return a field of the answer, or None where there is none to rely on."""
        headers = {"authorization": f"Bearer {self.fresh_token()}"}
        payload = {"query": query, "variables": variables}
        try:
            response = await self._client.post(self._shop.url, json=payload, headers=headers)
            return (response.json().get("data") or {}).get(field)
        except (httpx.HTTPError, ValueError):
            return None

    def fresh_token(self) -> str:
        """Return an access token of the staff that moves orders."""
        if time.monotonic() - self._token_at > TOKEN_SECONDS:
            self._token = self._keys.sign(new_id("usr"), ["SUPPORT"], new_id("ses"), just_authenticated())[0]
            self._token_at = time.monotonic()
        return self._token
