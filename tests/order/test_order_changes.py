"""All that changes about orders, pushed to customers and staff: each change once, whatever is lost on the way."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.live import entity_changes
from shared.live.entity_changes import Place, present
from shared.security.sealing import Sealer
from shared.subgraph import create_app
from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.order_changes import OrderChanges
from subgraphs.order.service.privacy import forget_customer, forget_shop
from tests.order.factories import move, place
from tests.order.facts import deliver
from tests.order.operations import operate
from tests.order.streams import Stream, Streams
from tests.order.test_corrected_contact import a_life, address, order_id_of, verify
from tests.order.test_staff import MADE, parcel, scan
from tests.support.apps import Identities, Served, listen
from tests.support.waiting import eventually

OWN = """
subscription ($after: String) {
  myOrderFeed(afterCursor: $after) { cursor kind orderId entry { version status } order { id status version } }
}"""
ONE = """
subscription ($id: ID!, $after: String) {
  orderUpdated(orderId: $id, afterCursor: $after) { cursor kind orderId entry { version } order { id } }
}"""


@asynccontextmanager
async def following(streams: Streams, token: str | None, query: str = OWN, **variables: Any) -> AsyncIterator[Stream]:
    headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {token}"} if token else {})}
    body = {"query": query, "variables": variables}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Stream(response.aiter_lines())


async def item(stream: Stream) -> Any:
    kind, payload = await stream.event()
    assert (kind, payload.get("errors")) == ("next", None)
    [found] = payload["data"].values()
    return found


async def items(stream: Stream, count: int) -> list[Any]:
    return [await item(stream) for _ in range(count)]


async def settled(order: Served) -> Place:
    """Return the place behind all changes so far, once no transaction of another test is older than they are."""
    async with order.database.read() as connection:
        newest = await connection.scalar(text("SELECT coalesce(max(xid), 0) FROM entity_change"))

    async def later() -> Place | None:
        place = await present(order.database)
        return place if place.xid > newest else None

    place = await eventually(later)
    assert place is not None
    return place


async def test_a_customer_follows_all_orders_in_one_stream_and_resumes(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    first = await place(order, customer_id)
    await settled(order)
    async with following(streams, customer) as stream:
        start = await item(stream)
        assert (start["kind"], start["orderId"], start["order"]) == ("START", None, None)
        second = await place(order, customer_id)
        await place(order, new_id("usr"))
        await move(order, first.id, OrderStatus.PAID)
        seen = await items(stream, 3)
    await move(order, second.id, OrderStatus.PAID, notified=False)
    await move(order, first.id, OrderStatus.IN_PRODUCTION, notified=False)
    async with following(streams, customer, after=seen[-1]["cursor"]) as stream:
        seen += await items(stream, 3)
        await move(order, second.id, OrderStatus.IN_PRODUCTION)
        seen += await items(stream, 1)
    versions = [(it["orderId"], it["entry"]["version"]) for it in seen if it["entry"]]
    assert versions == [(second.id, 1), (first.id, 2), (second.id, 2), (first.id, 3), (second.id, 3)]
    # A payment also changes what was paid, in the same transaction.
    assert [it["kind"] for it in seen] == ["PLACED", "PAYMENT", "STATUS", "PAYMENT", "STATUS", "STATUS", "STATUS"]
    assert all(it["order"]["id"] == it["orderId"] for it in seen)
    async with following(streams, customer, after=start["cursor"]) as stream:
        assert [it["cursor"] for it in await items(stream, len(seen))] == [it["cursor"] for it in seen]


async def test_staff_see_all_that_changes_about_an_order_and_its_customer_what_is_theirs(
    order: Served, streams: Streams, support: str, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *MADE)
    start = (await settled(order)).cursor(order.database)
    for visibility in ("INTERNAL", "CUSTOMER"):
        await operate(order, support, "orderNoteAdd", orderId=placed.id, text="Hm.", visibility=visibility)
    shipment = await parcel(order, support, placed.id)
    await scan(order, support, shipment, "IN_TRANSIT")
    version = (await order.execute("query ($id: ID!) { order(id: $id) { version } }", support, id=placed.id)).data
    refund = {"orderId": placed.id, "version": version["order"]["version"], "amount": "1.00"}
    assert (await operate(order, support, "orderRefund", **refund))["__typename"] == "OrderRefundSuccess"
    logged = await log_of(order, placed.id, start)
    kinds = [kind for kind, _ in logged]
    assert kinds[:2] == ["NOTE", "NOTE"]
    assert [only for _, only in logged[:2]] == [True, False]
    assert {"PARCEL", "STATUS", "PAYMENT", "REFUND"} <= set(kinds)
    async with following(streams, support, ONE, id=placed.id, after=start) as stream:
        seen = await items(stream, len(logged))
    assert [it["kind"] for it in seen] == kinds
    assert [it["entry"]["version"] for it in seen if it["entry"]] == [*range(4, 4 + kinds.count("STATUS"))]
    shown = [it["cursor"] for it, (_, staff_only) in zip(seen, logged, strict=True) if not staff_only]
    for query, variables in ((ONE, {"id": placed.id}), (OWN, {})):
        async with following(streams, customer, query, after=start, **variables) as stream:
            assert [it["cursor"] for it in await items(stream, len(shown))] == shown


async def log_of(order: Served, order_id: str, after: str) -> list[tuple[str, bool]]:
    """Return the kinds of what is logged of an order behind a place, and whether they are for staff alone."""
    place = await settled(order)
    since = await entity_changes.read_place(order.database, after, "afterCursor")
    async with order.database.read() as connection:
        rows = await entity_changes.changes_between(connection, since, place, limit=100, entity_id=order_id)
    return [(row.kind, row.staff_only) for row in rows]


async def test_what_is_edited_in_a_shop_is_told(order: Served, streams: Streams, support: str) -> None:
    story = a_life(address())
    await deliver(order, story.created())
    key = await order_id_of(order, story.external_id)
    start = (await settled(order)).cursor(order.database)
    async with order.database.write() as session:
        await session.execute(text("UPDATE order_line SET title = title || '!' WHERE order_id = :id"), {"id": key})
        await session.execute(text("UPDATE order_meta SET city = 'Graz' WHERE id = :id"), {"id": key})
        await session.execute(text("UPDATE order_meta SET city = 'Graz' WHERE id = :id"), {"id": key})
    async with following(streams, support, ONE, id=key, after=start) as stream:
        assert [it["kind"] for it in await items(stream, 2)] == ["CONTENT", "CONTACT"]


async def test_an_order_that_becomes_another_customers_leaves_one_stream_and_enters_the_other(
    order: Served, streams: Streams, people: Identities
) -> None:
    wrong, right = address(), address()
    first, second = await verify(order, wrong), await verify(order, right)
    story = a_life(wrong)
    created = story.created()
    story.order["contact_email"] = right
    [corrected] = story.renamed()
    await settled(order)
    async with following(streams, people.token(first)) as old, following(streams, people.token(second)) as new:
        start = await item(old)
        await item(new)
        await deliver(order, created)
        key = await order_id_of(order, story.external_id)
        placed = await item(old)
        assert (placed["kind"], placed["order"]["id"]) == ("PLACED", key)
        await deliver(order, [corrected])
        told = [await item(old)]
        while told[-1]["kind"] != "UNLINKED":
            told.append(await item(old))
        assert (told[-1]["orderId"], told[-1]["order"]) == (key, None)
        linked = await item(new)
        assert (linked["kind"], linked["order"]["id"]) == ("LINKED", key)
        await move(order, key, OrderStatus.ON_HOLD)
        while (await item(new))["kind"] != "STATUS":
            pass
    # Who resumes from before sees that it is gone, and nothing of what it is now.
    async with following(streams, people.token(first), after=start["cursor"]) as stream:
        assert [(it["kind"], it["order"]) for it in await items(stream, 1)] == [("UNLINKED", None)]
    async with following(streams, people.token(first), ONE, id=key) as stream:
        assert await stream.failure() == "NOT_FOUND"


async def test_a_customer_who_follows_an_order_is_sent_away_once_it_is_anothers(
    order: Served, streams: Streams, people: Identities, support: str
) -> None:
    wrong, right = address(), address()
    first = await verify(order, wrong)
    story = a_life(wrong)
    await deliver(order, story.created())
    story.order["contact_email"] = right
    key = await order_id_of(order, story.external_id)
    start = (await settled(order)).cursor(order.database)
    async with (
        following(streams, people.token(first), ONE, id=key) as stream,
        following(streams, support, ONE, id=key, after=start) as all_of_it,
    ):
        assert (await item(stream))["kind"] == "START"
        await deliver(order, story.renamed())
        assert await stream.failure() == "NOT_FOUND"
        while (told := await item(all_of_it))["kind"] != "UNLINKED":
            pass
        assert told["order"] == {"id": key}


async def owners_of(order: Served, order_id: str) -> list[tuple[str, str]]:
    async with order.database.read() as connection:
        named = "SELECT kind, owner_id FROM entity_change WHERE entity_id = :id AND owner_id IS NOT NULL ORDER BY seq"
        return [(row.kind, row.owner_id) for row in await connection.execute(text(named), {"id": order_id})]


async def test_an_erased_order_leaves_the_stream_and_an_erased_customer_the_log(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    shop = f"{new_id('shp')}.example"
    placed = await place(order, customer_id, shop=shop)
    other = await place(order, customer_id)
    await settled(order)
    async with following(streams, customer) as stream:
        await item(stream)
        await forget_shop(order.database, order.runtime.resource(Sealer), shop, dt.datetime.now(dt.UTC))
        told = await item(stream)
        assert (told["kind"], told["orderId"], told["order"]) == ("UNLINKED", placed.id, None)
        assert await owners_of(order, placed.id) == [("UNLINKED", customer_id)]
        async with order.database.write() as session:
            await forget_customer(session, customer_id)
        async with order.database.read() as connection:
            left = text("SELECT count(*) FROM entity_change WHERE owner_id = :id")
            assert await connection.scalar(left, {"id": customer_id}) == 0
    assert await owners_of(order, other.id) == []


async def test_what_is_not_notified_is_found_by_another_replica(
    order: Served, settings: Settings, customer: str, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = OrderChanges.__mro__[1].__init__.__kwdefaults__  # type: ignore[misc]
    assert defaults is not None
    monkeypatch.setitem(defaults, "poll_seconds", 0.1)
    placed = await place(order, customer_id)
    await settled(order)
    app = create_app(registry.load("order"), settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as replica, following(replica, customer) as stream:
        await item(stream)
        await move(order, placed.id, OrderStatus.ON_HOLD, notified=False)
        assert (await item(stream))["entry"] == {"version": 2, "status": "ON_HOLD"}


async def test_streams_are_for_those_who_may_see_the_orders(
    order: Served, streams: Streams, stranger: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    async with following(streams, None) as stream:
        assert await stream.failure() == "UNAUTHENTICATED"
    for token, code in ((None, "UNAUTHENTICATED"), (stranger, "NOT_FOUND")):
        async with following(streams, token, ONE, id=placed.id) as stream:
            assert await stream.failure() == code


@pytest.mark.parametrize("after", ["", "x", "💥", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6", "LTE6"])
async def test_cursors_of_nothing_are_refused(order: Served, streams: Streams, customer: str, after: str) -> None:
    async with following(streams, customer, after=after) as stream:
        assert await stream.failure() == "INVALID_INPUT"


async def refusal(streams: Streams, token: str, after: str) -> list[tuple[str, str]]:
    async with following(streams, token, after=after) as stream:
        _, payload = await stream.event()
    [error] = payload["errors"]
    return [(field["path"], field["code"]) for field in error["extensions"]["fields"]]


async def test_changes_are_kept_for_a_time_and_cursors_from_before_are_refused(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    await place(order, customer_id)
    start = (await settled(order)).cursor(order.database)
    await place(order, customer_id)
    await settled(order)
    assert await entity_changes.forget_old(order.database) == 0
    async with following(streams, customer, after=start) as stream:
        assert (await item(stream))["kind"] == "PLACED"
    assert await entity_changes.forget_old(order.database, dt.timedelta(0)) > 0
    expired = [("afterCursor", "CURSOR_EXPIRED")]
    assert await refusal(streams, customer, start) == expired
    # One of another database, say, from before a backup was restored.
    assert await refusal(streams, customer, Place(10**15).cursor(order.database)) == expired
    async with following(streams, customer, after=(await settled(order)).cursor(order.database)) as stream:
        third = await place(order, customer_id)
        assert (await item(stream))["orderId"] == third.id
