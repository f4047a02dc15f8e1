"""The short version of `make chaos`."""

from pathlib import Path

import pytest

from tests.chaos.run import Plan, chaos

pytestmark = pytest.mark.usefixtures("_urls")


def test_nothing_is_lost_doubled_or_reordered_while_processes_are_killed(tmp_path: Path) -> None:
    first = ("order", "valkey", "postgres", "audit")
    report = chaos(
        tmp_path / "home", Plan(changes=50, seconds=6, shortest_interval=1.5, longest_interval=1.6, first=first)
    )
    assert report.changes == 50
    # Placed, five changes, shipped, delivered: of ten orders.
    assert report.events == 80
    assert report.kills.total() >= 3
    assert report.outcomes["broker wiped"] == 1
