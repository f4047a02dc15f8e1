"""Background work takes its steps in turn, and gives way to news."""

import asyncio

import pytest

from shared.core.scheduling import HOLD_SECONDS, Turns


async def test_whoever_waits_is_let_in_between_two_steps_of_background_work() -> None:
    turns, told = Turns(), list[str]()

    async def job(name: str) -> None:
        for _ in range(3):
            told.append(name)
            await asyncio.sleep(0)

    async def news() -> None:
        for _ in range(8):
            told.append("news")
            await asyncio.sleep(0)

    await asyncio.gather(*[turns.run(job(name)) for name in "abc"], news())
    assert [name for name in told if name != "news"] == ["a", "b", "c"] * 3
    # All three could take their steps at once; but news come between any two as long as there are some.
    last = len(told) - 1 - told[::-1].index("news")
    assert all("news" in told[at : at + 2] for at in range(last))


async def test_while_news_are_under_way_steps_are_few_but_never_none() -> None:
    turns, steps = Turns(), 0

    async def job() -> None:
        nonlocal steps
        while True:
            steps += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(turns.run(job()))
    await asyncio.sleep(HOLD_SECONDS * 4)
    unhindered, steps = steps, 0
    with turns.given_way():
        await asyncio.sleep(HOLD_SECONDS * 4)
    assert 1 <= steps <= 5 < unhindered
    task.cancel()
    await asyncio.wait([task])


async def test_work_in_turns_returns_raises_and_times_out_as_it_would_alone() -> None:
    turns = Turns()

    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    async def failure() -> None:
        await asyncio.sleep(0)
        raise KeyError("missing")

    async def too_slow() -> str:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            return "too late"
        return "in time"

    assert await turns.run(answer()) == 42
    with pytest.raises(KeyError, match="missing"):
        await turns.run(failure())
    assert await turns.run(too_slow()) == "too late"


async def test_work_that_is_cancelled_cleans_up_and_passes_its_turn_on() -> None:
    turns, cleaned = Turns(), list[str]()

    async def job(name: str) -> None:
        try:
            while True:  # noqa: ASYNC110 (a step a round)
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0)
            cleaned.append(name)

    tasks = [asyncio.create_task(turns.run(job(name))) for name in "abc"]
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=5)
    assert all(task.cancelled() for task in tasks)
    assert sorted(cleaned) == ["a", "b", "c"]

    async def after() -> str:
        return "my turn"

    async with asyncio.timeout(5):
        assert await turns.run(after()) == "my turn"
