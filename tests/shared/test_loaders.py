"""A loader fetches what is asked for in one tick together, once a request, and a failure is nobody's for good."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from shared.database.database import Database
from shared.graph.context import Context
from shared.graph.loaders import LARGEST_BATCH, Loader


class Doubles(Loader[int, int]):
    """Brings twice a number, of those below a thousand million; fails while it is told to."""

    def __init__(self) -> None:
        super().__init__(cast("Context", Surroundings()))
        self.fetched: list[list[int]] = []
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self.fails = False
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def missing(self, _key: int) -> int:
        return -1

    async def fetch(self, _database: Database, keys: Sequence[int]) -> Mapping[int, int]:
        self.fetched.append(list(keys))
        self.begun.put_nowait(None)
        await self.may_go_on.wait()
        if self.fails:
            raise OSError("away")
        return {key: 2 * key for key in keys if key < 10**9}


class Surroundings:
    database: Any = None


async def test_keys_of_one_tick_are_fetched_together_and_once() -> None:
    loader = Doubles()
    one, many, two = await asyncio.gather(loader.load(1), loader.load_many([2, 1, 3]), loader.load(2))
    assert (one, many, two) == (2, [4, 2, 6], 4)
    assert await loader.load_many([3, 1]) == [6, 2]
    assert loader.fetched == [[1, 2, 3]]


async def test_a_key_that_is_on_its_way_is_not_asked_for_again() -> None:
    loader = Doubles()
    loader.may_go_on.clear()
    first = asyncio.create_task(loader.load(1))
    await loader.begun.get()
    second = asyncio.create_task(loader.load_many([1, 2]))
    await loader.begun.get()
    loader.may_go_on.set()
    assert (await first, await second) == (2, [2, 4])
    assert loader.fetched == [[1], [2]]


async def test_what_is_not_there_is_told_as_missing() -> None:
    assert await Doubles().load_many([1, 10**9]) == [2, -1]


async def test_more_keys_than_a_statement_takes_are_fetched_in_parts() -> None:
    loader, keys = Doubles(), list(range(2 * LARGEST_BATCH + 1))
    assert await loader.load_many(keys) == [2 * key for key in keys]
    assert [len(some) for some in loader.fetched] == [LARGEST_BATCH, LARGEST_BATCH, 1]


async def test_a_batch_that_failed_is_fetched_anew_when_it_is_asked_for_again() -> None:
    loader = Doubles()
    loader.fails = True
    failed = await asyncio.gather(loader.load(1), loader.load_many([1, 2]), return_exceptions=True)
    assert [type(each) for each in failed] == [OSError, OSError]
    loader.fails = False
    assert await loader.load_many([1, 2]) == [2, 4]


async def test_who_gives_up_takes_nothing_from_those_who_wait() -> None:
    loader = Doubles()
    loader.may_go_on.clear()
    given_up, still_waiting = asyncio.create_task(loader.load(1)), asyncio.create_task(loader.load(2))
    await loader.begun.get()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    loader.may_go_on.set()
    assert await still_waiting == 4


async def test_a_later_value_is_made_of_what_the_batch_brings() -> None:
    loader = Doubles()
    asked: Any = [loader.then(1, str), loader.then(10**9, str)]
    assert [await each for each in asked] == ["2", "-1"]
    assert loader.fetched == [[1, 10**9]]


async def test_what_was_forgotten_is_fetched_anew() -> None:
    loader = Doubles()
    assert await loader.load(1) == 2
    loader.clear()
    assert await loader.load(1) == 2
    assert loader.fetched == [[1], [1]]
