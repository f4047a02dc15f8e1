"""The feed of deliveries: each change reaches each follower, and none is missed by who comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.core.ids import new_id
from tests.order.streams import Stream, Streams
from tests.support.apps import Served
from tests.support.waiting import in_time
from tests.webhook.processing import work
from tests.webhook.senders import take_in

FEED = """
subscription ($after: String, $filter: WebhookDeliveryFilter) {
  webhookFeed(afterCursor: $after, filter: $filter) { cursor delivery { id state attempts events { type } } }
}
"""


@asynccontextmanager
async def follow(streams: Streams, token: str | None, **variables: Any) -> AsyncIterator[Stream]:
    headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {token}"} if token else {})}
    body = {"query": FEED, "variables": variables}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Stream(response.aiter_lines())


async def item(stream: Stream) -> tuple[str, str, str]:
    """Return cursor, delivery and state of the next item."""
    kind, payload = await stream.event()
    assert (kind, payload.get("errors")) == ("next", None)
    found = payload["data"]["webhookFeed"]
    return found["cursor"], found["delivery"]["id"], found["delivery"]["state"]


async def present(webhook: Served, token: str) -> str:
    cursor: str = (await webhook.execute("{ webhookFeedCursor }", token)).data["webhookFeedCursor"]
    return cursor


async def test_arrivals_and_changes_are_told_and_can_be_resumed(
    webhook: Served, streams: Streams, support: str
) -> None:
    shop = f"{new_id('shop')}.example"
    begin = await present(webhook, support)
    async with follow(streams, support, after=begin, filter={"shop": shop}) as stream:
        key = await take_in(webhook, x_shopify_shop_domain=shop)
        cursor, first, state = await item(stream)
        assert (first, state) == (key, "RECEIVED")
        await work(webhook, key)
        assert (await item(stream))[1:] == (key, "PROCESSED")
    other = await take_in(webhook, x_shopify_shop_domain=shop)
    async with follow(streams, support, after=cursor, filter={"shop": shop}) as stream:
        assert [(await item(stream))[1:] for _ in range(2)] == [(key, "PROCESSED"), (other, "RECEIVED")]
    async with follow(streams, support, after=begin, filter={"shop": shop, "states": ["RECEIVED"]}) as stream:
        assert (await item(stream))[1:] == (other, "RECEIVED")


async def test_none_is_missed_while_many_commit_at_once(webhook: Served, streams: Streams, support: str) -> None:
    shop = f"{new_id('shop')}.example"
    begin = await present(webhook, support)

    async def read() -> set[str]:
        seen: set[str] = set()
        async with follow(streams, support, after=begin, filter={"shop": shop}) as stream:
            while len(seen) < 40:
                seen.add((await item(stream))[1])
        return seen

    async with in_time():
        reading = asyncio.create_task(read())
        keys = await asyncio.gather(*[take_in(webhook, x_shopify_shop_domain=shop) for _ in range(40)])
        assert await reading == set(keys)


async def test_only_staff_follow(webhook: Served, streams: Streams, customer: str) -> None:
    for token, code in ((customer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        async with follow(streams, token) as stream:
            assert await stream.failure() == code
        assert (await webhook.execute("{ webhookFeedCursor }", token)).codes == [code]


@pytest.mark.parametrize("after", ["", "x", "💥", "MTIz", "LTE6", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6YQ"])
async def test_cursors_of_nothing_are_refused(webhook: Served, streams: Streams, support: str, after: str) -> None:
    async with follow(streams, support, after=after) as stream:
        assert await stream.failure() == "INVALID_INPUT"
