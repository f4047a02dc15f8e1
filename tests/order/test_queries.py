"""Orders as they are read: what is shown, to whom, and at what cost."""

from typing import Any

import pytest

from shared.core.ids import new_id
from shared.graph.datetimes import show_datetime
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.models import Shipment, ShipmentScan
from tests.order.factories import TO_THE_END, move, place
from tests.support.apps import Identities, Served

PARTS = """
  id number status version source placedAt cancellable reorderable contactEmail
  subtotal { amount currencyCode } discount { amount } shipping { amount } tax { amount } total { amount }
  customer { id } shippingAddress { recipient addressLine1 city postalCode countryCode }
  lines { position title quantity unitPrice { amount } total { amount } design { id } }
  timeline { version status previous reason actorKind }
  shipments { carrier trackingNumber trackingUrl status estimatedDelivery scans { status location } }
"""
ORDER = f"query ($id: ID!) {{ order(id: $id) {{ {PARTS} }} }}"
ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"
OF_USERS = ENTITIES % f"... on User {{ id orders(first: 5) {{ totalCount nodes {{ {PARTS} }} }} }}"
OF_DESIGNS = ENTITIES % "... on Design { id orders { totalCount nodes { id } } }"
OF_ORDERS = ENTITIES % "... on Order { id lines { title } timeline { version } shipments { scans { status } } }"


def references(kind: str, *ids: str) -> list[dict[str, str]]:
    return [{"__typename": kind, "id": key} for key in ids]


async def ship(order: Served, order_id: str) -> None:
    async with order.database.write() as session:
        shipment = Shipment(
            id=new_id("shp"), order_id=order_id, carrier="DHL", tracking_number=new_id("trk"), status="IN_TRANSIT"
        )
        session.add(shipment)
        await session.flush()
        scan = {"shipment_id": shipment.id, "at": shipment.created_at, "status": "IN_TRANSIT", "description": "Sorted."}
        session.add(ShipmentScan(id=new_id("scn"), location="Linz", actor_kind=ActorKind.SYSTEM, **scan))


async def test_a_customer_reads_all_of_their_order(order: Served, customer: str, customer_id: str) -> None:
    row = await place(order, customer_id)
    await move(order, row.id, OrderStatus.PAID, reason="Bank transfer.")
    shown = (await order.execute(ORDER, customer, id=row.id)).data["order"]
    assert shown.pop("placedAt") == show_datetime(row.placed_at)
    assert shown.pop("number") == f"AP-{row.serial}"
    assert shown == {
        "id": row.id,
        "status": "PAID",
        "version": 2,
        "source": "ALL_PET_PLUS",
        "cancellable": True,
        "reorderable": False,
        "contactEmail": "anna@example.com",
        "subtotal": {"amount": "89.30", "currencyCode": "EUR"},
        "discount": {"amount": "5.00"},
        "shipping": {"amount": "4.90"},
        "tax": {"amount": "18.00"},
        "total": {"amount": "107.20"},
        "customer": {"id": customer_id},
        "shippingAddress": {
            "recipient": "Anna Muster",
            "addressLine1": "Hauptstraße 1",
            "city": "Wien",
            "postalCode": "1010",
            "countryCode": "AT",
        },
        "lines": [
            {
                "position": 1,
                "title": "Collar Rex",
                "quantity": 2,
                "unitPrice": {"amount": "24.90"},
                "total": {"amount": "49.80"},
                "design": None,
            },
            {
                "position": 2,
                "title": "Leash",
                "quantity": 1,
                "unitPrice": {"amount": "39.50"},
                "total": {"amount": "39.50"},
                "design": None,
            },
        ],
        "timeline": [
            {"version": 1, "status": "PENDING", "previous": None, "reason": None, "actorKind": "CUSTOMER"},
            {"version": 2, "status": "PAID", "previous": "PENDING", "reason": "Bank transfer.", "actorKind": "STAFF"},
        ],
        "shipments": [],
    }


async def test_an_order_shows_its_designs_and_parcels(order: Served, customer: str, customer_id: str) -> None:
    design = new_id("des")
    row = await place(order, customer_id, design)
    await ship(order, row.id)
    shown = (await order.execute(ORDER, customer, id=row.id)).data["order"]
    assert [line["design"] for line in shown["lines"]] == [{"id": design}]
    [shipment] = shown["shipments"]
    assert (shipment["carrier"], shipment["status"]) == ("DHL", "IN_TRANSIT")
    assert shipment["scans"] == [{"status": "IN_TRANSIT", "location": "Linz"}]


@pytest.mark.parametrize("unknown", ["", "ord_", "ord_00000000000000000000000000", "usr_x", "💥", "x" * 5000])
async def test_unknown_and_foreign_orders_look_the_same(order: Served, stranger: str, unknown: str) -> None:
    foreign = (await place(order, new_id("usr"))).id
    for key in (foreign, unknown):
        answer = await order.execute(ORDER, stranger, id=key)
        assert answer.body == {"data": {"order": None}}
        answer = await order.execute(OF_ORDERS, stranger, r=references("Order", key))
        assert answer.body == {"data": {"_entities": [None]}}


async def test_a_stranger_reaches_an_order_on_no_path(order: Served, stranger: str) -> None:
    owner, design = new_id("usr"), new_id("des")
    await place(order, owner, design)
    by_user = await order.execute(OF_USERS, stranger, r=references("User", owner))
    assert (by_user.codes, by_user.body["data"]["_entities"][0]["orders"]) == (["FORBIDDEN"], None)
    by_design = await order.execute(OF_DESIGNS, stranger, r=references("Design", design))
    assert by_design.data["_entities"][0]["orders"] == {"totalCount": 0, "nodes": []}
    listed = await order.execute("{ orders { nodes { id } } }", stranger)
    assert (listed.codes, listed.body["data"]["orders"]) == (["FORBIDDEN"], None)


async def test_anonymous_callers_are_told_to_log_in(order: Served) -> None:
    row = await place(order, new_id("usr"), new_id("des"))
    queries: list[tuple[str, dict[str, Any]]] = [
        (ORDER, {"id": row.id}),
        ("{ orders { nodes { id } } }", {}),
        (OF_USERS, {"r": references("User", row.customer_id)}),
        (OF_DESIGNS, {"r": references("Design", new_id("des"))}),
    ]
    for query, variables in queries:
        assert (await order.execute(query, **variables)).codes == ["UNAUTHENTICATED"]
    assert (await order.execute(OF_ORDERS, r=references("Order", row.id))).data == {"_entities": [None]}


async def test_a_design_shows_customers_their_own_orders_and_staff_all(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    design = new_id("des")
    mine = await place(order, customer_id, design, design)
    other = await place(order, new_id("usr"), design)
    guest = await place(order, None, design)
    await place(order, customer_id, new_id("des"))
    seen = (await order.execute(OF_DESIGNS, customer, r=references("Design", design))).data["_entities"][0]["orders"]
    assert seen == {"totalCount": 1, "nodes": [{"id": mine.id}]}
    seen = (await order.execute(OF_DESIGNS, support, r=references("Design", design))).data["_entities"][0]["orders"]
    assert seen == {"totalCount": 3, "nodes": [{"id": guest.id}, {"id": other.id}, {"id": mine.id}]}


async def test_a_guests_order_is_open_to_staff_alone(order: Served, customer: str, support: str) -> None:
    row = await place(order, None)
    assert (await order.execute(ORDER, customer, id=row.id)).data == {"order": None}
    shown = (await order.execute(ORDER, support, id=row.id)).data["order"]
    assert (shown["customer"], shown["contactEmail"]) == (None, "anna@example.com")


async def test_only_staff_learn_who_caused_a_change(order: Served, customer: str, customer_id: str, admin: str) -> None:
    row = await place(order, customer_id)
    query = "query ($id: ID!) { order(id: $id) { timeline { actorKind actor { id } } } }"
    assert (await order.execute(query, customer, id=row.id)).codes == ["FORBIDDEN"]
    shown = (await order.execute(query, admin, id=row.id)).data["order"]
    assert shown == {"timeline": [{"actorKind": "CUSTOMER", "actor": {"id": customer_id}}]}


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_orders_of_users_cost_the_same_for_any_number(order: Served, support: str, count: int) -> None:
    users = [new_id("usr") for _ in range(count)]
    for user_id in users[:3]:
        await ship(order, (await place(order, user_id, new_id("des"))).id)
    with order.statements() as sent:
        answer = await order.execute(OF_USERS, support, r=references("User", *users))
    assert [entity["orders"]["totalCount"] for entity in answer.data["_entities"]] == [1, 1, 1, *[0] * count][:count]
    # Orders, count, address, lines, timeline, shipments, scans.
    assert len(sent) == 7


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_references_cost_the_same_for_any_number(order: Served, support: str, count: int) -> None:
    keys = [(await place(order, new_id("usr"), new_id("des"))).id for _ in range(min(count, 12))]
    await ship(order, keys[0])
    wanted = (keys * count)[:count]
    with order.statements() as sent:
        answer = await order.execute(OF_ORDERS, support, r=references("Order", *wanted))
    assert [entity["id"] for entity in answer.data["_entities"]] == wanted
    assert len(sent) == 5
    designs = [new_id("des") for _ in range(count)]
    with order.statements() as sent:
        await order.execute(OF_DESIGNS, support, r=references("Design", *designs))
    assert len(sent) == 2


async def test_malformed_references_are_null_or_refused(order: Served, people: Identities, support: str) -> None:
    keys: list[Any] = [None, 42, [], {}, "", "ord_", "des_00000000000000000000000000", "\x01"]
    for key in keys:
        codes = [] if isinstance(key, str) else ["INVALID_INPUT"]
        answer = await order.execute(OF_ORDERS, support, r=[{"__typename": "Order", "id": key}])
        assert (answer.body["data"], answer.codes) == ({"_entities": [None]}, codes)
        answer = await order.execute(OF_USERS, support, r=[{"__typename": "User", "id": key}])
        assert (answer.body["data"], answer.codes) == ({"_entities": [None]}, codes)
    answer = await order.execute(OF_ORDERS, support, r=[{"__typename": "Secret", "id": "x"}])
    assert answer.codes == ["INVALID_INPUT"]


async def test_a_customers_orders_come_in_pages(order: Served, customer: str, customer_id: str) -> None:
    rows = [await place(order, customer_id) for _ in range(3)]
    query = ENTITIES % (
        "... on User { orders(first: $n, after: $a) { nodes { id } pageInfo { hasNextPage endCursor } } }"
    )
    query = query.replace("($r: [_Any!]!)", "($r: [_Any!]!, $n: Int, $a: String)")
    who = references("User", customer_id)
    first = (await order.execute(query, customer, r=who, n=2)).data["_entities"][0]["orders"]
    assert [node["id"] for node in first["nodes"]] == [rows[2].id, rows[1].id]
    after = first["pageInfo"]["endCursor"]
    second = (await order.execute(query, customer, r=who, n=2, a=after)).data["_entities"][0]["orders"]
    assert second["nodes"] == [{"id": rows[0].id}]
    assert second["pageInfo"]["hasNextPage"] is False
    for bad in ({"n": 101}, {"n": -1}, {"a": "x"}, {"a": "W10"}, {"a": "WyJwbGFjZWRfYXQiLDEsMl0"}):
        assert (await order.execute(query, customer, r=who, **bad)).codes == ["INVALID_INPUT"]


LIST = """
query ($filter: OrderFilter, $sort: OrderSort! = NEWEST) {
  orders(filter: $filter, sort: $sort, first: 100) { totalCount nodes { id } }
}
"""


async def test_staff_find_orders(order: Served, support: str, customer_id: str) -> None:
    early = await place(order, customer_id, contact_email="bert_1%@example.com")
    late = await place(order, customer_id)
    await move(order, early.id, *TO_THE_END[:2])

    async def found(sort: str = "NEWEST", **filter: Any) -> list[str]:
        variables = {"filter": {"customerId": customer_id} | filter, "sort": sort}
        listed = (await order.execute(LIST, support, **variables)).data["orders"]
        assert listed["totalCount"] == len(listed["nodes"])
        return [node["id"] for node in listed["nodes"]]

    assert await found() == [late.id, early.id]
    assert await found("OLDEST") == [early.id, late.id]
    assert await found("RECENTLY_CHANGED") == [early.id, late.id]
    assert await found(status=["IN_PRODUCTION", "PAID"]) == [early.id]
    assert await found(status=[]) == []
    assert await found(text="BERT_1%") == [early.id]
    assert await found(text="%") == []
    assert await found(text=late.number.lower()) == [late.id]
    assert await found(text=" muster ") == [late.id, early.id]
    assert await found(placedFrom=late.placed_at.isoformat()) == [late.id]
    assert await found(placedFrom="0001-01-01T00:00:00Z", placedBefore="9999-12-31T23:59:59") == [late.id, early.id]
    assert await found(placedBefore=late.placed_at.isoformat()) == [early.id]


@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"text": "x" * 101}, "INVALID_INPUT"),
        ({"text": "a\x07b"}, "INVALID_INPUT"),
        ({"placedFrom": "0001-01-01T00:00:00+14:00"}, "BAD_USER_INPUT"),
        ({"placedBefore": "9999-12-31T23:59:59-12:00"}, "BAD_USER_INPUT"),
        ({"placedBefore": "yesterday"}, "BAD_USER_INPUT"),
        ({"status": ["LOST"]}, "BAD_USER_INPUT"),
        ({"customerId": {}}, "BAD_USER_INPUT"),
    ],
)
async def test_impossible_filters_are_refused(order: Served, support: str, filter: Any, code: str) -> None:
    answer = await order.execute(LIST, support, filter=filter)
    assert (answer.status, answer.codes) == (200, [code])
