"""Subscriptions through the router, as event streams and over WebSocket."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Frame, Opcode
from websockets.protocol import Event
from websockets.typing import Subprotocol

from tests.router.servers import ADVANCE, FOLLOW, Testbed
from tests.router.tokens import token
from tests.router.toy.orders import LAST_VERSION
from tests.support.http import http_client

JOINED = {"customer": {"name": "Person u1 ñ🐾"}, "design": {"name": "Design d1"}}


def change(version: int) -> dict[str, Any]:
    return {"data": {"orderStatusChanged": {"version": version, "order": JOINED}}}


class Pinged(ClientConnection):
    """A connection that counts the signs of life of its other end."""

    pings = 0

    def process_event(self, event: Event) -> None:
        if isinstance(event, Frame) and event.opcode is Opcode.PING:
            self.pings += 1
        super().process_event(event)


@asynccontextmanager
async def socket(testbed: Testbed, **parameters: str) -> AsyncIterator[ClientConnection]:
    address = testbed.url.replace("http", "ws")
    subprotocols = [Subprotocol("graphql-transport-ws")]
    async with connect(address, subprotocols=subprotocols, create_connection=Pinged, proxy=None) as connection:
        await connection.send(json.dumps({"type": "connection_init", "payload": parameters}))
        assert json.loads(await connection.recv()) == {"type": "connection_ack"}
        yield connection


async def operation(connection: ClientConnection, query: str, **variables: Any) -> AsyncIterator[dict[str, Any]]:
    """Runs one operation alone on a connection; yields its payloads until it ends, those of `error` as a result."""
    payload = {"query": query, "variables": variables}
    await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
    async for text in connection:
        message = json.loads(text)
        if message["type"] == "complete":
            return
        if message["type"] == "error":
            yield {"errors": message["payload"]}
            return
        yield message["payload"]


async def test_an_event_stream_carries_each_change_joined_with_other_subgraphs(testbed: Testbed) -> None:
    async with testbed.follow("sse") as payloads:
        for version in range(1, LAST_VERSION + 1):
            await testbed.execute(ADVANCE, order="sse")
            assert await anext(payloads) == change(version)
        await testbed.execute(ADVANCE, order="sse")
        assert [payload async for payload in payloads] == []


async def test_a_web_socket_carries_each_change_joined_with_other_subgraphs(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        payloads = operation(connection, FOLLOW, order="ws")
        for version in range(1, LAST_VERSION + 1):
            await testbed.execute(ADVANCE, order="ws")
            assert await anext(payloads) == change(version)
        await testbed.execute(ADVANCE, order="ws")
        assert [payload async for payload in payloads] == []


async def test_a_web_socket_runs_mutations_and_queries_with_its_own_identity(testbed: Testbed) -> None:
    authorization = f"Bearer {token()}"
    async with socket(testbed, Authorization=authorization) as connection:
        moved = [payload async for payload in operation(connection, ADVANCE, order="moved")]
        assert [payload["data"] for payload in moved] == [{"orderStatusAdvance": 1}]
        [payload] = [payload async for payload in operation(connection, "{ me { headers } }")]
        assert payload["data"]["me"]["headers"][0] == f"authorization: {authorization}"


async def test_an_error_over_web_socket_has_its_code_and_no_http_status(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        [payload] = [payload async for payload in operation(connection, "{")]
    assert payload["errors"][0]["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}


async def test_a_web_socket_that_sends_too_much_is_closed(testbed: Testbed) -> None:
    async with socket(testbed) as connection:
        with pytest.raises(ConnectionClosedError) as closed:
            [_ async for _ in operation(connection, "{ me { id } }", padding="x" * 2_000_000)]
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    assert (await testbed.execute("{ me { id } }"))["data"] == {"me": {"id": "u1"}}


async def test_a_client_that_leaves_ends_the_subscription_at_the_subgraph(testbed: Testbed) -> None:
    async with testbed.follow("left"):
        await testbed.until_watched_by(1)
    await testbed.until_watched_by(0)


async def test_a_failing_subgraph_costs_its_fields_of_an_event(testbed: Testbed) -> None:
    query = 'subscription { orderStatusChanged(orderId: "partial") { version order { customer { name trail } } } }'
    await testbed.execute(ADVANCE, order="partial")
    async with socket(testbed) as connection:
        payload = await anext(operation(connection, query))
    customer = {"name": "Person u1 ñ🐾", "trail": None}
    assert payload["data"] == {"orderStatusChanged": {"version": 1, "order": {"customer": customer}}}
    assert [error["extensions"]["code"] for error in payload["errors"]] == ["SUBGRAPH_UNAVAILABLE"]


async def test_a_cut_stream_ends_with_a_coded_error_and_is_resumed(testbed: Testbed) -> None:
    async with testbed.follow("cut") as payloads:
        await testbed.execute(ADVANCE, order="cut")
        assert await anext(payloads) == change(1)
        testbed.kill("order")
        try:
            [last] = [payload async for payload in payloads]
        finally:
            testbed.start_toy("order")
    [error] = last["errors"]
    assert error["extensions"] == {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}
    await asyncio.gather(*[testbed.execute(ADVANCE, order="cut") for _ in range(2)])
    async with testbed.follow("cut", after=1) as payloads:
        assert await anext(payloads) == change(2)


async def test_a_subgraph_that_stands_still_is_noticed_and_the_stream_is_resumed(
    testbed: Testbed, impatient: Testbed
) -> None:
    async with impatient.follow("still") as payloads:
        await testbed.execute(ADVANCE, order="still")
        assert await anext(payloads) == change(1)
        testbed.running["order"].send_signal(signal.SIGSTOP)
        try:
            [last] = [payload async for payload in payloads]
        finally:
            testbed.running["order"].send_signal(signal.SIGCONT)
    [error] = last["errors"]
    assert error["extensions"] == {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}
    await testbed.until_watched_by(0)
    await testbed.execute(ADVANCE, order="still")
    async with impatient.follow("still", after=1) as payloads:
        assert await anext(payloads) == change(2)


async def test_quiet_streams_give_signs_of_life_and_then_tell_what_happens(testbed: Testbed) -> None:
    async with socket(testbed) as connection, http_client() as client:
        reported = asyncio.ensure_future(anext(operation(connection, FOLLOW, order="quiet")))
        body = {"query": FOLLOW, "variables": {"order": "quiet"}}
        async with client.stream("POST", testbed.url, json=body, headers={"accept": "text/event-stream"}) as response:
            lines = response.aiter_lines()
            # One comes with the headers, the next when nothing was told for 12 s.
            assert [await next_line(lines, ":") for _ in range(2)] == [":", ":"]
            await testbed.until_watched_by(2)
            assert isinstance(connection, Pinged)
            assert connection.pings >= 1
            assert not reported.done()
            await testbed.execute(ADVANCE, order="quiet")
            assert await reported == change(1)
            assert json.loads((await next_line(lines, "data: {")).removeprefix("data: ")) == change(1)


async def next_line(lines: AsyncIterator[str], beginning: str) -> str:
    return await anext(line async for line in lines if line.startswith(beginning))


async def test_a_subscription_to_a_stopped_subgraph_is_refused_with_its_code(testbed: Testbed) -> None:
    testbed.kill("order")
    try:
        async with testbed.follow("down") as payloads:
            [payload] = [payload async for payload in payloads]
    finally:
        testbed.start_toy("order")
    assert [error["extensions"]["code"] for error in payload["errors"]] == ["SUBGRAPH_UNAVAILABLE"]


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "multipart/mixed, application/json",
        "multipart/mixed;subscriptionSpec=2.0, application/json",
        "application/json, text/event-stream;q=0",
    ],
)
async def test_a_subscription_that_cannot_be_read_never_starts(testbed: Testbed, accept: str) -> None:
    response = await testbed.post(FOLLOW, headers={"accept": accept}, order="multipart")
    assert response.status_code == httpx.codes.NOT_ACCEPTABLE
    assert response.json()["errors"][0]["extensions"] == {"code": "NOT_ACCEPTABLE"}
    assert (await testbed.execute("{ watchers }"))["data"] == {"watchers": 0}
