"""`petplus worker` does what an API leaves to it, and `petplus jobs` shows what failed and has it tried again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from typer.testing import CliRunner

from petplus import registry
from petplus.cli.main import app
from shared.core.settings import Settings
from shared.database.database import Database
from shared.events import inspection
from shared.jobs import runner as job_runner
from shared.jobs.jobs import Job, Work
from shared.jobs.runner import run_jobs
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.models import Order, Shipment
from subgraphs.order.service.job_types import OrderPayload
from subgraphs.order.service.placement import place_order
from tests.chaos.changes import ADVANCE
from tests.chaos.ledger import AUDITED, PUBLISHED, grouped
from tests.order.factories import new_order
from tests.support.apps import Served
from tests.support.http import http_client
from tests.support.replicas import Command, running
from tests.support.servers import apart
from tests.support.shop import free_ports
from tests.support.waiting import eventually

AT_ONCE = {"PETPLUS_PRODUCTION_START_SECONDS": "0", "PETPLUS_PRODUCTION_SECONDS": "0"}
JOBS_WAITING = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'order-fulfillment'")
TRIED = Job[OrderPayload]("notification", attempts=1)


async def test_an_api_alone_takes_requests_and_a_worker_beside_it_does_the_rest(
    settings: Settings, support: str, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        alone = await stack.enter_async_context(apart(settings))
        order, audit = Database.connect(alone, "order"), Database.connect(alone, "audit")
        stack.push_async_callback(order.close)
        stack.push_async_callback(audit.close)
        api = Command(alone, tmp_path / "api.log", "serve", "--api-only", "order", "audit", **AT_ONCE)
        await stack.enter_async_context(running(api))
        await api.until_ready("order")

        async with order.write() as session:
            placed = await place_order(session, Pseudonymizer(alone), new_order(None))
        paid = await api.execute("order", ADVANCE, support, id=placed.id, version=1, to="PAID")
        assert paid.data["orderStatusAdvance"]["order"] == {"status": "PAID", "version": 2}
        # Twice as long as it takes a relay and a job runner to look.
        await asyncio.sleep(2 * job_runner.POLL_SECONDS)
        assert (await inspection.unpublished(order)).count == 2
        assert await rows(order, JOBS_WAITING) == [(1,)]
        assert await rows(audit, AUDITED) == []

        worker = Command(alone, tmp_path / "worker.log", "worker", "order", "audit", **AT_ONCE)
        await stack.enter_async_context(running(worker))

        async def has_its_parcel() -> bool:
            return await rows(order, select(Shipment.id).where(Shipment.order_id == placed.id)) != []

        async def is_audited() -> bool:
            return grouped(await rows(audit, AUDITED)) == grouped(await rows(order, PUBLISHED))

        await eventually(has_its_parcel)
        [row] = await rows(order, select(Order.status, Order.version))
        assert (row.status.value, row.version) == ("IN_PRODUCTION", 3)
        await eventually(is_audited)
        assert worker.stop() == 0
        assert "worker started" in worker.output


async def rows(database: Database, statement: Any) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(statement))


async def jobs(*arguments: str) -> tuple[int, list[str]]:
    """Run `petplus jobs`; returns its exit status and the lines of its output."""
    done = await asyncio.to_thread(CliRunner(env={"COLUMNS": "240"}).invoke, app, ["jobs", *arguments])
    return done.exit_code, done.output.splitlines()


async def carry_out(order: Served, work: Work[OrderPayload]) -> None:
    """Do the order subgraph's jobs, all by the same work, until none is left to be tried."""

    async def none_waits() -> bool:
        return await rows(order.database, text("SELECT 1 FROM pgqueuer WHERE status <> 'failed'")) == []

    async with run_jobs(order.runtime, dict([TRIED.does(work)])):
        await eventually(none_waits)


async def fail(_runtime: Runtime, payload: OrderPayload) -> None:
    raise ValueError(f"no [mailbox] for {payload['order_id']}")


@pytest_asyncio.fixture
async def held(order: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[int]]:
    """Two jobs that failed for good, oldest first; yields their ids."""
    monkeypatch.setattr(job_runner, "POLL_SECONDS", 0.05)
    async with order.database.write() as session:
        await session.execute(text("DELETE FROM pgqueuer"))
        for number in (1, 2):
            await TRIED.enqueue(session, {"order_id": f"ord_{number}"})
    await carry_out(order, fail)
    yield [row.id for row in await rows(order.database, text("SELECT id FROM pgqueuer ORDER BY id"))]
    async with order.database.write() as session:
        await session.execute(text("DELETE FROM pgqueuer"))


async def test_jobs_shows_what_is_held_and_why(held: list[int]) -> None:
    status, lines = await jobs("order")
    assert status == 0
    for key, number in zip(held, (1, 2), strict=True):
        [line] = [line for line in lines if f'"ord_{number}"' in line]
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        assert cells[:3] == [str(key), "notification", f'{{"order_id":"ord_{number}"}}']
        assert cells[4] == f"ValueError: no [mailbox] for ord_{number}"


async def test_jobs_retries_the_one_that_is_named(held: list[int], order: Served) -> None:
    assert await jobs("order", "--retry", str(held[1])) == (0, ["order: 1 queued again"])
    done = []

    async def note(_runtime: Runtime, payload: OrderPayload) -> None:
        done.append(payload["order_id"])

    await carry_out(order, note)
    assert done == ["ord_2"]
    shown = "\n".join((await jobs("order"))[1])
    assert "ord_1" in shown
    assert "ord_2" not in shown


async def test_jobs_retries_all(held: list[int], order: Served) -> None:
    assert await jobs("order", "--retry-all") == (0, ["order: 2 queued again"])
    done = []

    async def note(_runtime: Runtime, payload: OrderPayload) -> None:
        done.append(payload["order_id"])

    await carry_out(order, note)
    assert sorted(done) == ["ord_1", "ord_2"]
    assert await jobs("order") == (0, ["order: no job is held"])


async def test_a_job_that_is_not_held_is_not_queued_again(held: list[int]) -> None:
    assert await jobs("order", "--retry", "999999999") == (0, ["order: 0 queued again"])
    assert len([line for line in (await jobs("order"))[1] if "ord_" in line]) == len(held)


async def test_jobs_of_what_is_no_subgraph_are_refused_in_a_sentence(order: Served) -> None:
    refusal = f"There is no subgraph `cellar`; choose from {', '.join(registry.NAMES)}."
    assert await jobs("cellar") == (1, [refusal])


async def test_jobs_of_a_subgraph_without_any_are_refused_in_a_sentence(
    order: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = replace(order.subgraph, jobs={})
    monkeypatch.setattr(registry, "load", lambda _name: idle)
    assert await jobs("order") == (1, ["order has no jobs."])


async def test_a_worker_answers_for_its_health_and_stops_while_it_waits_for_work(
    settings: Settings, tmp_path: Path
) -> None:
    port = free_ports()
    async with AsyncExitStack() as stack:
        alone = await stack.enter_async_context(apart(settings))
        worker = Command(alone, tmp_path / "worker.log", "worker", "order", "audit", PETPLUS_WORKER_PORT=str(port))
        await stack.enter_async_context(running(worker))
        client = await stack.enter_async_context(http_client(base_url=f"http://127.0.0.1:{port}"))
        await worker.until_says("worker started")
        for path, said in (("/healthz", {"status": "ok"}), ("/ready", {"status": "ready"})):
            response = await client.get(path)
            assert (response.status_code, response.json()) == (200, said)

        async def reports_its_outbox() -> bool:
            return 'petplus_outbox_oldest_seconds{subgraph="order"}' in (await client.get("/metrics")).text

        await eventually(reports_its_outbox)
        assert worker.stop() == 0
    assert "Traceback" not in worker.output
