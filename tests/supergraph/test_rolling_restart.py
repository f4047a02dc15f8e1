"""Processes of a subgraph and routers are replaced one after the other while clients work, and none of them notices.

Balancers that know nothing of HTTP stand before both and look at `/ready`, as a Service of Kubernetes does.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from petplus.local.services import http_ready
from shared.core.settings import Settings
from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service.placement import place_order
from tests.chaos.changes import ADVANCE, READ, STEPS
from tests.order.factories import new_order
from tests.order.streams import FOLLOW
from tests.support.balancer import Balancer
from tests.support.http import http_client
from tests.support.replicas import Command
from tests.support.waiting import eventually

DRAIN = {"PETPLUS_DRAIN_SECONDS": "2"}
"""Twenty times as long as a balancer takes to learn of it."""
PAUSE_SECONDS = 0.1
QUERIES_OF_A_MUTATION = 4
CLIENTS = 2
ENDS_OF_STREAMS = {"SUBSCRIPTION_INTERRUPTED", "UNAVAILABLE"}


@dataclass
class Client:
    """Places orders, moves each to its end between queries, and follows it meanwhile, resuming when it is told to."""

    http: httpx.AsyncClient
    database: Database
    settings: Settings
    answers: int = 0
    resumed: int = 0
    failures: list[Any] = field(default_factory=list)

    async def run(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            async with self.database.write() as session:
                order_id = str((await place_order(session, Pseudonymizer(self.settings), new_order(None))).id)
            versions = asyncio.create_task(self._versions(order_id))
            for number, status in enumerate(STEPS):
                for _ in range(QUERIES_OF_A_MUTATION):
                    await self._execute(READ, id=order_id)
                await self._execute(ADVANCE, id=order_id, version=number + 1, to=status)
            # The last is that of the delivery: none is missed, and none comes twice.
            assert await versions == list(range(1, len(STEPS) + 2))

    async def _execute(self, query: str, **variables: Any) -> None:
        try:
            body = (await self.http.post("/graphql", json={"query": query, "variables": variables})).json()
        except httpx.HTTPError as error:
            self.failures.append(error)
        else:
            self.answers += 1
            if "errors" in body or "code" in body["data"].get("orderStatusAdvance", {}):
                self.failures.append(body)
        await asyncio.sleep(PAUSE_SECONDS)

    async def _versions(self, order_id: str) -> list[int]:
        seen: list[int] = []
        while len(seen) <= len(STEPS):
            async for result in self._results(order_id, seen[-1] if seen else 0):
                if result.get("data") is not None:
                    seen.append(result["data"]["orderStatusChanged"]["version"])
                    if len(seen) > len(STEPS):
                        break
                    continue
                codes = {error["extensions"]["code"] for error in result["errors"]}
                if not codes <= ENDS_OF_STREAMS:
                    self.failures.append(result)
                self.resumed += 1
                break
            else:
                self.failures.append(f"a stream ended untold after {seen}")
        return seen

    async def _results(self, order_id: str, after: int) -> AsyncIterator[dict[str, Any]]:
        body = {"query": FOLLOW, "variables": {"id": order_id, "after": after}}
        headers = {"accept": "text/event-stream"}
        async with self.http.stream("POST", "/graphql", json=body, headers=headers) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    yield json.loads(line.removeprefix("data: "))


async def until_ready(port: int) -> None:
    ready = http_ready(f"http://127.0.0.1:{port}/ready")
    await eventually(ready, pause=0.05)


@dataclass
class Replicas:
    """The processes behind a balancer, of which there is one but for the time in which it is replaced."""

    balancer: Balancer
    start: Callable[[], Command]
    running: dict[int, Command] = field(default_factory=dict)

    async def add(self) -> None:
        """Start a process, and let the balancer have it when it is ready."""
        command = self.start()
        port = port_of(command)
        self.running[port] = command
        await until_ready(port)
        self.balancer.ports.append(port)

    async def replace(self) -> None:
        """Start another process, and stop the first when the other has its share of requests."""
        [(port, old)] = self.running.items()
        await self.add()
        [new] = self.running.keys() - {port}

        async def is_asked() -> bool:
            return self.balancer.requests[new] > 0

        await eventually(is_asked)
        old.process.send_signal(signal.SIGTERM)

        async def has_ended() -> bool:
            return old.process.poll() is not None

        await eventually(has_ended)
        assert old.process.returncode == 0, old.output
        self.balancer.ports.remove(port)
        del self.running[port]


def port_of(command: Command) -> int:
    """Return the port of a router, or of order."""
    return command.settings.port if command.arguments == ("router",) else int(command.url("order").rpartition(":")[2])


@pytest.mark.parametrize("rounds", [1, pytest.param(5, marks=pytest.mark.endurance)])
async def test_a_rolling_update_fails_no_request_and_no_stream_misses_a_version(
    settings: Settings, tmp_path: Path, support: str, rounds: int
) -> None:
    async with AsyncExitStack() as stack:
        database = Database.connect(settings, "order")
        stack.push_async_callback(database.close)
        inner, outer = [await stack.enter_async_context(Balancer.open(checked=True)) for _ in range(2)]
        # So that a new subgraph is asked soon.
        own = {"PETPLUS_ORDER_URL": f"http://127.0.0.1:{inner.port}/graphql", "PETPLUS_UPSTREAM_CONNECTION_AGE": "500"}

        def start(*arguments: str, **variables: str) -> Command:
            command = Command(settings, tmp_path / "log", *arguments, **variables, **DRAIN)
            stack.callback(command.stop)
            return command

        orders = Replicas(inner, partial(start, "serve", "--api-only", "order"))
        routers = Replicas(outer, partial(start, "router", **own))
        await orders.add()
        await routers.add()
        headers = {"authorization": f"Bearer {support}"}
        url = f"http://127.0.0.1:{outer.port}"
        limits = httpx.Limits(max_keepalive_connections=CLIENTS, keepalive_expiry=1)
        http = await stack.enter_async_context(http_client(base_url=url, headers=headers, limits=limits))
        over = asyncio.Event()
        clients = [Client(http, database, settings) for _ in range(CLIENTS)]
        working = [asyncio.create_task(client.run(over.is_set)) for client in clients]
        for _ in range(rounds):
            await orders.replace()
            await routers.replace()
        over.set()
        await asyncio.gather(*working)
    assert [failure for client in clients for failure in client.failures] == [], (tmp_path / "log").read_text()
    assert sum(client.answers for client in clients) >= 50 * rounds
    assert sum(client.resumed for client in clients) >= rounds
