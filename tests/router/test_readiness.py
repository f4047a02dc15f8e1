"""The router is ready when a first request would be answered, and says what is missing."""

import signal
import time
from functools import partial
from typing import Any

import httpx

from tests.router.servers import Testbed
from tests.support.http import http_client
from tests.support.waiting import eventually


async def readiness(testbed: Testbed, path: str = "ready") -> tuple[int, dict[str, Any]]:
    async with http_client() as client:
        response = await client.get(f"http://127.0.0.1:{testbed.port}/{path}")
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()


async def test_the_router_is_ready_though_some_subgraphs_are_not(testbed: Testbed) -> None:
    available = dict.fromkeys(("user", "builder", "order"), "available")
    unavailable = dict.fromkeys(("webhook", "analytics", "audit"), "unavailable")
    for path in ("ready", "readiness"):
        status, found = await readiness(testbed, path)
        assert (status, found) == (200, {"status": "ready", "subgraphs": available | unavailable})


async def test_a_router_without_any_subgraph_is_alive_but_not_ready(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph)
    try:
        other.start_router()
        status, found = await readiness(other)
        async with http_client() as client:
            alive = await client.get(f"http://127.0.0.1:{other.port}/healthz")
        other.start_toy("order")

        async def is_ready() -> bool:
            return (await readiness(other))[0] == httpx.codes.OK

        await eventually(is_ready)
    finally:
        other.stop()
    assert (status, found["status"], found["reason"]) == (503, "unavailable", "No subgraph answers.")
    assert set(found["subgraphs"].values()) == {"unavailable"}
    assert alive.status_code == httpx.codes.OK


async def test_subgraphs_that_are_only_slow_leave_the_router_ready(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph)
    try:
        other.start_toy("order")
        other.start_router()
        assert await eventually(partial(until_ready, other))
        other.running["order"].send_signal(signal.SIGSTOP)
        # Findings are served for a second: of two that differ by more, the later one is of the stopped subgraph.
        found = [await readiness(other)]
        started = time.monotonic()

        async def is_later() -> bool:
            found.append(await readiness(other))
            return time.monotonic() - started > 3

        await eventually(is_later)
        other.running["order"].send_signal(signal.SIGCONT)
        other.kill("order")

        async def is_unready() -> bool:
            return (await readiness(other))[0] == httpx.codes.SERVICE_UNAVAILABLE

        assert await eventually(is_unready)
    finally:
        other.stop()
    assert {status for status, _ in found} == {httpx.codes.OK}


async def until_ready(testbed: Testbed) -> bool:
    return (await readiness(testbed))[0] == httpx.codes.OK
