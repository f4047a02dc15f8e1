"""Subscriptions in Apollo's multipart protocol, which Apollo Client, Kotlin and iOS speak over HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.router.servers import ADVANCE, FOLLOW, Testbed
from tests.router.test_streams import change
from tests.router.toy.orders import LAST_VERSION
from tests.support.http import http_client

ACCEPT = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'
HEAD = "\r\ncontent-type: application/json\r\n\r\n"


async def parts(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The bodies of the parts, as they become complete; the response must end after the last boundary."""
    text = ""
    async for chunk in response.aiter_text():
        text += chunk
        *complete, text = text.split("\r\n--graphql")
        for part in complete:
            if part:
                assert part.startswith(HEAD)
                yield json.loads(part.removeprefix(HEAD))
    assert text == "--\r\n"


@asynccontextmanager
async def subscribe(testbed: Testbed, query: str, accept: str = ACCEPT, **variables: Any) -> AsyncIterator[Any]:
    body = {"query": query, "variables": variables}
    async with (
        http_client() as client,
        client.stream("POST", testbed.url, json=body, headers={"accept": accept}) as response,
    ):
        yield response


@pytest.mark.parametrize(
    "accept",
    [ACCEPT, "multipart/mixed;subscriptionSpec=1.0, application/json", 'multipart/mixed; subscriptionSpec="1.0"'],
)
async def test_each_change_is_a_part_and_the_last_boundary_ends_the_stream(testbed: Testbed, accept: str) -> None:
    order = f"parts {accept}"
    async with subscribe(testbed, FOLLOW, accept, order=order) as response:
        assert response.status_code == httpx.codes.OK
        assert response.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
        found = (part async for part in parts(response))
        assert await anext(found) == {}
        for version in range(1, LAST_VERSION + 1):
            await testbed.execute(ADVANCE, order=order)
            assert await anext(part async for part in found if part) == {"payload": change(version)}
        await testbed.execute(ADVANCE, order=order)
        assert [part async for part in found if part] == []


async def test_a_quiet_stream_has_heartbeats_and_ends_with_its_client(testbed: Testbed) -> None:
    async with subscribe(testbed, FOLLOW, order="quiet parts") as response:
        found = parts(response)
        assert [await anext(found) for _ in range(2)] == [{}, {}]
        await testbed.until_watched_by(1)
    await testbed.until_watched_by(0)


async def test_a_cut_stream_tells_its_error_in_the_payload(testbed: Testbed) -> None:
    async with subscribe(testbed, FOLLOW, order="cut parts") as response:
        await testbed.until_watched_by(1)
        testbed.kill("order")
        try:
            [last] = [part async for part in parts(response) if part]
        finally:
            testbed.start_toy("order")
    assert last["payload"]["errors"][0]["extensions"] == {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}


async def test_a_subscription_that_does_not_run_is_told_in_json(testbed: Testbed) -> None:
    async with subscribe(testbed, "subscription { nothing }") as response:
        await response.aread()
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json()["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    async with subscribe(testbed, "subscription { nothing }", "multipart/mixed;subscriptionSpec=1.0") as response:
        [last] = [part async for part in parts(response) if part]
    assert last["payload"] is None
    assert last["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


async def test_a_subscription_to_a_stopped_subgraph_is_told_with_its_code(testbed: Testbed) -> None:
    testbed.kill("order")
    try:
        async with subscribe(testbed, FOLLOW, order="down parts") as response:
            await response.aread()
    finally:
        testbed.start_toy("order")
    assert response.json()["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
