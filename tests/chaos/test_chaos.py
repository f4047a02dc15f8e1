"""The short versions of `make chaos`, `make chaos-webhooks` and `make chaos-checkouts`."""

from pathlib import Path

import pytest

from tests.chaos import checkouts, deliveries
from tests.chaos.run import Plan, chaos
from tests.support.shop import reachable

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.endurance]


def test_nothing_is_lost_doubled_or_reordered_while_processes_are_killed(tmp_path: Path) -> None:
    first = ("order", "valkey", "postgres")
    report = chaos(
        tmp_path / "home", Plan(changes=30, kills=3, shortest_interval=1.5, longest_interval=1.6, first=first)
    )
    assert report.changes == 30
    # Placed, five changes, shipped, delivered: of six orders.
    assert report.events == 48
    assert report.kills == dict.fromkeys(first, 1)
    assert report.outcomes["broker wiped"] == 1


def test_webhooks_in_disorder_lead_to_the_same_rows_while_processes_are_killed(tmp_path: Path) -> None:
    report = deliveries.chaos(reachable(tmp_path), deliveries.Plan(deliveries=60, kills=4))
    assert report.deliveries >= 60
    assert report.sent >= report.deliveries * 1.25
    assert report.kills == dict.fromkeys(deliveries.VICTIMS, 1)
    assert report.rows > report.orders * 10


def test_each_cart_is_ordered_and_paid_once_while_processes_are_killed(tmp_path: Path) -> None:
    kills = len(checkouts.VICTIMS)
    report = checkouts.chaos(reachable(tmp_path) / "home", checkouts.Plan(carts=5, tries=40, kills=kills))
    assert (report.carts, report.tries) == (5, 40)
    assert report.webhooks == 5 * checkouts.REPEATS * 2
    assert report.kills == dict.fromkeys(checkouts.VICTIMS, 1)
