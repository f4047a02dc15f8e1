"""How much the router runs at once: operations and calls, in turn by network, and streams only as they begin."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from shared.core.limits_file import LIMITS
from tests.router.servers import FOLLOW, Testbed
from tests.router.test_streams import socket
from tests.router.test_websocket import receive, subscribe
from tests.support.http import http_client
from tests.support.waiting import eventually

LIMIT = LIMITS.admission
OF_NETWORK = LIMIT.requests // LIMIT.places_share
CALLS_OF_NETWORK = LIMIT.calls_of_subgraph // LIMIT.places_share
SLOW = "{ slow(seconds: %d) }"
BUSY = ("198.51.100.1", "198.51.100.2")
HONEST = "203.0.113.9"
PRESETS = "{ presets { id } }"
SHORT_MS = "300"


@pytest.fixture
def fresh(testbed: Testbed, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """A router that has served nothing yet, and at which nobody waits for long."""
    yield from _router(testbed, _urls[1], PETPLUS_REQUEST_WAIT=SHORT_MS)


@pytest.fixture(scope="module")
def strict(testbed: Testbed, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """A router at which nobody waits for long."""
    yield from _router(testbed, _urls[1], PETPLUS_REQUEST_WAIT=SHORT_MS)


@pytest.fixture(scope="module")
def lasting(testbed: Testbed, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """A router at which everybody waits for a turn."""
    yield from _router(testbed, _urls[1])


def _router(testbed: Testbed, redis: str, **variables: str) -> Iterator[Testbed]:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_REDIS_URL=redis, PETPLUS_TRUSTED_PROXIES="127.0.0.1", **variables)
        yield other
    finally:
        other.stop()


def ask(testbed: Testbed, address: str, query: str, **variables: Any) -> "asyncio.Task[httpx.Response]":
    return asyncio.create_task(testbed.post(query, headers={"x-forwarded-for": address}, **variables))


@asynccontextmanager
async def running(
    testbed: Testbed, *addresses: str, operations: int, different: int = CALLS_OF_NETWORK
) -> AsyncIterator[None]:
    """Let each address have so many operations that do not end, until the end of the block.

    So many of them are different: those that are equal share a call, and so have none to wait for.
    """
    queries = [
        SLOW % (3600 + place * different + number % different)
        for place in range(len(addresses))
        for number in range(operations)
    ]
    callers = [address for address in addresses for _ in range(operations)]
    asked = [ask(testbed, *each) for each in zip(callers, queries, strict=True)]
    try:
        await until_called(testbed, len(addresses) * CALLS_OF_NETWORK)
        yield
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        await until_called(testbed, 0)


async def until_called(testbed: Testbed, count: int) -> None:
    """Wait until the stand-in for order runs so many slow calls. It is asked directly."""
    async with http_client() as client:

        async def runs() -> bool:
            url = f"http://127.0.0.1:{testbed.ports['order']}/graphql"
            found = (await client.post(url, json={"query": "{ waiting }"})).json()
            return bool(found["data"]["waiting"] == count)

        await eventually(runs, pause=0.05)


async def is_refused(testbed: Testbed, address: str) -> bool:
    return (await ask(testbed, address, PRESETS)).status_code == 429


async def is_answered(testbed: Testbed, address: str) -> bool:
    return (await ask(testbed, address, PRESETS)).status_code == 200


async def test_beyond_its_share_of_operations_a_network_is_refused_and_others_are_answered(fresh: Testbed) -> None:
    async with running(fresh, BUSY[0], operations=OF_NETWORK):
        await eventually(lambda: is_refused(fresh, BUSY[0]))
        for document in (PRESETS, "{"):  # refused before it is parsed
            refused = await ask(fresh, BUSY[0], document)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, str(LIMIT.retry_after_seconds))
            assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["RATE_LIMITED"]
        assert await is_answered(fresh, HONEST)
    await eventually(lambda: is_answered(fresh, BUSY[0]))


async def test_where_everything_is_taken_operations_are_refused_over_any_transport(strict: Testbed) -> None:
    async with running(strict, *BUSY, operations=OF_NETWORK):
        await eventually(lambda: is_refused(strict, HONEST))
        async with socket(strict) as connection:
            await subscribe(connection, "1", PRESETS)
            refused = await receive(connection)
            assert refused["type"] == "error"
            [error] = refused["payload"]
            assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": LIMIT.retry_after_seconds}
        async with http_client() as client:
            by_get = await client.get(f"{strict.url}?documentId=sha256:{'0' * 64}")
            assert (by_get.status_code, by_get.headers["retry-after"]) == (429, str(LIMIT.retry_after_seconds))
    await eventually(lambda: is_answered(strict, HONEST))


async def test_beyond_its_share_of_calls_a_network_gets_no_field_of_a_subgraph_and_others_do(strict: Testbed) -> None:
    async with running(strict, BUSY[0], operations=CALLS_OF_NETWORK):
        refused = await ask(strict, BUSY[0], "{ presets { id } watchers }")
        assert (refused.status_code, refused.headers["retry-after"]) == (200, str(LIMIT.retry_after_seconds))
        [error] = refused.json()["errors"]
        assert error["path"] == ["watchers"]
        assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": LIMIT.retry_after_seconds}
        assert "errors" not in (await ask(strict, HONEST, "{ presets { id } watchers }")).json()
        assert await is_answered(strict, BUSY[0])


async def test_a_subgraph_is_told_how_long_an_operation_may_still_wait(strict: Testbed) -> None:
    found = (await ask(strict, HONEST, "{ me { signedWait } }")).json()
    assert 0 < found["data"]["me"]["signedWait"] <= float(SHORT_MS) / 1000


async def test_where_a_network_has_no_call_left_its_subscriptions_begin_all_the_same(strict: Testbed) -> None:
    headers = {"accept": "text/event-stream", "x-forwarded-for": BUSY[0]}
    body = {"query": FOLLOW, "variables": {"order": "apart"}}
    async with running(strict, BUSY[0], operations=CALLS_OF_NETWORK):
        refused = (await ask(strict, BUSY[0], "{ watchers }")).json()
        assert [error["extensions"]["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
        async with http_client() as client, client.stream("POST", strict.url, json=body, headers=headers) as response:
            assert response.status_code == httpx.codes.OK
            await strict.until_watched_by(1)
    await strict.until_watched_by(0)


async def test_streams_that_have_begun_hold_no_place(lasting: Testbed) -> None:
    async with socket(lasting) as connection:
        for number in range(OF_NETWORK + 1):
            await subscribe(connection, str(number), FOLLOW, order=f"admitted-{number}")
        await lasting.until_watched_by(OF_NETWORK + 1)
        assert (await lasting.execute(PRESETS))["data"]
    await lasting.until_watched_by(0)


async def test_clients_that_leave_give_back_their_places(lasting: Testbed) -> None:
    for _ in range(3):
        # Whichever of them are admitted, some wait for a call, and others to be admitted.
        async with running(lasting, BUSY[0], operations=OF_NETWORK + 8, different=OF_NETWORK + 8):
            pass
    assert await is_answered(lasting, BUSY[0])
