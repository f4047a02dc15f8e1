"""Staff: holds, notes, parcels and their scans; what they do to the order, and what they leave behind."""

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from subgraphs.order.enums import OrderStatus, ShipmentStatus
from subgraphs.order.models import OrderNote, Shipment
from subgraphs.order.service.parcel_status import steps_shown_by
from subgraphs.order.service.privacy import forget_customer
from tests.order.factories import move, place
from tests.order.operations import document, operate
from tests.order.test_transitions import stored
from tests.support.apps import Identities, Served

MADE = (OrderStatus.PAID, OrderStatus.IN_PRODUCTION)
NOW = dt.datetime.now(dt.UTC)


async def parcel(order: Served, token: str, order_id: str, **given: Any) -> str:
    """Announce a parcel and return its id."""
    wanted = {"orderId": order_id, "carrier": "DHL", "trackingNumber": new_id("trk")} | given
    made = await operate(order, token, "shipmentCreate", **wanted)
    assert made["shipment"]["status"] == "LABEL_CREATED"
    return str(made["shipment"]["id"])


async def scan(order: Served, token: str, shipment_id: str, status: str, minutes_ago: float = 0) -> Any:
    at = (NOW - dt.timedelta(minutes=minutes_ago)).isoformat()
    given = {"shipmentId": shipment_id, "status": status, "at": at, "description": f"It is {status}."}
    return await operate(order, token, "shipmentScanAdd", **given)


async def test_a_held_order_is_released_to_where_it_was(order: Served, support: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *MADE)
    held = await operate(order, support, "orderHold", orderId=placed.id, version=3, reason="Which colour?")
    assert (held["order"]["status"], held["order"]["version"]) == ("ON_HOLD", 4)
    last = {"version": 4, "status": "ON_HOLD", "reason": "Which colour?", "actorKind": "STAFF"}
    assert held["order"]["timeline"][-1] == last
    released = await operate(order, support, "orderRelease", orderId=placed.id, version=4)
    assert (released["order"]["status"], released["order"]["version"]) == ("IN_PRODUCTION", 5)
    again = await operate(order, support, "orderRelease", orderId=placed.id, version=5)
    assert again["code"] == "ILLEGAL_STATE"
    stale = await operate(order, support, "orderHold", orderId=placed.id, version=4)
    assert (stale["code"], stale["currentVersion"]) == ("VERSION_CONFLICT", 5)


async def test_what_has_left_is_not_held(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE, OrderStatus.SHIPPED)
    before = await stored(order, placed.id)
    assert (await operate(order, support, "orderHold", orderId=placed.id, version=4))["code"] == "ILLEGAL_STATE"
    assert await stored(order, placed.id) == before


@pytest.mark.parametrize(
    "name", ["orderHold", "orderRelease", "orderNoteAdd", "shipmentCreate", "shipmentScanAdd", "orderRefund"]
)
async def test_only_staff_operate(order: Served, customer: str, customer_id: str, name: str) -> None:
    placed = await place(order, customer_id)
    given: dict[str, dict[str, Any]] = {
        "orderNoteAdd": {"orderId": placed.id, "text": "x"},
        "shipmentCreate": {"orderId": placed.id, "carrier": "DHL", "trackingNumber": "1"},
        "shipmentScanAdd": {"shipmentId": "shp_x", "status": "IN_TRANSIT", "description": "x"},
    }
    wanted = given.get(name, {"orderId": placed.id, "version": 1})
    before = await stored(order, placed.id)
    assert (await order.execute(document(name), customer, input=wanted)).codes == ["FORBIDDEN"]
    assert (await order.execute(document(name), input=wanted)).codes == ["UNAUTHENTICATED"]
    assert await stored(order, placed.id) == before


@pytest.mark.parametrize("key", ["ord_x", "", "💥"])
async def test_unknown_things_are_not_found(order: Served, support: str, key: str) -> None:
    for name, given in (
        ("orderHold", {"orderId": key, "version": 1}),
        ("orderRelease", {"orderId": key, "version": 1}),
        ("orderNoteAdd", {"orderId": key, "text": "x"}),
        ("shipmentCreate", {"orderId": key, "carrier": "DHL", "trackingNumber": "1"}),
        ("shipmentScanAdd", {"shipmentId": key, "status": "IN_TRANSIT", "description": "x"}),
        ("orderRefund", {"orderId": key, "version": 1}),
        ("orderReorder", {"orderId": key}),
    ):
        assert (await operate(order, support, name, **given))["code"] == "NOT_FOUND"


async def test_customers_read_the_notes_that_are_theirs(
    order: Served, people: Identities, customer: str, customer_id: str
) -> None:
    author = new_id("usr")
    staff = people.token(author, "SUPPORT")
    placed = await place(order, customer_id)
    reported = await operate(
        order, staff, "orderNoteAdd", orderId=placed.id, text="A gift is\r\ninside.", visibility="CUSTOMER"
    )
    assert reported["note"] == {
        "id": reported["note"]["id"],
        "text": "A gift is\ninside.",
        "visibility": "CUSTOMER",
        "author": {"id": author},
    }
    await operate(order, staff, "orderNoteAdd", orderId=placed.id, text="Difficult.")
    query = "query ($id: ID!) { order(id: $id) { notes { text } } }"
    seen = {
        who: (await order.execute(query, token, id=placed.id)).data["order"]["notes"]
        for who, token in (("customer", customer), ("staff", staff))
    }
    assert seen == {
        "customer": [{"text": "A gift is\ninside."}],
        "staff": [{"text": "A gift is\ninside."}, {"text": "Difficult."}],
    }
    events = (await stored(order, placed.id))[2]
    assert [event.data["visible"] for event in events if event.type == "order.note_added"] == [True, False]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "TOO_SHORT"), (" \n ", "TOO_SHORT"), ("x" * 2001, "TOO_LONG"), ("a\x1b", "CONTROL_CHARACTER")],
)
async def test_hostile_notes_are_refused(order: Served, support: str, text: str, code: str) -> None:
    placed = await place(order, None)
    refused = await operate(order, support, "orderNoteAdd", orderId=placed.id, text=text)
    assert refused["fields"] == [{"path": "input.text", "code": code}]
    async with order.database.read() as connection:
        assert (await connection.execute(select(OrderNote.id).where(OrderNote.order_id == placed.id))).all() == []


async def test_the_order_follows_its_parcel(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    steps = [
        ("IN_TRANSIT", 40, "SHIPPED"),
        ("OUT_FOR_DELIVERY", 20, "OUT_FOR_DELIVERY"),
        ("DELIVERED", 10, "DELIVERED"),
    ]
    for status, minutes_ago, expected in steps:
        assert (await scan(order, support, shipment, status, minutes_ago))["order"]["status"] == expected
    late = await scan(order, support, shipment, "IN_TRANSIT", 30)
    assert (late["order"], late["shipment"]["status"]) == ({"status": "DELIVERED", "version": 6}, "DELIVERED")
    assert len(late["shipment"]["scans"]) == 4
    _, entries, events = await stored(order, placed.id)
    assert {entry.actor_kind.value for entry in entries[3:]} == {"STAFF"}
    counted = Counter(event.type for event in events)
    assert (counted["order.shipment_created"], counted["order.shipment_scanned"], counted["order.delivered"]) == (
        1,
        4,
        1,
    )
    [shipped] = [event for event in events if event.type == "order.shipped"]
    assert shipped.data["shipment_id"] == shipment


async def test_of_two_parcels_the_first_ships_a_part(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    first = await parcel(order, support, placed.id, completes=False)
    assert (await scan(order, support, first, "DELIVERED", 9))["order"]["status"] == "PARTIALLY_SHIPPED"
    second = await parcel(order, support, placed.id)
    assert (await scan(order, support, second, "IN_TRANSIT", 8))["order"]["status"] == "SHIPPED"
    assert (await scan(order, support, second, "DELIVERED", 7))["order"]["status"] == "DELIVERED"


async def test_a_first_scan_may_tell_the_end(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    assert (await scan(order, support, shipment, "RETURNED"))["order"] == {"status": "RETURNED", "version": 5}
    assert [entry.status.value for entry in (await stored(order, placed.id))[1]][3:] == ["SHIPPED", "RETURNED"]


async def test_a_scan_says_who_recorded_it_to_staff_alone(
    order: Served, people: Identities, customer: str, customer_id: str
) -> None:
    clerk = new_id("usr")
    token = people.token(clerk, "SUPPORT")
    placed = await place(order, customer_id)
    await move(order, placed.id, *MADE)
    await scan(order, token, await parcel(order, token, placed.id), "IN_TRANSIT")
    query = "query ($id: ID!) { order(id: $id) { shipments { scans { actorKind actor { id } } } } }"
    [shipment] = (await order.execute(query, token, id=placed.id)).data["order"]["shipments"]
    assert shipment == {"scans": [{"actorKind": "STAFF", "actor": {"id": clerk}}]}
    shown = await order.execute(query, customer, id=placed.id)
    assert shown.codes == ["FORBIDDEN"]
    assert shown.body["data"]["order"]["shipments"] == [{"scans": [{"actorKind": "STAFF", "actor": None}]}]
    async with order.database.write() as session:
        await forget_customer(session, clerk)
    [shipment] = (await order.execute(query, token, id=placed.id)).data["order"]["shipments"]
    assert shipment == {"scans": [{"actorKind": "STAFF", "actor": None}]}


async def test_a_scan_of_a_held_order_is_kept_and_moves_nothing(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    await move(order, placed.id, OrderStatus.ON_HOLD)
    noted = await scan(order, support, shipment, "IN_TRANSIT")
    assert (noted["order"]["status"], noted["shipment"]["status"]) == ("ON_HOLD", "IN_TRANSIT")


async def test_the_same_scan_counts_once_however_often_it_comes(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    answers = await asyncio.gather(*[scan(order, support, shipment, "IN_TRANSIT", 5) for _ in range(8)])
    assert {answer["order"]["version"] for answer in answers} == {4}
    assert len(answers[-1]["shipment"]["scans"]) == 1
    assert sum(event.type == "order.shipment_scanned" for event in (await stored(order, placed.id))[2]) == 1


@pytest.mark.parametrize("key", [{}, {"idempotencyKey": "once"}])
async def test_a_scan_without_a_time_that_is_sent_again_counts_once(
    order: Served, support: str, key: dict[str, str]
) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    given = {"shipmentId": shipment, "status": "IN_TRANSIT", "description": "Sorted.", **key}
    answers = await asyncio.gather(*[operate(order, support, "shipmentScanAdd", **given) for _ in range(4)])
    answers.append(await operate(order, support, "shipmentScanAdd", **given))
    assert len(answers[-1]["shipment"]["scans"]) == 1
    assert sum(event.type == "order.shipment_scanned" for event in (await stored(order, placed.id))[2]) == 1
    other = given | {"description": "Loaded.", "idempotencyKey": "twice"}
    assert len((await operate(order, support, "shipmentScanAdd", **other))["shipment"]["scans"]) == 2
    if key:
        refused = await operate(order, support, "shipmentScanAdd", **other | key)
        assert refused["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]


async def test_scans_of_the_future_are_refused(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    refused = await scan(order, support, shipment, "IN_TRANSIT", -60)
    assert refused["fields"] == [{"path": "input.at", "code": "IN_THE_FUTURE"}]


async def test_parcels_need_an_order_that_is_made_and_a_number_of_their_own(order: Served, support: str) -> None:
    placed = await place(order, None)
    given = {"orderId": placed.id, "carrier": "DHL", "trackingNumber": new_id("trk")}
    assert (await operate(order, support, "shipmentCreate", **given))["code"] == "ILLEGAL_STATE"
    await move(order, placed.id, *MADE)
    key = {"idempotencyKey": "once"}
    first, again = [await operate(order, support, "shipmentCreate", **given, **key) for _ in range(2)]
    assert first == again
    taken = await operate(order, support, "shipmentCreate", **given)
    assert taken["fields"] == [{"path": "input.trackingNumber", "code": "TAKEN"}]
    async with order.database.read() as connection:
        made = (await connection.execute(select(Shipment.id).where(Shipment.order_id == placed.id))).all()
        notes = await connection.execute(select(OrderNote.text).where(OrderNote.order_id == placed.id))
        assert [text for (text,) in notes] == [f"Parcel announced: DHL {given['trackingNumber']}."]
    assert [row.id for row in made] == [first["shipment"]["id"]]


L, T, O, D, R, E, X, P = (  # noqa: E741
    ShipmentStatus.LABEL_CREATED,
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.DELIVERED,
    ShipmentStatus.RETURNED,
    ShipmentStatus.EXCEPTION,
    ShipmentStatus.LOST,
    ShipmentStatus.READY_FOR_PICKUP,
)


@pytest.mark.parametrize(
    ("parcels", "last"),
    [
        ([], None),
        ([(L, True)], None),
        ([(T, False)], "PARTIALLY_SHIPPED"),
        ([(D, False), (L, True)], "PARTIALLY_SHIPPED"),
        ([(D, False), (T, True)], "SHIPPED"),
        ([(D, False), (O, True)], "OUT_FOR_DELIVERY"),
        ([(D, True), (D, False)], "DELIVERED"),
        ([(D, True), (R, True)], "RETURNED"),
        ([(D, True), (X, True)], "SHIPPED"),
        ([(X, True)], "SHIPPED"),
        ([(P, True), (D, True)], "READY_FOR_PICKUP"),
        ([(R, True)], "RETURNED"),
        ([(E, True)], "SHIPPED"),
    ],
)
def test_what_parcels_tell(parcels: list[tuple[ShipmentStatus, bool]], last: str | None) -> None:
    reported = steps_shown_by(parcels)
    assert (reported[-1].value if reported else None) == last
