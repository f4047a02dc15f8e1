"""Measures reports over many events: from aggregates, beside the same reports from the events themselves.

Run `python -m benchmarks.reports [EVENTS]`, with a tenth as many subjects; it starts servers of its own in a temporary
directory, and needs about 1 GB there for each million events. Both answers to every report must be the same.
"""

import asyncio
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from shared.core.settings import Settings
from shared.database.database import Database, create_engine
from shared.database.migrations import migrate
from shared.database.rows import one
from subgraphs.analytics.enums import Audience, FunnelStep, FunnelWindow, Granularity, ReportBasis
from subgraphs.analytics.models import Experiment
from subgraphs.analytics.service.aggregation.funnels import STEPS
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.analytics.service.partitions import ensure_partitions
from subgraphs.analytics.service.reports.conversion import count_outcome
from subgraphs.analytics.service.reports.counting import count_cohorts, count_revenue
from subgraphs.analytics.service.reports.funnel import Segment, count_funnel
from subgraphs.analytics.service.reports.periods import Period

BEGIN = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
DAYS = 90
ROUNDS = 5
EXPERIMENT = """
INSERT INTO experiment (id, key, name, hypothesis, status, seed, hash_version, coverage, variants, targeting)
VALUES ('exp_1', 'layout', 'Layout', '', 'RUNNING', 'layout', 'V2', 1,
        '[{"key": "control", "weight": 0.5}, {"key": "other", "weight": 0.5}]', '[]')
"""
# Visits of five events; each subject comes twice, at random moments, and takes the funnel's steps or others, minutes to
# hours apart. A third of the subjects are users.
VISITS = """
CREATE UNLOGGED TABLE visit AS
SELECT number, (CASE number % 3 WHEN 0 THEN 'usr_' ELSE 'vis_' END) || (number % {subjects}) AS subject,
       '{begin}'::timestamptz + (hashint8(number) & 2147483647) % (86400 * {days}) * interval '1 second' AS at,
       hashint8(number + 1000000007) & 1023 AS luck
FROM generate_series(1, {visits}) AS number
"""
ASSIGNMENTS = """
INSERT INTO experiment_assignment (id, experiment_id, subject, variant, assigned_at)
SELECT DISTINCT ON (subject) 'asg_' || number, 'exp_1', subject,
       CASE luck % 2 WHEN 0 THEN 'control' ELSE 'other' END, at
FROM visit ORDER BY subject, at
"""
EVENTS = """
INSERT INTO analytics_event (id, source, name, subject, occurred_at, properties, batch)
SELECT 'evt_' || number || '_' || step, 'DOMAIN',
       CASE WHEN step = 0 OR luck % (5 * step) > 2 * step THEN ('{names}'::text[])[step + 1]
            ELSE 'design_viewed' END,
       subject, at + step * (luck % 90) * interval '1 minute',
       CASE step WHEN 4 THEN jsonb_build_object('totalMinor', luck + 1000, 'currency', 'EUR') ELSE '{{}}' END,
       1 + (extract(epoch FROM at - '{begin}'::timestamptz) * {batches} / (86400 * {days}))::bigint
FROM visit CROSS JOIN generate_series(0, 4) AS step ORDER BY at
"""
BATCHES = "INSERT INTO event_batch SELECT batch, count(*) FROM analytics_event GROUP BY batch"


async def fill(database: Database, events: int) -> None:
    """Make the events on the server."""
    known = {"begin": BEGIN, "days": DAYS, "names": f"{{{','.join(STEPS)}}}", "batches": max(events // 40_000, 1)}
    visits = VISITS.format(subjects=events // 10, visits=events // 5, **known)
    async with database.engine.begin() as connection:
        for statement in (visits, EXPERIMENT, ASSIGNMENTS, EVENTS.format(**known), BATCHES, "DROP TABLE visit"):
            await connection.exec_driver_sql(statement)
    async with database.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


def reports() -> dict[str, Callable[[AsyncConnection, ReportBasis], Awaitable[Any]]]:
    """Return what is asked, by name."""
    period = Period(BEGIN.date(), BEGIN.date() + dt.timedelta(days=DAYS))
    month = Period(BEGIN.date() + dt.timedelta(days=31), BEGIN.date() + dt.timedelta(days=62))
    other = Segment(experiment_id="exp_1", variant="other")

    async def outcome(connection: AsyncConnection, basis: ReportBasis) -> Any:
        experiment = await one(connection, Experiment, select(Experiment.__table__))
        return await count_outcome(connection, experiment, FunnelStep.ORDER_CREATED, basis)

    async def revenue(connection: AsyncConnection, basis: ReportBasis) -> Any:
        return list(map(tuple, await count_revenue(connection, Granularity.DAY, period, basis)))

    async def cohorts(connection: AsyncConnection, basis: ReportBasis) -> Any:
        found = await count_cohorts(connection, period, basis)
        return {week: list(map(tuple, rows)) for week, rows in found.items()}

    def funnel(of: Period, window: FunnelWindow, segment: Segment) -> Callable[..., Awaitable[Any]]:
        return lambda connection, basis: count_funnel(connection, of, window, segment, basis)

    return {
        "funnel, 90 days": funnel(period, FunnelWindow.WEEK, Segment()),
        "funnel, 31 days": funnel(month, FunnelWindow.HOUR, Segment()),
        "funnel of users": funnel(period, FunnelWindow.DAY, Segment(Audience.REGISTERED)),
        "funnel of a variant": funnel(period, FunnelWindow.MONTH, other),
        "conversion of an experiment": outcome,
        "revenue": revenue,
        "cohorts": cohorts,
    }


async def compare(database: Database, console: Console) -> None:
    for name, ask in reports().items():
        took = []
        for basis in [ReportBasis.AGGREGATES] * ROUNDS + [ReportBasis.EVENTS]:
            started = time.perf_counter()
            async with database.read() as connection:
                answer = await ask(connection, basis)
            took.append((time.perf_counter() - started, answer))
        assert all(answer == took[-1][1] for _, answer in took), (name, took[0][1], took[-1][1])
        slowest = max(seconds for seconds, _ in took[:-1])
        console.print(
            f"{name:28} {slowest * 1000:8.1f} ms at most   from the events {took[-1][0] * 1000:8.0f} ms, the same"
        )


async def measure(home: Path, events: int, console: Console) -> None:
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    await postgres.start()
    await valkey.start()
    settings = Settings(home=home, database_url=postgres.url, redis_url=valkey.url)
    await migrate(registry.load("analytics"), settings)
    owner = Database(create_engine(make_url(postgres.url), "analytics", pool_size=1))
    database = Database.connect(settings, "analytics")
    try:
        async with database.write() as session:
            await ensure_partitions(session, BEGIN.date(), BEGIN.date() + dt.timedelta(days=DAYS + 1))
        started = time.perf_counter()
        await fill(owner, events)
        console.print(f"{events:,} events by {events // 10:,} subjects, made in {time.perf_counter() - started:.0f} s")
        started = time.perf_counter()
        batches = 0
        while counted := await aggregate(database):
            batches += counted
        taken = time.perf_counter() - started
        console.print(f"aggregated, {batches} batches: {events / taken:,.0f} events/s")
        await compare(database, console)
    finally:
        await owner.close()
        await database.close()
        await valkey.stop()
        await postgres.stop()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        asyncio.run(measure(Path(directory), int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Console()))
