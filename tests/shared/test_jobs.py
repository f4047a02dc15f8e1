"""Jobs: committed with their cause, tried again, held when they fail for good, and never lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pgqueuer import Queries
from sqlalchemy import text

from shared.core import scheduling
from shared.core.observability import ORIGIN, Origin
from shared.core.settings import Settings
from shared.database.advisory_locks import lock_connection
from shared.jobs import runner as job_runner
from shared.jobs.jobs import Job, NoPayload, held_jobs, retry_held
from shared.jobs.runner import driver_of, run_jobs
from shared.runtime import Runtime
from tests.support.jobs import NOTE, Numbered, Workshop, workshop
from tests.support.waiting import eventually, soon


@pytest_asyncio.fixture
async def shop(base_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workshop]:
    monkeypatch.setattr(job_runner, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(job_runner, "STOP_SECONDS", 0.5)
    async with workshop(base_settings) as made:
        yield made


async def ask(shop: Workshop, *numbers: int, delay: float = 0.0) -> None:
    async with shop.runtime.database.write() as session:
        for number in numbers:
            await NOTE.enqueue(session, {"number": number}, delay=delay)


async def ask_in_vain(shop: Workshop, number: int) -> None:
    async with shop.runtime.database.write() as session:
        await NOTE.enqueue(session, {"number": number})
        raise ZeroDivisionError


async def done(shop: Workshop, count: int) -> bool:
    return len(await shop.effects()) >= count


async def idle(shop: Workshop) -> bool:
    return await shop.rows("SELECT 1 FROM pgqueuer") == []


async def test_the_tables_are_those_that_the_library_asks_for(shop: Workshop) -> None:
    async with lock_connection(shop.runtime.database) as connection:
        plan = await Queries(await driver_of(connection)).plan_upgrade()
    # Its trigger is left out, because it notifies.
    assert [statement.split()[:3] for statement in plan.statements if "fn_pgqueuer_changed" not in statement] == []


async def test_a_job_is_done_once_its_transaction_commits(shop: Workshop) -> None:
    await ask(shop, 1, 2)
    with pytest.raises(ZeroDivisionError):
        await ask_in_vain(shop, 3)
    async with run_jobs(shop.runtime, shop.jobs):
        await eventually(lambda: idle(shop))
    assert await shop.effects() == [1, 2]


async def test_a_delayed_job_waits(shop: Workshop) -> None:
    await ask(shop, 1, delay=3600)
    await ask(shop, 2)
    async with run_jobs(shop.runtime, shop.jobs):
        await eventually(lambda: done(shop, 1))
    assert await shop.effects() == [2]
    assert await shop.rows("SELECT status::text FROM pgqueuer") == ["queued"]


async def test_a_failing_job_is_tried_again(shop: Workshop) -> None:
    shop.failures[1] = 2
    await ask(shop, 1)
    async with run_jobs(shop.runtime, shop.jobs):
        await eventually(lambda: done(shop, 1))
    assert shop.failures == {1: 0}
    assert await held_jobs(shop.runtime.database) == []


async def test_what_fails_for_good_is_held_until_an_operator_retries_it(shop: Workshop) -> None:
    shop.failures[1] = 3
    await ask(shop, 1)
    database = shop.runtime.database

    async def is_held() -> bool:
        return bool(await held_jobs(database))

    async with run_jobs(shop.runtime, shop.jobs):
        await eventually(is_held)
        [held] = await held_jobs(database)
        assert (held.name, held.payload, held.error) == ("note", {"number": 1}, "ValueError: 1 is broken")
        assert await shop.effects() == []
        assert await retry_held(database, [held.id + 1]) == 0
        assert await retry_held(database, [held.id]) == 1
        await eventually(lambda: done(shop, 1))
    assert await shop.effects() == [1]
    assert await held_jobs(database) == []


async def test_a_job_that_a_stop_interrupts_is_queued_again(shop: Workshop) -> None:
    begun = asyncio.Event()

    async def hang(_runtime: Runtime, _payload: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    await ask(shop, 1)
    async with run_jobs(shop.runtime, {NOTE: hang}):
        await soon(begun.wait())
    assert await shop.rows("SELECT status::text FROM pgqueuer") == ["queued"]
    async with run_jobs(shop.runtime, shop.jobs):
        await eventually(lambda: done(shop, 1))


async def test_jobs_survive_the_loss_of_the_workers_connection(shop: Workshop) -> None:
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE '%pgqueuer%' AND pid <> pg_backend_pid()"
        " AND application_name = current_setting('application_name')"
    )
    async with run_jobs(shop.runtime, shop.jobs):
        await ask(shop, 1)
        await eventually(lambda: done(shop, 1))
        assert True in await shop.rows(kill)
        await ask(shop, 2)
        await eventually(lambda: done(shop, 2))
    assert await shop.effects() == [1, 2]


async def test_two_workers_share_the_queue(shop: Workshop) -> None:
    await ask(shop, *range(40))
    async with run_jobs(shop.runtime, shop.jobs), run_jobs(shop.runtime, shop.jobs):
        await eventually(lambda: done(shop, 40))
    assert await shop.effects() == list(range(40))


async def test_a_job_carries_the_request_that_asked_for_it(shop: Workshop) -> None:
    seen: asyncio.Queue[Origin] = asyncio.Queue()

    async def look(_runtime: Runtime, _payload: object) -> None:
        seen.put_nowait(ORIGIN.get())

    token = ORIGIN.set(Origin("req_1", "00-trace", "usr_1"))
    await ask(shop, 1)
    ORIGIN.reset(token)
    async with run_jobs(shop.runtime, {NOTE: look}):
        assert await soon(seen.get()) == Origin("req_1", "00-trace", None)


async def test_a_job_with_the_priority_of_events_runs_while_others_give_way(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "HOLD_SECONDS", 3600.0)
    urgent = Job[Numbered]("urgent", priority=scheduling.Priority.EVENT)
    await ask(shop, 1)
    async with shop.runtime.database.write() as session:
        await urgent.enqueue(session, {"number": 2})
    with scheduling.prioritised(scheduling.Priority.EVENT):
        async with run_jobs(shop.runtime, {**shop.jobs, urgent: shop.note}):
            await eventually(lambda: done(shop, 1))
            assert await shop.effects() == [2]
    assert await shop.rows("SELECT entrypoint FROM pgqueuer") == ["note"]


async def test_every_job_gives_way_to_requests(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    urgent = Job[Numbered]("urgent", priority=scheduling.Priority.EVENT)
    async with shop.runtime.database.write() as session:
        await urgent.enqueue(session, {"number": 1})
    async with run_jobs(shop.runtime, {urgent: shop.note}):
        with monkeypatch.context() as patch, scheduling.prioritised(scheduling.Priority.REQUEST):
            patch.setattr(scheduling, "HOLD_SECONDS", 3600.0)
            await eventually(lambda: picked(shop))
            for _ in range(100):  # round trips, of which the job needs a few
                assert await shop.effects() == []
        await eventually(lambda: done(shop, 1))


async def picked(shop: Workshop) -> bool:
    return await shop.rows("SELECT 1 FROM pgqueuer WHERE status = 'picked'") == [1]


async def test_scheduled_work_is_enqueued_when_it_is_due(shop: Workshop) -> None:
    ran = asyncio.Event()

    async def tick(_runtime: Runtime, payload: object) -> None:
        assert payload == {}
        ran.set()

    async with run_jobs(shop.runtime, {Job[NoPayload]("tick", cron="* * * * * *"): tick}):
        await soon(ran.wait())


async def test_what_became_of_jobs_is_forgotten_after_two_weeks(shop: Workshop) -> None:
    await ask(shop, 1, 2)
    jobs = await shop.rows("SELECT DISTINCT job_id FROM pgqueuer_log ORDER BY job_id")
    aged = text("UPDATE pgqueuer_log SET created = now() - interval '1 day' * :days WHERE job_id = :id")
    async with shop.runtime.database.write() as session:
        for job_id, days in zip(jobs, (13, 15), strict=True):
            await session.execute(aged, {"id": job_id, "days": days})
    await job_runner.prune(shop.runtime, {})
    assert await shop.rows("SELECT DISTINCT job_id FROM pgqueuer_log") == jobs[:1]
