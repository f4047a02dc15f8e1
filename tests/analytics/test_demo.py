"""Demo traffic: deterministic, and its counts agree with its events."""

import datetime as dt
import random
from collections import Counter
from typing import Any

from sqlalchemy import text

from petplus.bulk_copy import copy_rows
from shared.core.ids import id_at
from shared.core.settings import Settings
from subgraphs.analytics.demo import DemoDesign, DemoOrder, activity
from tests.support.apps import Served

UNTIL = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def rows(seed: int) -> Any:
    rng = random.Random(seed)
    designs = []
    for number in range(60):
        at = UNTIL - dt.timedelta(days=rng.uniform(1, 300))
        shared = (at + dt.timedelta(hours=1),) * (number % 3)
        designs.append(
            DemoDesign(id_at("des", at, rng), id_at("usr", UNTIL, random.Random(number % 20)), "COLLAR", at, shared)
        )
    orders = [
        DemoOrder(
            id_at("ord", UNTIL, rng),
            design.owner_id,
            UNTIL - dt.timedelta(hours=2),
            tuple(each.id for each in designs[number : number + 2]),
            3,
            4980,
            "EUR",
        )
        for number, design in enumerate(designs[:30])
    ]
    return activity(rng, designs, orders, UNTIL)


def test_the_same_seed_makes_the_same_rows() -> None:
    assert rows(1) == rows(1)
    assert rows(1) != rows(2)


def test_counts_agree_with_events_and_nothing_lies_ahead() -> None:
    made = rows(3)
    views = Counter(row["design_id"] for row in made["analytics_event"] if row["name"] == "design_viewed")
    shares = Counter(row["design_id"] for row in made["analytics_event"] if row["name"] == "design.shared")
    assert len(made["design_fact"]) == 60
    for fact in made["design_fact"]:
        assert (fact["views"], fact["shares"]) == (views[fact["design_id"]], shares[fact["design_id"]])
    assert sum(fact["orders"] for fact in made["design_fact"]) == 60
    assert max(row["occurred_at"] for row in made["analytics_event"]) <= UNTIL
    assert len({row["id"] for row in made["analytics_event"]}) == len(made["analytics_event"])


def test_assignments_are_sticky_and_within_their_experiment() -> None:
    made = rows(4)
    experiments = {row["id"]: row for row in made["experiment"]}
    pairs = Counter((row["experiment_id"], row["subject"]) for row in made["experiment_assignment"])
    assert len(pairs) > 20
    assert set(pairs.values()) == {1}
    for row in made["experiment_assignment"]:
        experiment = experiments[row["experiment_id"]]
        assert row["variant"] in {variant["key"] for variant in experiment["variants"]}
        assert row["assigned_at"] >= experiment["started_at"]
        assert row["assigned_at"] < (experiment["stopped_at"] or UNTIL)


async def test_rows_fit_the_tables(analytics: Served, settings: Settings, support: str) -> None:
    made = rows(5)
    await copy_rows(settings, "analytics", made)
    statement = text("SELECT count(*) FROM analytics_event WHERE id = ANY(:ids)")
    async with analytics.database.read() as connection:
        found = await connection.scalar(statement, {"ids": [row["id"] for row in made["analytics_event"]]})
    assert found == len(made["analytics_event"])
    query = "query ($id: ID!) { experiment(id: $id) { key status version variants { key weight } } }"
    for row in made["experiment"]:
        answer = await analytics.execute(query, support, id=row["id"])
        expected = {key: row[key] for key in ("key", "status", "version", "variants")}
        assert answer.data["experiment"] == expected
