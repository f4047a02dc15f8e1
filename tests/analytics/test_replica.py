"""Reports are read from a replica that is not far behind, and from the primary otherwise."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres
from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.migrations import migrate
from subgraphs.analytics.enums import ReportBasis
from subgraphs.analytics.service.reports import replica
from subgraphs.analytics.service.reports.timeout import reading
from tests.analytics.tracking import TRACK, event
from tests.support.apps import Served, serve
from tests.support.standby import start_standby
from tests.support.waiting import eventually

METRICS = """
query ($from: Date!, $to: Date!) { metrics(name: "add_to_cart", from: $from, to: $to, basis: EVENTS) { events } }
"""


@dataclass
class Pair:
    """A primary, and a replica that follows it."""

    settings: Settings
    primary: EmbeddedPostgres
    standby: EmbeddedPostgres


@pytest_asyncio.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        primary = EmbeddedPostgres(settings.home / new_id("prm"))
        stack.push_async_callback(primary.stop)
        await primary.start()
        alone = settings.model_copy(update={"database_url": primary.url})
        await migrate(registry.load("analytics"), alone)
        standby = await start_standby(primary, settings.home / new_id("std"))
        stack.push_async_callback(standby.stop)
        yield Pair(alone, primary, standby)


async def run(server: EmbeddedPostgres, statement: str) -> object:
    connection = await asyncpg.connect(server.dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def views(analytics: Served, token: str) -> int:
    """Return how many views a report counts."""
    today = dt.datetime.now(dt.UTC).date()
    given = {"from": str(today), "to": str(today + dt.timedelta(days=1))}
    found = (await analytics.execute(METRICS, token=token, **given)).data
    return sum(each["events"] for each in found["metrics"])


async def until_replicated(analytics: Served, token: str) -> None:
    """Wait until the replica is asked, and counts the one view that there is."""
    reports = analytics.runtime.resource(replica.ReportDatabase)

    async def is_replicated() -> bool:
        return await reports.choose() is not analytics.database and await views(analytics, token) == 1

    await eventually(is_replicated)


async def test_reports_are_read_from_a_replica_that_follows(
    pair: Pair, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_ANALYTICS_REPLICA_URL", pair.standby.dsn)
    monkeypatch.setattr(replica, "PAUSE_SECONDS", 0.0)
    async with serve(registry.load("analytics"), pair.settings) as analytics:
        await analytics.execute(TRACK, events=[event()])

        reports = analytics.runtime.resource(replica.ReportDatabase)

        await until_replicated(analytics, support)
        # What the replica does not replay is missing in a report of it, and the lag is still permitted.
        await run(pair.standby, "SELECT pg_wal_replay_pause()")

        async def is_paused() -> bool:
            return await run(pair.standby, "SELECT pg_get_wal_replay_pause_state()") == "paused"

        await eventually(is_paused)
        await analytics.execute(TRACK, events=[event()])
        assert await views(analytics, support) == 1
        # Further behind than is permitted: the primary knows both.
        monkeypatch.setattr(reports, "_most_lag", 0.0)
        assert await views(analytics, support) == 2
        # Away: the primary too.
        await pair.standby.stop()
        assert await views(analytics, support) == 2


async def test_a_report_that_a_replica_cancels_may_be_asked_for_again(
    pair: Pair, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_ANALYTICS_REPLICA_URL", pair.standby.dsn)
    await run(pair.standby, "ALTER SYSTEM SET max_standby_streaming_delay = 0")
    await run(pair.standby, "SELECT pg_reload_conf()")
    async with serve(registry.load("analytics"), pair.settings) as analytics:
        await analytics.execute(TRACK, events=[event()])
        reports = analytics.runtime.resource(replica.ReportDatabase)

        async def report() -> None:
            async with reading(reports, ReportBasis.EVENTS) as connection:
                await connection.execute(text("SELECT pg_sleep(600) FROM analytics_event"))

        async def is_reading() -> bool:
            counted = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            return await run(pair.standby, counted) == 1

        async def is_cancelled() -> bool:
            await run(pair.primary, "VACUUM analytics.analytics_event")
            return reported.done()

        await until_replicated(analytics, support)
        reported = asyncio.create_task(report())
        await eventually(is_reading)
        await run(pair.primary, "DELETE FROM analytics.analytics_event")
        await eventually(is_cancelled)
        with pytest.raises(Unavailable, match="try again in a moment"):
            await reported
