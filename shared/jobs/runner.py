"""Carries out a subgraph's jobs, beside its API or alone in a worker; any number of processes share the queue."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import asyncpg
import orjson
from pgqueuer import PgQueuer, Queries
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.domain import models
from pgqueuer.domain.errors import RetryRequested
from prometheus_client import Counter, Histogram
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.backoff import Backoff, keep_running
from shared.core.observability import ORIGIN, Origin, log
from shared.core.scheduling import scheduler_of
from shared.core.tasks import stop
from shared.database import idempotency
from shared.database.advisory_locks import lock_connection
from shared.jobs.jobs import AnyJob, AnyWork, Job, Jobs, NoPayload, queue_settings
from shared.runtime import Runtime

POLL_SECONDS = 1.0
"""How often an idle worker looks for jobs."""
BUSY_POLL_SECONDS = 0.05
"""How often a worker looks for more while it has as many as it may."""
AT_ONCE = 4
"""Jobs of a subgraph in one process; more would open cold connections, and delay the events of the process."""
BATCH = 2
STALE_SECONDS = 30.0
"""After this long without a sign of life from its worker a job is taken again."""
STOP_SECONDS = 2.0
"""How long a stopping worker waits for the jobs in hand; those not done by then are queued again."""
LOG_RETENTION_DAYS = 14
PRUNE = Job[NoPayload]("jobs-prune", cron="17 * * * *")
_BACKOFF = Backoff(first=0.2, longest=5.0)

RUNS = Counter("petplus_job_runs_total", "Times that a job was tried.", ["subgraph", "job", "outcome"])
SECONDS = Histogram("petplus_job_seconds", "Time that a run of a job took.", ["subgraph", "job"])


async def prune(runtime: Runtime, _payload: NoPayload) -> None:
    """Forget what became of jobs long ago, and idempotency keys that nobody retries with any more."""
    age = dt.timedelta(days=LOG_RETENTION_DAYS)
    async with runtime.database.write() as session:
        for table in ("pgqueuer_log", "pgqueuer_statistics"):
            # Uncast, the server would take the age for a moment.
            old = text(f"DELETE FROM {table} WHERE created < now() - CAST(:age AS interval)")  # noqa: S608
            await session.execute(old, {"age": age})
    await idempotency.prune(runtime.database)


@dataclass
class _Executor(AbstractEntrypointExecutor):
    """Runs one kind of job: tries again with back-off and jitter, and after the last attempt lets pgqueuer hold it."""

    parameters: EntrypointExecutorParameters
    runtime: Runtime
    kind: AnyJob
    work: AnyWork

    async def execute(self, job: models.Job, context: models.Context) -> None:
        origin = job.headers or {}
        ORIGIN.set(Origin(_text(origin.get("request_id")), _text(origin.get("traceparent"))))
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.kind.seconds):
                await scheduler_of(self.kind.priority).run(self.work(self.runtime, orjson.loads(job.payload or b"{}")))
        except asyncio.CancelledError:
            # pgqueuer deletes a job whose task was cancelled; but this one was only interrupted.
            raise RetryRequested(reason="the worker was stopped") from None
        except Exception as error:
            self._failed(job, error)
            raise RetryRequested(self._delay(job), repr(error)) from error
        self._count("done")
        SECONDS.labels(self.runtime.name, self.kind.name).observe(time.perf_counter() - started)

    def _failed(self, job: models.Job, error: Exception) -> None:
        attempts = job.attempts + 1
        about = {"subgraph": self.runtime.name, "job": self.kind.name, "job_id": job.id, "attempts": attempts}
        if attempts >= self.kind.attempts:
            self._count("held")
            log.error("job held", **about, exc_info=error)
            raise error
        self._count("failed")
        log.warning("job failed", **about, error=error)

    def _delay(self, job: models.Job) -> dt.timedelta:
        return dt.timedelta(seconds=self.kind.retries.delay(job.attempts + 1))

    def _count(self, outcome: str) -> None:
        RUNS.labels(self.runtime.name, self.kind.name, outcome).inc()


class JobRunner:
    """One subgraph's worker in one process."""

    def __init__(self, runtime: Runtime, jobs: Jobs) -> None:
        self._runtime = runtime
        self._jobs: Jobs = dict([*jobs.items(), PRUNE.does(prune)])
        self._queuer: PgQueuer | None = None
        self._stopping = False

    async def run(self) -> None:
        """Work until `finish` or cancelled; an outage of the database only delays."""
        await keep_running(
            self._work, _BACKOFF, "jobs interrupted", ended=lambda: self._stopping, subgraph=self._runtime.name
        )

    async def _work(self, _on_success: Callable[[], None]) -> None:
        async with lock_connection(self._runtime.database) as connection:
            self._queuer = self._make_queuer(await driver_of(connection))
            await self._queuer.run(
                dequeue_timeout=dt.timedelta(seconds=POLL_SECONDS),
                batch_size=BATCH,
                max_concurrent_tasks=AT_ONCE,
                heartbeat_timeout=dt.timedelta(seconds=STALE_SECONDS),
            )

    def finish(self) -> None:
        """Take no more jobs; `run` returns once those in hand are done."""
        self._stopping = True
        if self._queuer is not None:
            self._queuer.shutdown.set()

    def _make_queuer(self, driver: AsyncpgDriver) -> PgQueuer:
        settings = queue_settings(self._runtime.name)
        queries = Queries(
            driver, QueryBuilderEnvironment(settings), QueryQueueBuilder(settings), QuerySchedulerBuilder(settings)
        )
        queuer = PgQueuer(driver, settings.channel, queries=queries)
        queuer.qm.min_dequeue_poll_interval = dt.timedelta(seconds=BUSY_POLL_SECONDS)
        for job, work in self._jobs.items():
            self._register(queuer, job, work)
        return queuer

    def _register(self, queuer: PgQueuer, job: AnyJob, work: AnyWork) -> None:
        def executor(parameters: EntrypointExecutorParameters) -> AbstractEntrypointExecutor:
            return _Executor(parameters, self._runtime, job, work)

        async def entrypoint(_job: models.Job) -> None:
            """Stand for the work, which the executor runs."""

        async def due(_schedule: models.Schedule) -> None:
            async with self._runtime.database.write() as session:
                await job.enqueue(session, {})

        queuer.entrypoint(job.name, on_failure="hold", executor_factory=executor)(entrypoint)
        if job.cron is not None:
            queuer.schedule(job.name, job.cron)(due)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


async def driver_of(connection: AsyncConnection) -> AsyncpgDriver:
    """Let pgqueuer use a connection, which must have no transaction open."""
    raw = await connection.get_raw_connection()
    return AsyncpgDriver(cast("asyncpg.Connection[asyncpg.Record]", raw.driver_connection))


@asynccontextmanager
async def run_jobs(runtime: Runtime, jobs: Jobs) -> AsyncIterator[None]:
    """Carry out a subgraph's jobs until the end of the block."""
    if not jobs:
        yield
        return
    runner = JobRunner(runtime, jobs)
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.finish()
        await asyncio.wait([task], timeout=STOP_SECONDS)
        await stop([task])
