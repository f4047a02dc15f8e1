"""What changed since an app looked last: all of it, once, at one cost, for its owner alone."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from shared.live import change_log, entity_changes
from shared.live.entity_changes import Place
from shared.security.sealing import Sealer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.privacy import forget_shop
from tests.order.factories import move, place
from tests.order.facts import deliver
from tests.order.operations import operate
from tests.order.streams import Streams
from tests.order.test_corrected_contact import a_life, address, order_id_of, verify
from tests.order.test_order_changes import OWN, following, item, settled
from tests.support.apps import Identities, Served
from tests.support.plans import plan_of

CHANGES = """
query ($of: [_Any!]!, $since: String, $first: Int) {
  _entities(representations: $of) {
    ... on User {
      id
      orderChanges(since: $since, first: $first) {
        reset removedIds cursor hasMore nodes { id status version lines { title } notes { text } }
      }
    }
  }
}"""

NO_ROW = "lxx"
"""The key of a cursor that names a list's last row, and no row's."""


def of(*user_ids: str) -> list[dict[str, str]]:
    return [{"__typename": "User", "id": each} for each in user_ids]


async def changes(order: Served, token: str, user_id: str, since: str | None = None, first: int | None = None) -> Any:
    answer = await order.execute(CHANGES, token, of=of(user_id), since=since, first=first)
    return answer.data["_entities"][0]["orderChanges"]


async def synchronise(order: Served, token: str, user_id: str, held: dict[str, Any], since: str | None) -> str:
    """Do what an app does: ask until there is no more, and keep what it got."""
    while True:
        delta = await changes(order, token, user_id, since, first=2)
        if delta["reset"]:
            held.clear()
        held |= {node["id"]: node["version"] for node in delta["nodes"]}
        for gone in delta["removedIds"]:
            held.pop(gone, None)
        since = str(delta["cursor"])
        if not delta["hasMore"]:
            return since


async def test_an_app_that_was_offline_catches_up(order: Served, customer: str, customer_id: str) -> None:
    placed = [await place(order, customer_id) for _ in range(5)]
    await place(order, new_id("usr"))
    await settled(order)
    held: dict[str, Any] = {}
    cursor = await synchronise(order, customer, customer_id, held, None)
    assert held == {each.id: 1 for each in placed}
    delta = await changes(order, customer, customer_id, cursor)
    assert (delta["reset"], delta["nodes"], delta["removedIds"], delta["hasMore"]) == (False, [], [], False)
    for each in placed[:3]:
        await move(order, each.id, OrderStatus.ON_HOLD, OrderStatus.PENDING)
    new = await place(order, customer_id)
    await settled(order)
    delta = await changes(order, customer, customer_id, cursor)
    assert sorted(node["id"] for node in delta["nodes"]) == sorted([*(each.id for each in placed[:3]), new.id])
    await synchronise(order, customer, customer_id, held, cursor)
    assert held == {placed[0].id: 3, placed[1].id: 3, placed[2].id: 3, placed[3].id: 1, placed[4].id: 1, new.id: 1}


async def test_what_changes_while_all_is_listed_comes_after_it(order: Served, customer: str, customer_id: str) -> None:
    placed = [await place(order, customer_id) for _ in range(3)]
    await settled(order)
    first = await changes(order, customer, customer_id, first=1)
    assert (first["reset"], first["hasMore"], [each["id"] for each in first["nodes"]]) == (True, True, [placed[2].id])
    await move(order, placed[2].id, OrderStatus.ON_HOLD)
    await settled(order)
    rest = await changes(order, customer, customer_id, first["cursor"])
    assert (rest["reset"], rest["hasMore"]) == (False, False)
    assert [each["id"] for each in rest["nodes"]] == [placed[1].id, placed[0].id]
    held = {node["id"]: node["version"] for node in (*first["nodes"], *rest["nodes"])}
    await synchronise(order, customer, customer_id, held, rest["cursor"])
    assert held == {placed[0].id: 1, placed[1].id: 1, placed[2].id: 2}


async def test_the_cursor_of_a_delta_and_of_a_stream_are_one(
    order: Served, streams: Streams, customer: str, customer_id: str
) -> None:
    await settled(order)
    cursor = (await changes(order, customer, customer_id))["cursor"]
    placed = await place(order, customer_id)
    async with following(streams, customer, OWN, after=cursor) as stream:
        told = await item(stream)
    assert told["orderId"] == placed.id
    await move(order, placed.id, OrderStatus.ON_HOLD)
    await settled(order)
    delta = await changes(order, customer, customer_id, told["cursor"])
    assert [(node["id"], node["version"]) for node in delta["nodes"]] == [(placed.id, 2)]


async def test_an_order_that_is_anothers_or_erased_is_removed(order: Served, people: Identities) -> None:
    wrong, right = address(), address()
    first = await verify(order, wrong)
    token, story = people.token(first), a_life(wrong)
    await deliver(order, story.created())
    story.order["contact_email"] = right
    key = await order_id_of(order, story.external_id)
    shop = f"{new_id('shp')}.example"
    erased = await place(order, first, shop=shop)
    await settled(order)
    held: dict[str, Any] = {}
    cursor = await synchronise(order, token, first, held, None)
    assert set(held) == {key, erased.id}
    await deliver(order, story.renamed())
    await forget_shop(order.database, order.runtime.resource(Sealer), shop, dt.datetime.now(dt.UTC))
    await settled(order)
    delta = await changes(order, token, first, cursor)
    assert (delta["nodes"], sorted(delta["removedIds"])) == ([], sorted([key, erased.id]))


async def test_what_is_for_staff_alone_changes_nothing_for_the_customer(
    order: Served, support: str, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await settled(order)
    cursor = (await changes(order, customer, customer_id))["cursor"]
    await operate(order, support, "orderNoteAdd", orderId=placed.id, text="Hm.", visibility="INTERNAL")
    await settled(order)
    assert (await changes(order, customer, customer_id, cursor))["nodes"] == []
    await operate(order, support, "orderNoteAdd", orderId=placed.id, text="Soon.", visibility="CUSTOMER")
    await settled(order)
    [node] = (await changes(order, customer, customer_id, cursor))["nodes"]
    assert node["notes"] == [{"text": "Soon."}]


async def test_a_delta_of_many_orders_costs_as_much_as_one_of_few(
    order: Served, customer: str, customer_id: str
) -> None:
    await settled(order)
    cursor = (await changes(order, customer, customer_id))["cursor"]
    costs = []
    for count in (1, 20):
        for _ in range(count):
            await place(order, customer_id)
        await settled(order)
        with order.statements() as sent:
            delta = await changes(order, customer, customer_id, cursor, first=100)
        costs.append((len(delta["nodes"]), len(sent)))
    assert costs[0][0] < costs[1][0] == 21
    assert costs[0][1] == costs[1][1]
    # Of several users each but the viewer is refused before anything is read.
    with order.statements() as alone:
        await order.execute(CHANGES, customer, of=of(customer_id), since=cursor)
    with order.statements() as among_many:
        await order.execute(CHANGES, customer, of=of(customer_id, *[new_id("usr") for _ in range(20)]), since=cursor)
    assert len(alone) == len(among_many)


async def test_only_the_customer_loads_them(
    order: Served, customer_id: str, stranger: str, support: str, admin: str
) -> None:
    await place(order, customer_id)
    for token, code in (
        (stranger, "FORBIDDEN"),
        (support, "FORBIDDEN"),
        (admin, "FORBIDDEN"),
        (None, "UNAUTHENTICATED"),
    ):
        answer = await order.execute(CHANGES, token, of=of(customer_id))
        assert answer.codes == [code]
        assert answer.body["data"]["_entities"][0]["orderChanges"] is None


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"since": "x"}, "since", "INVALID_CURSOR"),
        ({"since": NO_ROW}, "since", "INVALID_CURSOR"),
        ({"first": 0}, "first", "OUT_OF_RANGE"),
        ({"first": 101}, "first", "OUT_OF_RANGE"),
    ],
)
async def test_impossible_arguments_are_named(
    order: Served, customer: str, customer_id: str, given: Any, path: str, code: str
) -> None:
    if given.get("since") == NO_ROW:
        given = {"since": change_log.write_cursor(order.database, 1, NO_ROW)}
    answer = await order.execute(CHANGES, customer, of=of(customer_id), **given)
    [error] = answer.body["errors"]
    fields = error["extensions"]["fields"]
    assert [(field["path"], field["code"]) for field in fields] == [(path, code)]


async def test_whoever_was_away_too_long_begins_anew(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await settled(order)
    held: dict[str, Any] = {"ord_that_was_erased_meanwhile": 1}
    cursor = await synchronise(order, customer, customer_id, {}, None)
    await move(order, placed.id, OrderStatus.ON_HOLD)
    await settled(order)
    assert await entity_changes.forget_old(order.database, dt.timedelta(0)) > 0
    cursor = await synchronise(order, customer, customer_id, held, cursor)
    assert held == {placed.id: 2}
    held["ord_of_another_database"] = 1
    await synchronise(order, customer, customer_id, held, Place(10**15).cursor(order.database))
    assert held == {placed.id: 2}
    assert not (await changes(order, customer, customer_id, cursor))["reset"]


async def test_nothing_scans_the_log(order: Served) -> None:
    """Each reader of the log has an index of its own."""
    readers: dict[str, tuple[str | None, str | None]] = {
        "entity_change_pkey": (None, None),
        "entity_change_owner": ("usr_7", None),
        "entity_change_entity": (None, "ord_7"),
    }
    async with order.database.write() as session:
        # In a table as small as the tests' any index would do.
        await session.execute(
            text(
                "INSERT INTO entity_change (xid, entity_id, owner_id, kind) "
                "SELECT n, 'ord_' || n % 500, 'usr_' || n % 500, 'STATUS' FROM generate_series(1, 50000) AS n"
            )
        )
        await session.execute(text("ANALYZE entity_change"))
        # The planner would sort what is as little as one entity's changes.
        for setting in ("enable_sort", "enable_bitmapscan"):
            await session.execute(text(f"SET LOCAL {setting} = off"))
        for index, (owner_id, entity_id) in readers.items():
            statement = entity_changes.between(
                Place(1), Place(10**6), limit=100, owner_id=owner_id, entity_id=entity_id
            )
            plan = await plan_of(session, statement)
            assert f"Index Scan using {index} " in plan, plan
            assert "Sort" not in plan, plan
        await session.rollback()
