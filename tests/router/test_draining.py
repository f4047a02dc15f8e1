"""A router that stops loses no request: it is unready, serves on for a while, and ends its streams."""

import asyncio
import json
import signal
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.router.servers import ADVANCE, FOLLOW, Testbed
from tests.router.test_disconnects import SLOW, until_waiting
from tests.router.test_streams import socket
from tests.support.http import http_client
from tests.support.waiting import eventually

# Longer than any test: the drain ends by a second signal.
ENDLESS_DRAIN = {"PETPLUS_DRAIN_SECONDS": "600"}
SERVICE_RESTART = 1012


@pytest.fixture
def other(testbed: Testbed) -> Iterator[Testbed]:
    """A router of this test alone, which the test starts and stops."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        yield other
    finally:
        other.stop()


def stop_by_signal(router: Testbed, by: signal.Signals = signal.SIGTERM) -> None:
    router.running["router"].send_signal(by)


async def ended(router: Testbed) -> int:
    """Return the router's exit status, when it has ended."""

    async def has_ended() -> bool:
        return router.running["router"].poll() is not None

    await eventually(has_ended)
    code: int = router.running["router"].returncode
    return code


async def get(router: Testbed, path: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(f"http://127.0.0.1:{router.port}{path}")


async def until_unready(router: Testbed) -> httpx.Response:
    async def unready() -> httpx.Response | None:
        response = await get(router, "/ready")
        return response if response.status_code != httpx.codes.OK else None

    response = await eventually(unready)
    assert response is not None
    return response


async def refuses(router: Testbed) -> bool:
    """Tell whether nobody listens any more."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", router.port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
async def test_a_router_that_drains_is_unready_and_serves_on_until_a_second_signal(
    other: Testbed, by: signal.Signals
) -> None:
    other.start_router(**ENDLESS_DRAIN)
    assert (await other.post("{ watchers }")).headers["connection"] == "keep-alive"
    stop_by_signal(other, by)
    unready = await until_unready(other)
    assert (unready.status_code, unready.json()) == (
        503,
        {"status": "unavailable", "reason": "The process is stopping."},
    )
    alive = await get(other, "/healthz")
    assert (alive.status_code, alive.headers["connection"]) == (200, "close")
    answer = await other.post('{ order(id: "o1") { id } }')
    assert (answer.json()["data"], answer.headers["connection"]) == ({"order": {"id": "o1"}}, "close")
    async with other.follow("drained") as events:
        await other.execute(ADVANCE, order="drained")
        assert (await anext(events))["data"]["orderStatusChanged"]["version"] == 1
        stop_by_signal(other, by)
        assert await ended(other) == -by
        with pytest.raises(httpx.HTTPError):
            # What came before the connection broke may be left.
            [_ async for _ in events]


async def test_a_router_that_stops_sends_streams_elsewhere_and_ends_what_is_in_flight(other: Testbed) -> None:
    other.start_router()
    interrupted = {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}
    following = {"query": FOLLOW, "variables": {"order": "moved"}}
    await other.execute(ADVANCE, order="moved")
    async with other.follow("moved") as events, socket(other) as connection:
        await connection.send(json.dumps({"id": "followed", "type": "subscribe", "payload": following}))
        slow = {"id": "slow", "type": "subscribe", "payload": {"query": SLOW}}
        await connection.send(json.dumps(slow))
        assert (await anext(events))["data"]["orderStatusChanged"]["version"] == 1
        first = json.loads(await connection.recv())
        assert first["payload"]["data"]["orderStatusChanged"]["version"] == 1
        posted = asyncio.create_task(other.post("mutation { slow(seconds: 3) }"))
        await until_waiting(other, 2)
        stop_by_signal(other)

        last = await anext(events)
        assert (last["data"], last["errors"][0]["extensions"]) == (None, interrupted)
        assert await anext(events, None) is None
        told: list[dict[str, Any]] = [json.loads(await connection.recv()) for _ in range(2)]
        assert [(each["id"], each["type"]) for each in told] == [("followed", "next"), ("followed", "complete")]
        assert told[0]["payload"]["errors"][0]["extensions"] == interrupted

        async def nobody_listens() -> bool:
            return await refuses(other)

        await eventually(nobody_listens)
        await connection.send(json.dumps({"id": "again", "type": "subscribe", "payload": following}))
        refused = json.loads(await connection.recv())
        assert (refused["id"], refused["type"]) == ("again", "error")
        assert refused["payload"][0]["extensions"] == {"code": "UNAVAILABLE"}

        answer = await posted
        assert (answer.json()["data"], answer.headers["connection"]) == ({"slow": True}, "close")
        rest = [json.loads(await connection.recv()) for _ in range(2)]
        assert [(each["id"], each["type"]) for each in rest] == [("slow", "next"), ("slow", "complete")]
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (SERVICE_RESTART, "Service restart")
    assert await ended(other) == 0
    assert [json.loads(line)["event"] for line in other.log.read_text().splitlines()] == ["router stopping"]


async def test_a_request_that_outlasts_the_grace_is_cut(other: Testbed) -> None:
    other.start_router(PETPLUS_GRACE_SECONDS="1")
    endless = asyncio.create_task(other.post("{ slow(seconds: 3600) }"))
    await until_waiting(other, 1)
    stop_by_signal(other)
    assert await ended(other) == 0
    with pytest.raises(httpx.HTTPError):
        await endless
