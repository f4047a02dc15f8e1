"""Demo orders: plausible, deterministic, and as lawful as real ones."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select, text

from petplus.bulk_copy import copy_rows
from shared.core.ids import id_at
from shared.core.settings import Settings
from shared.graph.money import CurrencyCode
from subgraphs.order import status
from subgraphs.order.demo import FIRST_DEMO_SERIAL, DemoDesign, DemoPerson, number_of, order_rows
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.models import FIRST_SERIAL, Order
from subgraphs.order.pricing.tax import tax_on
from tests.order.factories import place
from tests.support.apps import Served

UNTIL = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
Tables = Mapping[str, Sequence[Any]]


def make(count: int, seed: int = 1) -> Tables:
    rng = random.Random(seed)
    people, designs = {}, []
    for number in range(count // 5 + 1):
        made_at = UNTIL - dt.timedelta(days=rng.uniform(0.5, 500))
        owner = id_at("usr", made_at, rng)
        people[owner] = DemoPerson(f"Person {number}", f"person{number}@example.com")
        designs += [
            DemoDesign(id_at("des", made_at, rng), owner, "Collar", rng.randint(500, 9000), currency, made_at, "COLLAR")
            for currency in rng.choices([code.value for code in CurrencyCode], k=4)
        ]
    return order_rows(rng, count, designs, people, UNTIL)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return make(3000)


def by(rows: Sequence[Any], key: str) -> Any:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def test_the_same_seed_makes_the_same_orders() -> None:
    assert make(50) == make(50)
    assert make(50) != make(50, seed=2)


def test_timelines_obey_the_status_machine(tables: Tables) -> None:
    timelines = by(tables["order_timeline"], "order_id")
    refunded = {(refund["order_id"], refund["at"]) for refund in tables["order_refund"]}
    for order in tables["order_meta"]:
        timeline, now = timelines[order["id"]], status.NEW
        assert [entry["version"] for entry in timeline] == list(range(1, order["version"] + 1))
        assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)
        assert timeline[-1]["at"] == order["changed_at"] <= UNTIL
        for entry in timeline[1:]:
            to = OrderStatus(entry["status"])
            assert entry["shipment_id"] is None or to is now.status is OrderStatus.SHIPPED
            if to is now.status:
                assert entry["previous"] == entry["status"]
                assert (entry["shipment_id"] is None) is ((order["id"], entry["at"]) in refunded)
                continue
            assert status.refusal(now, to, ActorKind(entry["actor_kind"])) is None
            assert entry["previous"] == now.status.value
            now = status.after(now, to)
        assert (order["status"], order["held_from"]) == (now.status.value, now.held_from and now.held_from.value)
        assert (order["paid_at"] is not None) is now.is_paid


def test_every_status_occurs(tables: Tables) -> None:
    counts = Counter(order["status"] for order in tables["order_meta"])
    assert set(counts) == {each.value for each in OrderStatus}
    assert counts["DELIVERED"] > 1200
    assert counts["PAID"] > 150


def test_money_adds_up(tables: Tables) -> None:
    lines = by(tables["order_line"], "order_id")
    for order in tables["order_meta"]:
        assert order["subtotal_minor"] == sum(
            line["quantity"] * line["unit_price_minor"] for line in lines[order["id"]]
        )
        plus = order["shipping_minor"] + order["tax_minor"] - order["discount_minor"]
        assert order["total_minor"] == order["subtotal_minor"] + plus
        tax = tax_on(order["total_minor"] - order["tax_minor"], order["country_code"])
        assert (order["included_tax_minor"], order["tax_minor"]) == (tax.included_minor, tax.added_minor)
        designs = [line["design_id"] for line in lines[order["id"]]]
        assert len(designs) == len(set(designs))


def test_what_went_back_is_a_part_or_all_of_the_price(tables: Tables) -> None:
    refunds = by(tables["order_refund"], "order_id")
    parts = 0
    for order in tables["order_meta"]:
        amounts = [refund["amount_minor"] for refund in refunds.get(order["id"], ())]
        assert all(amount > 0 for amount in amounts)
        assert order["refunded_minor"] == sum(amounts)
        assert (order["refunded_minor"] == order["total_minor"]) is (order["status"] == "REFUNDED")
        parts += 0 < order["refunded_minor"] < order["total_minor"]
    assert parts > 100


def test_most_orders_are_of_another_shop_and_some_of_those_were_edited(tables: Tables) -> None:
    lines, timelines = by(tables["order_line"], "order_id"), by(tables["order_timeline"], "order_id")
    elsewhere = [order for order in tables["order_meta"] if order["source"] == "SHOPIFY"]
    assert 0.55 < len(elsewhere) / len(tables["order_meta"]) < 0.65
    edited = 0
    for order in tables["order_meta"]:
        of_shop = order["source"] == "SHOPIFY"
        assert [order[name] is not None for name in ("shop", "shop_number", "external_id")] == [of_shop] * 3
        assert (timelines[order["id"]][0]["actor_id"] is None) is of_shop
        removed = [line for line in lines[order["id"]] if line["kind"] == "REMOVED"]
        assert not removed or of_shop
        assert len(removed) < len(lines[order["id"]])
        edited += len(removed)
    assert edited > 50
    assert len({order["external_id"] for order in elsewhere}) == len(elsewhere)


def test_orders_hold_several_designs_and_parcels_get_lost(tables: Tables) -> None:
    counts = Counter(len(lines) for lines in by(tables["order_line"], "order_id").values())
    assert counts[1] > counts[2] > 300
    assert counts[3] > 10
    assert sum(parcel["status"] == "LOST" for parcel in tables["shipment_tracking"]) > 10
    assert sum(order["status"] == "PARTIALLY_SHIPPED" for order in tables["order_meta"]) > 20


def test_parcels_tell_the_same_story_as_the_timeline(tables: Tables) -> None:
    shipments, scans = by(tables["shipment_tracking"], "order_id"), by(tables["shipment_scan"], "shipment_id")
    timelines = by(tables["order_timeline"], "order_id")
    for order in tables["order_meta"]:
        parcels = shipments.get(order["id"], [])
        statuses = {entry["status"] for entry in timelines[order["id"]]}
        again = [entry["shipment_id"] for entry in timelines[order["id"]] if entry["shipment_id"] is not None]
        assert len(parcels) == len(statuses & {"PARTIALLY_SHIPPED", "SHIPPED"}) + len(again)
        assert [parcel["id"] for parcel in parcels if parcel["again"]] == again
        assert [parcel["status"] for parcel in parcels if parcel["superseded"]] == ["LOST"] * len(again)
        for parcel in parcels:
            story = scans[parcel["id"]]
            assert parcel["status"] == story[-1]["status"]
            assert [scan["at"] for scan in story] == sorted(scan["at"] for scan in story)
        if order["status"] == "DELIVERED":
            assert {parcel["status"] for parcel in parcels[-1:]} == {"DELIVERED"}


async def test_rows_can_be_copied_and_leave_the_numbers_of_later_orders_free(
    order: Served, settings: Settings, tables: Tables, support: str
) -> None:
    await copy_rows(settings, "order", tables)
    try:
        ids = [row["id"] for row in tables["order_meta"]]
        async with order.database.read() as connection:
            count = select(func.count(), func.min(Order.number)).where(Order.id.in_(ids))
            assert (await connection.execute(count)).one() == (3000, number_of(FIRST_DEMO_SERIAL))
        assert (await place(order, None)).serial >= FIRST_SERIAL
        query = "query ($id: ID!) { order(id: $id) { number total { amount } shipments { scans { status } } } }"
        assert (await order.execute(query, support, id=ids[0])).data["order"]["number"] == "AP-100001"
    finally:
        async with order.database.write() as session:
            await session.execute(text("DELETE FROM order_meta WHERE serial < :first"), {"first": FIRST_SERIAL})
