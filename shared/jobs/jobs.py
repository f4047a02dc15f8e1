"""Background work: jobs that are committed with the change that asks for them, tried again, and kept when they fail.

The queue is pgqueuer's, in the subgraph's own schema. A job is carried out at least once: a worker that dies leaves its
jobs to be taken again. So work does its effect in one transaction and finds out there whether it was done before.
"""

import datetime as dt
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypedDict, TypeVar

import orjson
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger

from shared.core.backoff import Backoff
from shared.core.observability import ORIGIN
from shared.core.scheduling import Priority
from shared.database.database import Database
from shared.runtime import Runtime

RETRIES = Backoff(first=2.0, longest=600.0)
MOST_ATTEMPTS = 10


P = TypeVar("P", bound=Mapping[str, object])
"""The payload of a job: a TypedDict. It is stored as JSON: ids, never personal data, since the queue's log keeps it."""


class NoPayload(TypedDict):
    """The payload of jobs that a clock starts."""


Work: TypeAlias = Callable[[Runtime, P], Coroutine[object, object, None]]
"""`async def work(runtime, payload)`: raises to be tried again. It opens its own transactions."""


@dataclass(frozen=True)
class Job(Generic[P]):
    """A kind of work. After `attempts` failures a job is held for an operator; a run is ended after `seconds`.

    `cron` is a cron expression in UTC: then a job without payload is enqueued at each of its moments. `priority` says
    which work runs before it (`shared.core.scheduling`).
    """

    name: str
    attempts: int = MOST_ATTEMPTS
    retries: Backoff = RETRIES
    seconds: float = 60.0
    cron: str | None = None
    priority: Priority = Priority.BACKGROUND

    async def enqueue(self, session: AsyncSession, payload: P, *, delay: float = 0.0) -> None:
        """Have the job done once the session's transaction has committed, and `delay` seconds have passed.

        The job carries the request id and the trace of the request that enqueues it.
        """
        await self.enqueue_all(session, [payload], delay=delay)

    async def enqueue_all(self, session: AsyncSession, payloads: Sequence[P], *, delay: float = 0.0) -> None:
        """Have the job done for each payload, as `enqueue` does, with one statement."""
        origin = ORIGIN.get()
        headers = orjson.dumps({"request_id": origin.request_id, "traceparent": origin.traceparent}).decode()
        wait = dt.timedelta(seconds=delay)
        rows = [(0, self.name, orjson.dumps(payload), wait, None, headers) for payload in payloads]
        connection = await session.connection()
        await connection.exec_driver_sql(_ENQUEUE, tuple(map(list, zip(*rows, strict=True))))

    def does(self, work: Work[P]) -> "tuple[AnyJob, AnyWork]":
        """Return the job with its work, which must take the job's payload: an item of `Jobs`."""
        return self, work


AnyJob: TypeAlias = Job[Any]  # jobs of all payloads are kept together; `Job.does` has checked each with its work
AnyWork: TypeAlias = Work[Any]

Jobs: TypeAlias = Mapping[AnyJob, AnyWork]
"""What a subgraph does in the background: `dict([FULFILLMENT.does(fulfill_order), …])`."""


def queue_settings(subgraph: str) -> DBSettings:
    """Return pgqueuer's names, all of them given: it would take others from variables as common as `CHANNEL`."""
    return DBSettings(
        prefix="",
        db_schema=None,
        channel=Channel(f"petplus.jobs.{subgraph}"),
        function="fn_pgqueuer_changed",
        trigger="tg_pgqueuer_changed",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        queue_status_type="pgqueuer_status",
        statistics_table="pgqueuer_statistics",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
    )


_ENQUEUE = QueryQueueBuilder(queue_settings("")).build_enqueue_query()


@dataclass(frozen=True)
class HeldJob:
    """A job that failed for good: what it was to do, when it was asked for, and what the last attempt raised."""

    id: int
    name: str
    payload: dict[str, object]
    created: dt.datetime
    error: str


_HELD = text(
    "SELECT job.id, job.entrypoint, job.payload, job.created, failure.traceback FROM pgqueuer AS job"
    " LEFT JOIN LATERAL (SELECT traceback FROM pgqueuer_log WHERE job_id = job.id AND status = 'failed'"
    " ORDER BY created DESC LIMIT 1) AS failure ON true"
    " WHERE job.status = 'failed' ORDER BY job.id LIMIT :most"
)
_RETRY = text(
    "UPDATE pgqueuer SET status = 'queued', attempts = 0, execute_after = now(), updated = now(),"
    " queue_manager_id = NULL WHERE status = 'failed' AND (CAST(:ids AS bigint[]) IS NULL OR id = ANY(:ids))"
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


async def held_jobs(database: Database, most: int = 100) -> list[HeldJob]:
    """Return the jobs that wait for an operator, oldest first."""
    async with database.read() as connection:
        rows = (await connection.execute(_HELD, {"most": most})).all()
    return [
        HeldJob(row.id, row.entrypoint, orjson.loads(row.payload or b"{}"), row.created, _error(row.traceback))
        for row in rows
    ]


async def retry_held(database: Database, ids: Sequence[int] | None = None) -> int:
    """Have held jobs tried again with all their attempts, those of some ids or all; returns how many."""
    async with database.write() as session:
        return int((await session.execute(_RETRY, {"ids": ids})).rowcount)  # type: ignore[attr-defined]


def _error(traceback: dict[str, object] | bytes | None) -> str:
    report = traceback if isinstance(traceback, dict) else orjson.loads(traceback or b"{}")
    return f"{report.get('exception_type', 'unknown')}: {report.get('exception_message', '')}"
