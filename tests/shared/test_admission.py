"""How many operations a subgraph runs at once: few, in turn by network, and streams apart, only as they begin."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.http.admission import MOST_AT_ONCE, Admission
from shared.http.middleware import Message, Receive, Scope, Send
from shared.http.request import WAIT
from shared.security.fair_queue import RETRY_AFTER_SECONDS, Place
from tests.support.apps import Served, signed
from tests.support.waiting import TEST_TIMEOUT, eventually

OF_NETWORK = MOST_AT_ONCE // 2
CROWD = 1000
SEATED, ELSEWHERE = "198.51.100.7", "203.0.113.9"


class Working:
    """An application behind the admission. Operations end at `go_on`; streams begin at `start`, and end at `go_on`."""

    def __init__(self, wait_seconds: float = TEST_TIMEOUT) -> None:
        self.start, self.go_on, self.begun = asyncio.Event(), asyncio.Event(), 0
        self.admission = Admission(self.app, wait_seconds)

    async def app(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.begun += 1
        if scope["headers"]:
            await self.start.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await self.go_on.wait()
            return
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(
        self, address: str, path: str = "/graphql", is_stream: bool = False, wait_seconds: float | None = None
    ) -> Message:
        """Return the start of the response. `wait_seconds` is what the router has signed."""
        started: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            started.append(message)

        headers = [(b"accept", b"text/event-stream")] if is_stream else []
        scope = {"type": "http", "path": path, "client": (address, 1), "headers": headers}
        await self.admission(scope if wait_seconds is None else {**scope, WAIT: wait_seconds}, receive, send)
        return started[0]

    def asking(self, address: str, **more: Any) -> "asyncio.Task[Message]":
        return asyncio.create_task(self.ask(address, **more))

    async def until_begun(self, count: int) -> None:
        async def are_begun() -> bool:
            return self.begun == count

        await eventually(are_begun)


async def test_beyond_its_share_a_network_waits_and_others_go_on() -> None:
    working = Working()
    asking = [working.asking(SEATED) for _ in range(OF_NETWORK + 1)]
    asking += [working.asking(ELSEWHERE, path="/graphql")]
    await working.until_begun(OF_NETWORK + 1)
    working.go_on.set()
    assert {answer["status"] for answer in await asyncio.gather(*asking)} == {200}
    assert working.begun == len(asking)


@pytest.mark.parametrize("is_signed", [True, False])
async def test_an_operation_that_waits_for_too_long_is_refused_and_does_nothing(is_signed: bool) -> None:
    working = Working(TEST_TIMEOUT if is_signed else 0.01)
    asking = [working.asking(SEATED) for _ in range(OF_NETWORK)]
    await working.until_begun(OF_NETWORK)
    refused = await working.ask(SEATED, wait_seconds=0.01 if is_signed else None)
    assert refused["status"] == 429
    assert (b"retry-after", str(RETRY_AFTER_SECONDS).encode()) in refused["headers"]
    assert working.begun == OF_NETWORK
    # Routes beside the graph have limits of their own.
    beside = working.asking(SEATED, path="/collect")
    await working.until_begun(OF_NETWORK + 1)
    working.go_on.set()
    await asyncio.gather(*asking, beside)


async def test_streams_that_have_begun_hold_no_place() -> None:
    working = Working()
    working.start.set()
    streams = [working.asking(SEATED, is_stream=True) for _ in range(MOST_AT_ONCE * 2)]
    await working.until_begun(MOST_AT_ONCE * 2)
    working.go_on.set()
    await asyncio.gather(*streams)


async def test_a_thousand_streams_of_one_network_wait_for_longer_than_operations_and_all_begin() -> None:
    working = Working(0.01)
    streams = [working.asking(SEATED, is_stream=True) for _ in range(CROWD)]
    await working.until_begun(OF_NETWORK)
    # They keep no operation out.
    operations = [working.asking(SEATED) for _ in range(OF_NETWORK)]
    await working.until_begun(2 * OF_NETWORK)
    assert (await working.ask(SEATED))["status"] == 429
    assert not any(task.done() for task in streams)
    working.start.set()
    await working.until_begun(CROWD + OF_NETWORK)
    working.go_on.set()
    assert {answer["status"] for answer in await asyncio.gather(*streams, *operations)} == {200}


@pytest.mark.parametrize("waits", [True, False])
async def test_a_client_that_leaves_makes_room(waits: bool) -> None:
    working = Working()
    asking = [working.asking(SEATED) for _ in range(OF_NETWORK + 1)]
    await working.until_begun(OF_NETWORK)
    leaving = asking.pop(-1 if waits else 0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    if waits:
        asking.append(working.asking(SEATED))
        asking.pop(0).cancel()
    await working.until_begun(OF_NETWORK + 1)
    working.go_on.set()
    await asyncio.gather(*asking, return_exceptions=True)
    assert working.begun == OF_NETWORK + 1


def admission_of(served: Served) -> Admission:
    """Return the admission, from the stack of a running application."""
    layer: Any = served.app.middleware_stack
    while not isinstance(layer, Admission):
        layer = layer.app
    return layer


@pytest.fixture
async def full(user: Served) -> AsyncIterator[list[Place]]:
    """The places of a subgraph in which no more operations run."""
    await user.client.get("/healthz")  # builds the stack
    admission = admission_of(user)
    places = [await admission.operations.enter(f"192.0.2.{number}", TEST_TIMEOUT) for number in range(MOST_AT_ONCE)]
    yield places
    for place in places:
        place.leave()


@pytest.mark.parametrize("document", ["{ me { id } }", "{"], ids=["valid", "not parsed"])
async def test_a_subgraph_that_is_full_refuses_an_operation_before_it_is_parsed(
    user: Served, full: list[Place], document: str
) -> None:
    body = json.dumps({"query": document}).encode()
    headers = signed(user.runtime.settings, body, to="user", wait_ms=10)
    with user.statements() as sent:
        refused = await user.client.post("/graphql", content=body, headers=headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(RETRY_AFTER_SECONDS))
    [error] = refused.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": RETRY_AFTER_SECONDS}
    assert sent == []
    assert (await user.client.get("/healthz")).status_code == 200
    full.pop().leave()
    assert (await user.execute("{ me { id } }")).data == {"me": None}
