"""Cursors of a database's former life, such as of before a restore: they are refused, and streams that are open end."""

from typing import Any

import pytest

from shared.core import base64url
from subgraphs.order.service.order_feed import present as feed_position
from tests.order.factories import place
from tests.order.streams import Streams
from tests.order.test_order_changes import ONE, OWN, following, item, settled
from tests.order.test_order_deltas import CHANGES, of
from tests.support.apps import Served

FEED = "subscription ($after: String) { orderFeed(afterCursor: $after) { cursor change { order { id } } } }"
OTHER_LIFE = "0" * 8


def codes_of(payload: Any) -> list[str]:
    [error] = payload["errors"]
    return [field["code"] for field in error["extensions"]["fields"]]


def of_another_life(cursor: str) -> str:
    """Return the same place in a database's former life: its transaction may well have ended here too."""
    identity, _, rest = base64url.decode(cursor).decode().partition(":")
    assert identity != OTHER_LIFE
    return base64url.encode(f"{OTHER_LIFE}:{rest}".encode())


@pytest.mark.parametrize("query", [OWN, ONE, FEED])
async def test_a_cursor_of_a_former_life_is_refused(order: Served, streams: Streams, support: str, query: str) -> None:
    placed = await place(order, None)
    cursor = (await settled(order)).cursor(order.database)
    variables = {"id": placed.id} if query == ONE else {}
    # One without a name of a life is of a version before.
    unnamed = base64url.encode(base64url.decode(cursor).partition(b":")[2])
    for given in (of_another_life(cursor), unnamed):
        async with following(streams, support, query, after=given, **variables) as stream:
            _, payload = await stream.event()
        assert codes_of(payload) == ["CURSOR_EXPIRED"]


async def test_an_app_with_a_cursor_of_a_former_life_begins_anew(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    cursor = (await settled(order)).cursor(order.database)
    answer = await order.execute(CHANGES, customer, of=of(customer_id), since=of_another_life(cursor))
    [entity] = answer.data["_entities"]
    shown = entity["orderChanges"]
    assert (shown["reset"], [node["id"] for node in shown["nodes"]]) == (True, [placed.id])
    assert shown["cursor"].startswith(cursor[:10])


@pytest.mark.parametrize("query", [OWN, ONE, FEED])
async def test_open_streams_end_when_another_database_is_there(
    order: Served, streams: Streams, people: Any, customer_id: str, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    token = people.token(customer_id, "SUPPORT")
    placed = await place(order, customer_id)
    start = await settled(order)
    cursor = start.cursor(order.database)
    if query == FEED:
        cursor = (await feed_position(order.database)).cursor(order.database)
    variables = {"id": placed.id} if query == ONE else {}
    async with following(streams, token, query, after=cursor, **variables) as stream:
        if query == OWN:
            await place(order, customer_id)
            await item(stream)
        # The newest connection has found a server that a standby became.
        monkeypatch.setattr(streams.app.state.runtime.database, "_identity", OTHER_LIFE)
        kind, payload = await stream.event()
        assert (kind, codes_of(payload)) == ("next", ["CURSOR_EXPIRED"])
