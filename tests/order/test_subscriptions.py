"""The subscription: every change once and in order, whatever happens to notifications, clients and tokens."""

import asyncio
import datetime as dt
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest
from redis.asyncio import Redis

from petplus import registry
from petplus.local.embedded import EmbeddedValkey
from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.http import sse
from shared.security.auth import Viewer
from shared.subgraph import create_app
from subgraphs.order.enums import OrderStatus
from subgraphs.order.errors import SubscriberTooSlow
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service import status_feed as feeds
from subgraphs.order.service.privacy import forget_customer
from subgraphs.order.service.status_feed import Change, StatusFeed, Subscription
from subgraphs.order.service.subscribers import Subscriber, follow_status
from tests.order.factories import TO_THE_END, move, place
from tests.order.streams import Stream, Streams
from tests.support.apps import Served, listen
from tests.support.waiting import in_time

PATHLESS = "subscription ($id: ID!) { orderStatusChanged(orderId: $id) { order { timeline { version } } } }"


async def test_the_present_status_comes_first_and_then_each_change(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    async with streams.follow(placed.id, customer) as stream:
        first = await stream.change()
        assert first == {
            "version": 1,
            "status": "PENDING",
            "reason": None,
            "order": {"number": placed.number, "status": "PENDING", "version": 1},
        }
        await move(order, placed.id, *TO_THE_END, reason="Next.")
        changes = [await stream.change() for _ in TO_THE_END]
    assert [change["version"] for change in changes] == [2, 3, 4, 5, 6]
    assert [change["status"] for change in changes] == [to.value for to in TO_THE_END]
    assert {change["reason"] for change in changes} == {"Next."}
    assert all(change["order"]["version"] >= change["version"] for change in changes)
    await streams.until_unwatched(placed.id)


async def test_a_change_says_when_it_was_pushed_and_again_when_it_is_resumed(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    query = "subscription ($id: ID!) { orderStatusChanged(orderId: $id, afterVersion: 0) { version at pushedAt } }"
    pushed = [dt.datetime.now(dt.UTC)]
    for _ in range(2):
        async with streams.follow(placed.id, customer, query=query) as stream:
            pushed.append(dt.datetime.fromisoformat((await stream.change())["pushedAt"]))
    assert pushed == sorted(set(pushed))


async def test_a_quiet_stream_gives_signs_of_life_that_are_no_events(
    order: Served, settings: Settings, customer: str, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.05)
    placed = await place(order, customer_id)
    app = create_app(order.subgraph, settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as streams, streams.follow(placed.id, customer) as stream:
        assert (await stream.change())["version"] == 1
        signs = [await anext(stream.lines) for _ in range(6)]
        assert signs == [": ping", ""] * 3
        await move(order, placed.id, OrderStatus.PAID)
        assert (await stream.change())["version"] == 2


async def test_a_change_through_the_mutation_reaches_other_replicas_at_once(
    order: Served, settings: Settings, customer: str, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = await place(order, customer_id)
    cancel = "mutation ($id: ID!) { orderCancel(input: { orderId: $id, version: 1 }) { __typename } }"
    defaults = StatusFeed.__init__.__kwdefaults__
    assert defaults is not None
    # What this replica is not told of it would find too late for the test.
    monkeypatch.setitem(defaults, "poll_seconds", 3600.0)
    app = create_app(registry.load("order"), settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as streams, streams.follow(placed.id, customer) as stream:
        await stream.change()
        assert (await order.execute(cancel, customer, id=placed.id)).data["orderCancel"]
        assert (await stream.change())["status"] == "CANCELLED"
        assert await stream.event() == ("complete", None)


@pytest.mark.parametrize(("after", "expected"), [(0, [1, 2, 3]), (1, [2, 3]), (2, [3]), (3, []), (None, [3])])
async def test_a_resumed_stream_brings_what_was_missed_and_then_what_comes(
    order: Served, streams: Streams, support: str, after: int | None, expected: list[int]
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *TO_THE_END[:2])
    async with streams.follow(placed.id, support, after) as stream:
        assert await stream.versions(len(expected)) == expected
        await move(order, placed.id, TO_THE_END[2])
        assert await stream.versions(1) == [4]


async def test_each_event_shows_fresh_rows(order: Served, streams: Streams, support: str) -> None:
    placed = await place(order, None)
    async with streams.follow(placed.id, support, query=PATHLESS) as stream:
        assert len((await stream.change())["order"]["timeline"]) == 1
        await move(order, placed.id, OrderStatus.PAID)
        assert len((await stream.change())["order"]["timeline"]) == 2


@pytest.mark.parametrize("path", [[OrderStatus.CANCELLED], [OrderStatus.PAID, OrderStatus.REFUNDED]])
async def test_a_stream_completes_when_nothing_can_follow(
    order: Served, streams: Streams, support: str, path: list[OrderStatus]
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *path)
    for after in (None, len(path)):
        async with streams.follow(placed.id, support, after) as stream:
            assert await stream.versions(1) == [len(path) + 1]
            assert await stream.event() == ("complete", None)
    async with streams.follow(placed.id, support, len(path) + 1) as stream:
        assert await stream.event() == ("complete", None)


async def test_foreign_and_unknown_orders_cannot_be_followed(
    order: Served, streams: Streams, stranger: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    for key in (placed.id, new_id("ord"), "", "💥", "x" * 5000):
        for after in (None, 0, 7, -1):
            async with streams.follow(key, stranger, after) as stream:
                assert await stream.failure() == "NOT_FOUND"
            async with streams.follow(key, None, after) as stream:
                assert await stream.failure() == "UNAUTHENTICATED"
    assert placed.id not in streams.feed.watched


@pytest.mark.parametrize("after", [-1, -(2**31), 2, 2**31 - 1])
async def test_versions_that_never_were_are_refused(order: Served, streams: Streams, support: str, after: int) -> None:
    placed = await place(order, None)
    async with streams.follow(placed.id, support, after) as stream:
        assert await stream.failure() == "INVALID_INPUT"
    assert placed.id not in streams.feed.watched


async def test_lost_notifications_cost_time_and_no_change(order: Served, streams: Streams, support: str) -> None:
    placed = await place(order, None)
    async with streams.follow(placed.id, support) as stream:
        await stream.change()
        await move(order, placed.id, *TO_THE_END, notified=False)
        assert await stream.versions(5) == [2, 3, 4, 5, 6]


async def test_subscribers_of_an_order_share_one_fetch(order: Served, streams: Streams, support: str) -> None:
    placed = await place(order, None)
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(streams.follow(placed.id, support)) for _ in range(20)]
        for stream in opened:
            await stream.change()
        with streams.statements() as sent:
            await move(order, placed.id, OrderStatus.PAID)
            assert [await stream.versions(1) for stream in opened] == [[2]] * 20
        # One statement; a poll may fall in between.
        assert 1 <= len(sent) <= 2
    await streams.until_unwatched(placed.id)


async def test_clients_that_come_and_go_at_random_see_every_version_once(
    order: Served, streams: Streams, support: str
) -> None:
    placed = await place(order, None)
    path = [OrderStatus.ON_HOLD, OrderStatus.PENDING] * 10

    async def read(batch: int) -> list[int]:
        seen: list[int] = [1]
        while seen[-1] < len(path) + 1:
            async with streams.follow(placed.id, support, seen[-1]) as stream:
                seen += await stream.versions(min(batch, len(path) + 1 - seen[-1]))
        return seen

    async def change() -> None:
        for place_in_path, to in enumerate(path):
            await move(order, placed.id, to, notified=place_in_path % 3 != 0)

    *read_by, _ = await asyncio.gather(*[read(batch) for batch in (1, 2, 3, 5, 20)], change())
    assert read_by == [list(range(1, len(path) + 2))] * 5


async def test_a_client_that_does_not_read_is_freed_when_it_leaves(
    order: Served, streams: Streams, support: str
) -> None:
    placed = await place(order, None)
    async with streams.follow(placed.id, support):
        await move(order, placed.id, *[OrderStatus.ON_HOLD, OrderStatus.PENDING] * 5)
    await streams.until_unwatched(placed.id)


async def test_a_client_with_full_buffers_is_freed_when_it_leaves(
    order: Served, streams: Streams, support: str
) -> None:
    placed = await place(order, None)
    reasons = " ".join(f"part{number}: reason" for number in range(9))
    parts = " ".join(f"part{number}: timeline {{ {reasons} }}" for number in range(9))
    query = f"subscription ($id: ID!) {{ orderStatusChanged(orderId: $id) {{ order {{ {parts} }} }} }}"
    async with streams.unread(placed.id, support, query):
        # From 50 kB to 2 MB for each change, more than all buffers between here and there take.
        await move(order, placed.id, *[OrderStatus.ON_HOLD, OrderStatus.PENDING] * 20, reason="Because. " * 55)
        assert placed.id in streams.feed.watched
    await streams.until_unwatched(placed.id)


async def test_a_subscriber_that_cannot_keep_up_is_told_to_resume() -> None:
    subscription = Subscription(seen=0)
    for version in range(feeds.MOST_WAITING + 5):
        subscription.offer(Change(OrderTimeline(version=version), Order()))
    for version in range(feeds.MOST_WAITING):
        change = await subscription.next()
        assert change is not None
        assert change.entry.version == version
    with pytest.raises(SubscriberTooSlow) as ended:
        await subscription.next()
    assert ended.value.code == "SUBSCRIBER_TOO_SLOW"


async def test_a_stream_ends_when_its_token_expires(order: Served, streams: Streams, customer_id: str) -> None:
    placed = await place(order, customer_id)
    viewer = Viewer(id=customer_id, expires_at=time.time() + 2)
    feed = order.runtime.resource(StatusFeed)
    changes = follow_status(order.database, feed, Subscriber(viewer), placed.id, None)
    assert (await anext(changes)).entry.version == 1
    assert placed.id in feed.watched
    with pytest.raises(Unauthenticated):
        await anext(changes)
    assert placed.id not in feed.watched


async def test_a_stream_ends_when_the_order_is_no_longer_the_callers(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    async with streams.follow(placed.id, customer) as stream:
        await stream.change()
        async with order.database.write() as session:
            await forget_customer(session, customer_id)
        await move(order, placed.id, OrderStatus.PAID)
        assert await stream.failure() == "NOT_FOUND"


async def until_listening(redis: "Redis") -> None:
    """Wait until the feed's pub/sub connection stands again."""
    async with in_time():
        while True:
            if (await redis.pubsub_numsub(feeds.CHANNEL))[0][1] == 1:
                return
            await asyncio.sleep(0.05)


async def test_without_redis_changes_are_made_and_told_and_it_may_come_back(
    order: Served, settings: Settings, customer_id: str
) -> None:
    home = settings.home / new_id("tmp")
    valkey = EmbeddedValkey(home)
    await valkey.start()
    redis = Redis.from_url(valkey.url)
    feed = StatusFeed(order.database, redis, poll_seconds=0.3)
    viewer = Viewer(id=customer_id)
    placed = await place(order, customer_id)
    try:
        async with feed.running():
            changes = follow_status(order.database, feed, Subscriber(viewer), placed.id, None)
            assert (await anext(changes)).entry.version == 1
            await valkey.stop()
            await move(order, placed.id, OrderStatus.PAID, notified=False)
            await feed.notifier.notify(placed.id)
            assert (await anext(changes)).entry.version == 2
            await valkey.start()
            await move(order, placed.id, OrderStatus.IN_PRODUCTION, notified=False)
            await feed.notifier.notify(placed.id)
            assert (await anext(changes)).entry.version == 3
            await until_listening(redis)
            await changes.aclose()
    finally:
        await redis.aclose()
        await valkey.stop()


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ __typename }", {}, None),
        ("{ __typename", {}, "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (PATHLESS, {}, "BAD_USER_INPUT"),
        (PATHLESS, {"id": {}}, "BAD_USER_INPUT"),
        (
            f"{PATHLESS} {PATHLESS.replace('subscription', 'subscription other')}",
            {"id": "x"},
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
async def test_what_is_no_subscription_or_no_good_one_is_one_event(
    streams: Streams, support: str, query: str, variables: dict[str, Any], code: str | None
) -> None:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {support}"}
    body = {"query": query, "variables": variables}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        assert response.headers["content-type"] == "text/event-stream"
        stream = Stream(response.aiter_lines())
        if code is not None:
            assert await stream.failure() == code
        else:
            assert await stream.event() == ("next", {"data": {"__typename": "Query"}})
            assert await stream.event() == ("complete", None)
