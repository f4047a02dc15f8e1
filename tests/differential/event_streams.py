"""The first events of a subscription, from the router and from the reference."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx

from tests.differential.comparison import Answer, Difference, ReportedError, differences
from tests.differential.documents import Document
from tests.support.waiting import TEST_TIMEOUT

MOST_EVENTS = 2
QUIET_SECONDS = 0.5
"""The reference has sent all that there is when it sends nothing for so long; the router may take longer."""
REFUSED_PLACES = 1
"""A subscription that is refused, or whose stream fails, has an error at its root field and no data."""


async def first_events(events: AsyncIterator[Answer]) -> list[Answer]:
    """Return what the reference sends at once."""
    found: list[Answer] = []
    with suppress(TimeoutError, StopAsyncIteration):
        while len(found) < MOST_EVENTS:
            found.append(await asyncio.wait_for(anext(events), QUIET_SECONDS))
    return found


async def router_events(
    client: httpx.AsyncClient, url: str, document: Document, authorization: str | None, count: int
) -> list[Any]:
    """Return the bodies of as many events as the reference has sent, fewer if the stream ends before."""
    headers = {"content-type": "application/json", "accept": "text/event-stream"}
    if authorization:
        headers["authorization"] = authorization
    found: list[Any] = []
    async with (
        asyncio.timeout(TEST_TIMEOUT),
        client.stream("POST", url, content=document.body, headers=headers) as response,
    ):
        if "event-stream" not in response.headers["content-type"]:
            return [json.loads(await response.aread())]
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                found.append(json.loads(line.removeprefix("data: ")))
            if len(found) == count:
                break
    return found


def without_event(answer: Answer) -> Answer:
    """Return an answer without data if it is the refusal or the end of a stream: its places are not compared."""
    if answer.data is None and all(len(each.path) <= REFUSED_PLACES for each in answer.errors):
        errors = [ReportedError(each.code, ()) for each in answer.errors]
        return Answer(errors=errors, possible={ReportedError(each.code, ()) for each in answer.possible})
    return answer


def differences_of_events(expected: list[Answer], actual: list[Answer]) -> list[Difference]:
    """Return what the router's events have that the reference's have not."""
    if len(actual) != len(expected):
        return [Difference("events", f"{len(actual)} events instead of {len(expected)}")]
    pairs = zip(expected, actual, strict=True)
    return [each for one, other in pairs for each in differences(without_event(one), without_event(other))]
