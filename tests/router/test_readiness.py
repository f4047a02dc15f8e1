"""The router is ready when a first request would be answered, and says what is missing."""

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
