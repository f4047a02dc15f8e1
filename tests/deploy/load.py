"""A load of fifty requests a second, each fifth a mutation: staff hold and release orders, and read between."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.deploy.clients import Shop, Staff, Stream
from tests.support.waiting import eventually, in_time

REQUESTS_PER_SECOND = 50
LIGHT = ("WebOrder", "WebStorefront", "WebMe", "WebShop", "change")
# The page of staff asks five subgraphs.
REQUESTS = (*LIGHT, *LIGHT, *LIGHT, *LIGHT[:3], "AdminOrder", "change")


@dataclass
class Load:
    """What came of the requests, and what was acknowledged of each order."""

    shop: Shop
    staff: Staff
    orders: dict[str, int]
    """The last acknowledged version of each order, by its id."""
    answered: int = 0
    mutations: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send requests for the length of the block."""
        over = asyncio.Event()
        began = time.monotonic()
        interval = len(self.orders) / REQUESTS_PER_SECOND
        clients = [
            asyncio.create_task(self._client(order_id, number * interval / len(self.orders), interval, over))
            for number, order_id in enumerate(self.orders)
        ]
        try:
            yield
        finally:
            over.set()
            async with in_time():
                await asyncio.gather(*clients)
            self.elapsed = time.monotonic() - began

    async def _client(self, order_id: str, offset: float, interval: float, over: asyncio.Event) -> None:
        is_held = False
        due = time.monotonic() + offset
        for name in itertools.cycle(REQUESTS):
            if await _is_over(over, due - time.monotonic()):
                return
            due = max(due + interval, time.monotonic())
            if name == "change":
                is_held = await self._change(order_id, is_held)
            elif name.endswith("Order"):
                await self._send(name, id=order_id)
            else:
                await self._send(name)

    async def _change(self, order_id: str, is_held: bool) -> bool:
        self.mutations += 1
        name = "AdminOrderRelease" if is_held else "AdminOrderHold"
        data = await self._send(name, input={"orderId": order_id, "version": self.orders[order_id]})
        if data is None:
            return await self._look(order_id, is_held)
        [result] = data.values()
        if "order" not in result:
            self.failures.append(f"{name}: {result}")
            return await self._look(order_id, is_held)
        self.orders[order_id] = result["order"]["version"]
        return not is_held

    async def _look(self, order_id: str, is_held: bool) -> bool:
        """Find out where an order stands whose change was not acknowledged."""
        data = await self._send("WebOrder", id=order_id)
        if data is None:
            return is_held
        self.orders[order_id] = data["order"]["version"]
        return bool(data["order"]["status"] == "ON_HOLD")

    async def _send(self, name: str, **variables: Any) -> Any:
        began = time.monotonic()
        try:
            response = await self.shop.send(name, self.staff.token, **variables)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            self.failures.append(f"{name}: {error!r}")
            return None
        self.seconds.append(time.monotonic() - began)
        if "errors" in answer:
            self.failures.append(f"{name}: {response.status_code} {answer['errors']}")
            return None
        self.answered += 1
        return answer["data"]

    def figures(self) -> str:
        """Return one line of figures."""
        ranked = sorted(self.seconds)
        middle, late = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
        sent = self.answered + len(self.failures)
        rate = sent / self.elapsed
        return (
            f"{sent} requests in {self.elapsed:.0f} s ({rate:.0f}/s, {self.mutations} mutations), "
            f"{len(self.failures)} failed, median {middle * 1000:.0f} ms, 99 % {late * 1000:.0f} ms"
        )

    def kinds_of_failures(self) -> Counter[str]:
        """Count the failures by what they say, without the rest of long ones."""
        return Counter(failure[:300] for failure in self.failures)


async def _is_over(over: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(over.wait(), max(seconds, 0.001))
    except TimeoutError:
        return False
    return True


@dataclass
class Audience:
    """Streams of orders, half of them by each transport."""

    streams: Sequence[Stream]

    @asynccontextmanager
    async def following(self, last_versions: Callable[[], dict[str, int]]) -> AsyncIterator[None]:
        """Follow for the length of the block, and then until each stream has the last version of its order."""
        over = asyncio.Event()

        def is_done(stream: Stream) -> bool:
            return over.is_set() and bool(stream.versions) and stream.versions[-1] >= last_versions()[stream.order_id]

        async def all_done() -> bool:
            return all(map(is_done, self.streams))

        tasks = [asyncio.create_task(stream.follow(is_done)) for stream in self.streams]
        try:
            yield
        finally:
            over.set()
            # A stream that has the last version waits for another, so none ends by itself.
            await eventually(all_done, pause=0.1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def figures(self) -> str:
        """Return one line of figures."""
        seen = sum(len(stream.versions) for stream in self.streams)
        resumed = sum(stream.resumed for stream in self.streams)
        cut = sum(stream.cut for stream in self.streams)
        return (
            f"{len(self.streams)} streams, {seen} versions, {resumed} resumed, {cut} of them cut without a word, "
            f"{self.faults} missed or doubled"
        )

    @property
    def faults(self) -> int:
        """How many versions were missed or came twice."""
        return sum(
            abs(later - earlier - 1)
            for stream in self.streams
            for earlier, later in itertools.pairwise([0, *stream.versions])
        )
