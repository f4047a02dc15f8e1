"""Staff find orders: by what they are, what is in them and how they are sent, in lists and in numbers."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.order.service import status_counts
from subgraphs.order.service.placement import NewLine
from tests.order.factories import TO_THE_END, move, place
from tests.order.operations import operate
from tests.order.test_staff import MADE
from tests.support.apps import Served

LIST = """
query ($filter: OrderFilter, $sort: OrderSort! = NEWEST) {
  orders(filter: $filter, sort: $sort, first: 100) { totalCount nodes { id } }
}
"""
STATS = "query ($filter: OrderFilter) { orderStats(filter: $filter) { byStatus { status count isExact } } }"


async def found(order: Served, token: str, sort: str = "NEWEST", **filter: Any) -> list[str]:
    listed = (await order.execute(LIST, token, filter=filter, sort=sort)).data["orders"]
    assert listed["totalCount"] == len(listed["nodes"])
    return [node["id"] for node in listed["nodes"]]


async def sent(order: Served, token: str, order_id: str, carrier: str, number: str) -> None:
    await move(order, order_id, *MADE)
    made = await operate(
        order, token, "shipmentCreate", orderId=order_id, carrier=carrier, trackingNumber=number, completes=True
    )
    assert made["__typename"] == "ShipmentCreateSuccess", made


async def test_orders_are_found_by_id_and_number(order: Served, support: str, customer_id: str) -> None:
    one, two = await place(order, customer_id), await place(order, customer_id)
    await place(order, customer_id)
    assert await found(order, support, ids=[one.id, two.id, new_id("ord")]) == [two.id, one.id]
    assert await found(order, support, ids=[]) == []
    assert await found(order, support, numbers=[f" {one.number.lower()} ", "AP-1"]) == [one.id]
    assert await found(order, support, numbers=[one.number, two.number], ids=[two.id]) == [two.id]


async def test_orders_are_found_by_what_is_in_them(order: Served, support: str, customer_id: str) -> None:
    title = f"Bandana {new_id('ttl')}"
    lines = [NewLine(title, 1, 1990, None, product="BANDANA"), NewLine("Leash", 1, 990, None)]
    with_bandana = await place(order, customer_id, lines=lines)
    await place(order, customer_id)
    mine = {"customerId": customer_id}
    assert await found(order, support, product="bandana", **mine) == [with_bandana.id]
    assert await found(order, support, product="BED", **mine) == []
    assert await found(order, support, source="ALL_PET_PLUS", product="BANDANA", **mine) == [with_bandana.id]
    assert await found(order, support, source="SHOPIFY", **mine) == []
    for words in ("bandana", "BAND", title.lower()):
        assert await found(order, support, text=words, **mine) == [with_bandana.id]
    for words in ("bandana leash", "andana", "& | ! :*", "'"):
        assert await found(order, support, text=words, **mine) == []


async def test_orders_are_found_by_their_parcels(order: Served, support: str, customer_id: str) -> None:
    number = new_id("trk").upper()
    parcelled, other = await place(order, customer_id), await place(order, customer_id)
    await sent(order, support, parcelled.id, f"Carrier {number}", number)
    await sent(order, support, other.id, "DHL", new_id("trk"))
    assert await found(order, support, trackingNumber=f" {number.lower()}") == [parcelled.id]
    assert await found(order, support, text=number.lower()) == [parcelled.id]
    assert await found(order, support, carrier=f"Carrier {number}") == [parcelled.id]
    assert await found(order, support, carrier="DHL", customerId=customer_id) == [other.id]
    assert await found(order, support, trackingNumber=number[:-1]) == []
    async with order.database.write() as session:
        await session.execute(
            text("UPDATE shipment_tracking SET withdrawn = true WHERE tracking_number = :n"), {"n": number}
        )
    assert await found(order, support, trackingNumber=number) == await found(order, support, text=number) == []


async def test_orders_are_found_and_sorted_by_total(order: Served, support: str, customer_id: str) -> None:
    cheap, dear = [await place(order, customer_id, lines=[NewLine("Leash", 1, minor, None)]) for minor in (1000, 5000)]
    mine = {"customerId": customer_id}
    shown = "query ($id: ID!) { order(id: $id) { total { amount } } }"
    amount = (await order.execute(shown, support, id=cheap.id)).data["order"]["total"]["amount"]
    assert await found(order, support, total={"currency": "EUR", "most": amount}, **mine) == [cheap.id]
    assert await found(order, support, total={"currency": "EUR", "least": amount}, **mine) == [dear.id, cheap.id]
    assert await found(order, support, total={"currency": "GBP"}, **mine) == []
    assert await found(order, support, "TOTAL_HIGHEST", **mine) == [dear.id, cheap.id]
    assert await found(order, support, "TOTAL_LOWEST", **mine) == [cheap.id, dear.id]
    assert await found(order, support, "LEAST_RECENTLY_CHANGED", **mine) == [cheap.id, dear.id]


@pytest.mark.parametrize(
    ("filter", "path", "code"),
    [
        ({"ids": ["x"] * 101}, "filter.ids", "TOO_MANY"),
        ({"numbers": ["x"] * 101}, "filter.numbers", "TOO_MANY"),
        ({"trackingNumber": "x" * 101}, "filter.trackingNumber", "TOO_LONG"),
        ({"carrier": "a\x07"}, "filter.carrier", "CONTROL_CHARACTER"),
        ({"total": {"currency": "EUR", "least": "1.001"}}, "filter.total.least", "TOO_PRECISE"),
        ({"total": {"currency": "JPY", "most": "99999999999999999999"}}, "filter.total.most", "TOO_LARGE"),
    ],
)
async def test_impossible_conditions_are_named(order: Served, support: str, filter: Any, path: str, code: str) -> None:
    for document in (LIST, STATS):
        answer = await order.execute(document, support, filter=filter)
        fields = answer.body["errors"][0]["extensions"]["fields"]
        assert [(field["path"], field["code"]) for field in fields] == [(path, code)]


async def test_orders_are_counted_by_status(
    order: Served, support: str, customer: str, customer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for steps in (0, 0, 0, 1, 2):
        placed = await place(order, customer_id)
        await move(order, placed.id, *TO_THE_END[:steps])
    with order.statements() as statements:
        stats = (await order.execute(STATS, support, filter={"customerId": customer_id})).data["orderStats"]
    assert len(statements) == 1
    counts = {each["status"]: each["count"] for each in stats["byStatus"] if each["count"]}
    assert (counts, len(stats["byStatus"])) == ({"PENDING": 3, "PAID": 1, "IN_PRODUCTION": 1}, 12)
    assert all(each["isExact"] for each in stats["byStatus"])
    monkeypatch.setattr(status_counts, "MOST_COUNTED", 2)
    monkeypatch.setattr("subgraphs.order.statistics_types.MOST_COUNTED", 2)
    few = {"customerId": customer_id, "status": ["PENDING", "PAID"]}
    capped = (await order.execute(STATS, support, filter=few)).data["orderStats"]["byStatus"]
    assert capped == [
        {"status": "PENDING", "count": 2, "isExact": False},
        {"status": "PAID", "count": 1, "isExact": True},
    ]
    refused = await order.execute(STATS, customer)
    assert (refused.body["data"], refused.codes) == ({"orderStats": None}, ["FORBIDDEN"])


@pytest.mark.parametrize(
    ("index", "condition"),
    [
        ("order_meta_total_minor_id_idx", "SELECT 1 FROM order_meta ORDER BY total_minor DESC, id DESC LIMIT 1"),
        ("shipment_tracking_number", "SELECT 1 FROM shipment_tracking WHERE upper(tracking_number) = upper('x')"),
        (
            "order_line_words",
            "SELECT 1 FROM order_line WHERE to_tsvector('simple'::regconfig, title) @@ to_tsquery('simple', 'x:*')",
        ),
        ("order_line_product_order_id_idx", "SELECT order_id FROM order_line WHERE product = 'COLLAR'"),
        ("shipment_tracking_carrier_order_id_idx", "SELECT order_id FROM shipment_tracking WHERE carrier = 'DHL'"),
        (
            "order_meta_status_placed_at_id_idx",
            "SELECT count(*) FROM (SELECT 1 FROM order_meta WHERE status = 'PAID' LIMIT 10001) AS few",
        ),
    ],
)
async def test_what_is_asked_for_has_an_index(order: Served, index: str, condition: str) -> None:
    async with order.database.write() as session:
        # A table of a test is so small that reading all of it is cheaper.
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join((await session.execute(text(f"EXPLAIN {condition.replace(':*', chr(92) + ':*')}"))).scalars())
    assert index in plan


OF_USERS = """
query ($r: [_Any!]!, $filter: OrderFilter, $sort: OrderSort! = NEWEST, $n: Int, $after: String) {
  _entities(representations: $r) {
    ... on User { orders(filter: $filter, sort: $sort, first: $n, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor }
    } }
  }
}
"""


async def theirs(order: Served, token: str, *users: str, **variables: Any) -> list[Any]:
    representations = [{"__typename": "User", "id": each} for each in users]
    answer = await order.execute(OF_USERS, token, r=representations, **variables)
    return [entity["orders"] for entity in answer.data["_entities"]]


async def test_customers_filter_and_sort_their_own_orders(
    order: Served, customer: str, customer_id: str, stranger: str
) -> None:
    dear = await place(order, customer_id, lines=[NewLine("Bed", 1, 9000, None)])
    cheap = await place(order, customer_id, lines=[NewLine("Leash", 1, 1000, None)])
    await move(order, cheap.id, *TO_THE_END[:1])
    others = await place(order, new_id("usr"))

    async def listed(sort: str = "NEWEST", **wanted: Any) -> list[str]:
        [mine] = await theirs(order, customer, customer_id, filter=wanted, sort=sort)
        assert mine["totalCount"] == len(mine["nodes"])
        return [node["id"] for node in mine["nodes"]]

    assert await listed() == [cheap.id, dear.id]
    assert await listed("OLDEST") == await listed("TOTAL_HIGHEST") == [dear.id, cheap.id]
    assert await listed(status=["PAID"]) == [cheap.id]
    assert await listed(text="bed") == [dear.id]
    assert await listed(ids=[others.id]) == await listed(customerId=others.customer_id) == []
    refused = await order.execute(OF_USERS, stranger, r=[{"__typename": "User", "id": customer_id}])
    assert (refused.body["data"]["_entities"], refused.codes) == ([{"orders": None}], ["FORBIDDEN"])


async def test_pages_of_a_filtered_list_go_on_where_the_last_one_ended(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = [await place(order, customer_id) for _ in range(3)]
    given = {"filter": {"status": ["PENDING"]}, "sort": "OLDEST", "n": 2}
    [first] = await theirs(order, customer, customer_id, **given)
    [second] = await theirs(order, customer, customer_id, **given, after=first["pageInfo"]["endCursor"])
    shown = [node["id"] for page in (first, second) for node in page["nodes"]]
    assert shown == [each.id for each in placed]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
    foreign = await order.execute(
        OF_USERS,
        customer,
        r=[{"__typename": "User", "id": customer_id}],
        sort="TOTAL_LOWEST",
        after=first["pageInfo"]["endCursor"],
    )
    assert foreign.codes == ["INVALID_INPUT"]


async def test_filtered_orders_of_many_users_cost_as_much_as_those_of_one(order: Served, support: str) -> None:
    users = [new_id("usr") for _ in range(4)]
    for user in users:
        await place(order, user)
    for wanted in (None, {"status": ["PENDING"], "text": "Collar"}):
        costs = []
        for some in (users[:1], users):
            with order.statements() as statements:
                lists = await theirs(order, support, *some, filter=wanted)
            assert [each["totalCount"] for each in lists] == [1] * len(some)
            costs.append(len(statements))
        assert costs == [2, 2]
