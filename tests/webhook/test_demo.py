"""Demonstration deliveries: plausible, storable, and the same for the same seed."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import orjson

from petplus.bulk_copy import copy_rows
from shared.core.ids import id_at, is_id
from shared.core.settings import Settings
from subgraphs.webhook.demo import ReportedOrder, ReportedStep, deliveries
from tests.support.apps import Served

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


SHOP = "shop.example"


def some_deliveries(seed: int, size: int) -> Any:
    """Return rows and what came of them; every fourth order is ours, and its payment at Stripe is what is told."""
    rng = random.Random(seed)
    orders = []
    for number in range(size):
        placed = NOW - dt.timedelta(minutes=rng.randrange(1, 20_000))
        paid = placed + dt.timedelta(seconds=20)
        shop, external = (SHOP, f"gid://shopify/Order/{number + 1}") if number % 4 else (None, None)
        topics = ("orders/create", "orders/paid", "refunds/create") if shop else ("payment_intent.succeeded",)
        steps = [ReportedStep(topic, paid, f"otl_{number}_{topic}", 990) for topic in topics]
        key = id_at("ord", placed, rng)
        orders.append(ReportedOrder(key, f"AP-{number}", placed, 4990, "EUR", steps, shop, external))
    return deliveries(rng, orders, NOW)


async def test_seeded_deliveries_are_stored_and_shown(webhook: Served, settings: Settings, support: str) -> None:
    rows, _ = some_deliveries(1, 40)
    await copy_rows(settings, "webhook", rows)
    reported = rows["webhook_log"][2]
    query = "query ($id: ID!) { webhookDelivery(id: $id) { state payload attemptLog { number } order { id } } }"
    shown = (await webhook.execute(query, support, id=reported["id"])).data["webhookDelivery"]
    assert shown["payload"].encode() == reported["body"]
    assert shown["order"] == {"id": reported["order_id"]}
    assert [attempt["number"] for attempt in shown["attemptLog"]] == list(range(1, reported["attempts"] + 1))


def test_seeded_deliveries_are_plausible() -> None:
    rows, causes = some_deliveries(3, 2000)
    log, retries = rows["webhook_log"], rows["webhook_retry"]
    assert len(log) == 500 + 1500 * 3
    assert len(causes) == sum(row["state"] == "PROCESSED" for row in log)
    topic_of = {row["id"]: row["topic"] for row in log}
    assert all(entry.endswith(topic_of[cause.delivery_id]) for entry, cause in causes.items())
    assert {row["shop"] for row in log if row["source"] == "SHOPIFY"} == {SHOP}
    states = Counter(row["state"] for row in log)
    assert set(states) == {"PROCESSED", "FAILED", "DEAD", "IGNORED", "REJECTED"}
    assert states["PROCESSED"] > 0.95 * len(log)
    assert len(retries) == sum(row["attempts"] for row in log)
    assert all(attempt["at"] <= NOW for attempt in retries)
    assert all(is_id("whd", row["id"]) for row in log)
    assert all((row["state"] == "PROCESSED") == (row["processed_at"] is not None) for row in log)
    assert {row["order_id"] for row in log if row["state"] in ("IGNORED", "REJECTED")} == {None}
    # What has no effect is kept without its body.
    assert all((row["body"] == b"") if row["state"] == "IGNORED" else orjson.loads(row["body"])["id"] for row in log)
    keys = Counter((row["source"], row["shop"], row["topic"], row["delivery_id"]) for row in log)
    assert max(keys.values()) == 1


def test_the_same_seed_makes_the_same_deliveries() -> None:
    assert some_deliveries(7, 50) == some_deliveries(7, 50)
    assert some_deliveries(7, 50) != some_deliveries(8, 50)
