"""Following a log: what a database that is away delays, and what ends a follower."""

from collections.abc import Sequence

import pytest
from redis.asyncio import Redis

from shared.core.errors import Unauthenticated, Unavailable
from shared.live import change_log
from shared.live.notifier import ChangeNotifier
from shared.security.auth import seconds_left
from tests.support.waiting import in_time


def unused_notifier() -> ChangeNotifier:
    return ChangeNotifier(Redis(), "unheard")


async def test_a_database_that_is_away_is_asked_again_and_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_log, "POLL_SECONDS", 0.01)
    log = ["a", "b", "c"]
    asked: list[int] = []

    async def read(position: int) -> tuple[Sequence[tuple[str, int]], int, bool]:
        asked.append(position)
        if len(asked) % 2:
            raise Unavailable
        return [(log[position], position + 1)] if position < len(log) else [], min(position + 1, len(log)), False

    rows = change_log.tail(unused_notifier(), 0, read, lambda: None)
    async with in_time():
        assert [await anext(rows) for _ in log] == [("a", 1), ("b", 2), ("c", 3)]
    await rows.aclose()
    assert asked == [0, 0, 1, 1, 2, 2]


async def test_a_follower_whose_proof_ends_is_told_so() -> None:
    async def read(position: int) -> tuple[Sequence[tuple[str, int]], int, bool]:
        return [], position, False

    rows = change_log.tail(unused_notifier(), 0, read, lambda: seconds_left(None, 1.0))
    with pytest.raises(Unauthenticated):
        await anext(rows)
