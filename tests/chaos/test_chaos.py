"""The short version of `make chaos`."""

from pathlib import Path

import pytest

from tests.chaos.run import Plan, chaos

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
