"""Scheduled work takes its steps in turn, and gives way to what is more urgent."""

import asyncio
import time

import pytest

from shared.core.scheduling import HOLD_SECONDS, Priority, StepScheduler, prioritised, scheduler_of
from tests.support.waiting import in_time


async def test_urgent_work_runs_between_two_steps_of_background_work() -> None:
    scheduler, reported = StepScheduler(), list[str]()

    async def job(name: str) -> None:
        for _ in range(3):
            reported.append(name)
            await asyncio.sleep(0)

    async def urgent() -> None:
        for _ in range(8):
            reported.append("urgent")
            await asyncio.sleep(0)

    await asyncio.gather(*[scheduler.run(job(name)) for name in "abc"], urgent())
    assert [name for name in reported if name != "urgent"] == ["a", "b", "c"] * 3
    # All three could take their steps at once; but urgent work comes between any two as long as there are some.
    last = len(reported) - 1 - reported[::-1].index("urgent")
    assert all("urgent" in reported[at : at + 2] for at in range(last))


async def test_while_urgent_work_runs_steps_are_few_but_never_none() -> None:
    scheduler, steps = StepScheduler(), 0

    async def job() -> None:
        nonlocal steps
        while True:
            steps += 1
            await asyncio.sleep(0)

    task, rounds = asyncio.create_task(scheduler.run(job())), 0
    while steps < 100:
        rounds += 1
        await asyncio.sleep(0)
    assert rounds < 2 * steps
    with scheduler.slowed():
        began, before = time.monotonic(), steps
        while steps < before + 4:  # noqa: ASYNC110 (a step a round)
            await asyncio.sleep(0)
        assert time.monotonic() - began > 2 * HOLD_SECONDS
    task.cancel()
    await asyncio.wait([task])


async def test_scheduled_work_returns_raises_and_times_out_as_it_would_alone() -> None:
    scheduler = StepScheduler()

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

    assert await scheduler.run(answer()) == 42
    with pytest.raises(KeyError, match="missing"):
        await scheduler.run(failure())
    assert await scheduler.run(too_slow()) == "too late"


async def test_work_that_is_cancelled_cleans_up_and_passes_its_turn_on() -> None:
    scheduler, cleaned = StepScheduler(), list[str]()

    async def job(name: str) -> None:
        try:
            while True:  # noqa: ASYNC110 (a step a round)
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0)
            cleaned.append(name)

    tasks = [asyncio.create_task(scheduler.run(job(name))) for name in "abc"]
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=5)
    assert all(task.cancelled() for task in tasks)
    assert sorted(cleaned) == ["a", "b", "c"]

    async def after() -> str:
        return "my turn"

    async with in_time():
        assert await scheduler.run(after()) == "my turn"


async def test_work_gives_way_to_all_that_is_more_urgent_and_to_nothing_else() -> None:
    def slowed() -> list[Priority]:
        return [priority for priority in Priority if scheduler_of(priority)._slowed]

    with prioritised(Priority.BACKGROUND):
        assert slowed() == []
    with prioritised(Priority.EVENT):
        assert slowed() == [Priority.BACKGROUND]
        with prioritised(Priority.REQUEST):
            assert slowed() == [Priority.EVENT, Priority.BACKGROUND]
        assert slowed() == [Priority.BACKGROUND]
    assert slowed() == []
