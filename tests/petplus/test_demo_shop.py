"""The demo shop as a whole: what its subgraphs show agrees, and its reports have something to tell."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest

from petplus import seeding
from subgraphs.analytics.service.aggregation.funnels import NAMES_OF_STEPS, STEPS, entries_of
from subgraphs.analytics.statistics.comparison import compare
from subgraphs.analytics.statistics.samples import proportion

UNTIL = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
WEEK = 2
PLACES = {name: place for place, names in enumerate(NAMES_OF_STEPS.values()) for name in names}


@pytest.fixture(scope="module")
def demo() -> dict[str, Any]:
    """The rows that `petplus seed` makes unless told otherwise."""
    return dict(seeding.generate(seeding.Plan(users=200, designs=600, orders=1000, until=UNTIL)))


def test_timelines_name_the_deliveries_that_they_came_of(demo: dict[str, Any]) -> None:
    deliveries = {row["id"]: row for row in demo["webhook"]["webhook_log"]}
    orders = {row["id"]: row for row in demo["order"]["order_meta"]}
    named: Counter[tuple[str, str]] = Counter()
    for entry in demo["order"]["order_timeline"]:
        order = orders[entry["order_id"]]
        if entry["delivery_id"] is None:
            continue
        delivery = deliveries[entry["delivery_id"]]
        assert delivery["order_id"] == order["id"]
        assert delivery["state"] == "PROCESSED"
        assert delivery["occurred_at"] == entry["at"]
        steps = (entry["at"], delivery["received_at"], delivery["stored_at"], delivery["processed_at"])
        assert (*steps, entry["recorded_at"]) == tuple(sorted((*steps, entry["recorded_at"])))
        assert delivery["source"] == ("SHOPIFY" if order["source"] == "SHOPIFY" else "STRIPE")
        assert delivery["shop"] == order["shop"]
        named[delivery["topic"], entry["status"]] += 1
    elsewhere = sum(order["source"] == "SHOPIFY" for order in orders.values())
    assert 550 < elsewhere < 650
    # A few deliveries failed or were forged.
    assert 0.95 * elsewhere < named["orders/create", "PENDING"] < elsewhere
    assert named["orders/paid", "PAID"] > 450
    assert named["payment_intent.succeeded", "PAID"] > 300
    assert named["refunds/create", "PAID"] > 20
    assert named["refunds/create", "REFUNDED"] > 5
    assert named["charge.refunded", "REFUNDED"] > 5


def test_designs_that_were_taken_off_an_order_are_not_ordered(demo: dict[str, Any]) -> None:
    kinds = defaultdict(set)
    for line in demo["order"]["order_line"]:
        kinds[line["design_id"]].add(line["kind"])
    statuses = {row["id"]: row["status"] for row in demo["builder"]["saved_design"]}
    assert {statuses[design] for design, found in kinds.items() if "GOODS" in found} == {"ORDERED"}
    assert {statuses[design] for design, found in kinds.items() if found == {"REMOVED"}} <= {"DRAFT"}


def test_the_funnel_loses_people_at_each_step(demo: dict[str, Any]) -> None:
    done = defaultdict(list)
    for event in demo["analytics"]["analytics_event"]:
        if event["name"] in PLACES:
            done[event["subject"]].append((event["occurred_at"], PLACES[event["name"]]))
    since, depths = (UNTIL - dt.timedelta(days=30)).date(), Counter[int]()
    for steps in done.values():
        entries = [entry for entry in entries_of(steps, dt.date.min) if entry.day >= since]
        depths[entries[0].depths[WEEK] if entries else 0] += 1
    reached = [sum(count for depth, count in depths.items() if depth > place) for place in range(len(STEPS))]
    assert all(later <= 0.9 * earlier for earlier, later in pairwise(reached)), reached
    assert reached[-1] > 10


def test_an_experiment_has_a_real_effect_and_another_has_none(demo: dict[str, Any]) -> None:
    tables = demo["analytics"]
    keys = {row["id"]: row["key"] for row in tables["experiment"]}
    carts = defaultdict(list)
    for event in tables["analytics_event"]:
        if event["name"] == "add_to_cart":
            carts[event["subject"]].append(event["occurred_at"])
    sizes: Counter[tuple[str, str]] = Counter()
    converted: Counter[tuple[str, str]] = Counter()
    for row in tables["experiment_assignment"]:
        group, begun = (keys[row["experiment_id"]], row["variant"]), row["assigned_at"]
        sizes[group] += 1
        converted[group] += any(begun <= at <= begun + dt.timedelta(days=30) for at in carts[row["subject"]])

    def p_value(experiment: str, control: str, other: str) -> float:
        before, after = [proportion(sizes[experiment, it], converted[experiment, it]) for it in (control, other)]
        found = compare(before, after)
        assert found is not None
        return found.p_value

    assert p_value("builder_layout", "control", "side_by_side") < 0.02
    assert p_value("preset_gallery", "control", "gallery") > 0.2
