"""The months of events: made ahead, once, and filled with what waited for them."""

import datetime as dt

from sqlalchemy import select, text, update

from shared.core.ids import new_id
from subgraphs.analytics.jobs import JOBS, KEYS, PARTITIONS
from subgraphs.analytics.models import EventKey
from subgraphs.analytics.service.partitions import drop_old, ensure_partitions
from subgraphs.analytics.service.subjects import digest
from tests.analytics.tracking import event, track
from tests.support.apps import Served

LAY = text(
    "INSERT INTO analytics_event (id, source, name, occurred_at, properties) VALUES (:id, 'DOMAIN', 'n', :at, '{}')"
)
PLACE = text("SELECT tableoid::regclass::text FROM analytics_event WHERE id = :id")


async def lay(analytics: Served, at: dt.datetime) -> str:
    event_id = new_id("evt")
    async with analytics.database.write() as session:
        await session.execute(LAY, {"id": event_id, "at": at})
    return event_id


async def place(analytics: Served, event_id: str) -> str | None:
    async with analytics.database.read() as connection:
        found: str | None = await connection.scalar(PLACE, {"id": event_id})
    return found


async def test_this_month_and_the_next_three_are_made(analytics: Served) -> None:
    today = dt.datetime.now(dt.UTC)
    assert await place(analytics, await lay(analytics, today)) == f"analytics_event_{today:%Y_%m}"
    async with analytics.database.write() as session:
        assert await ensure_partitions(session, today.date(), today.date() + dt.timedelta(days=92)) == 0


async def test_a_month_takes_over_what_waited_in_the_default_partition(analytics: Served) -> None:
    moments = {
        dt.datetime(2019, 2, 1, tzinfo=dt.UTC): "analytics_event_2019_02",
        dt.datetime(2019, 2, 28, 23, 59, 59, 999999, tzinfo=dt.UTC): "analytics_event_2019_02",
        dt.datetime(2019, 3, 1, tzinfo=dt.UTC): "analytics_event_2019_03",
        dt.datetime(2019, 4, 1, tzinfo=dt.UTC): "analytics_event_default",
    }
    laid = {await lay(analytics, at): name for at, name in moments.items()}
    assert {await place(analytics, event_id) for event_id in laid} == {"analytics_event_default"}
    async with analytics.database.write() as session:
        assert await ensure_partitions(session, dt.date(2019, 2, 14), dt.date(2019, 3, 1)) == 2
        assert await ensure_partitions(session, dt.date(2019, 2, 1), dt.date(2019, 3, 31)) == 0
    assert {event_id: await place(analytics, event_id) for event_id in laid} == laid


async def test_months_that_were_kept_long_enough_are_dropped(analytics: Served) -> None:
    moments = [dt.datetime(2018, month, day, tzinfo=dt.UTC) for month, day in ((1, 31), (2, 1), (2, 28), (3, 1))]
    async with analytics.database.write() as session:
        await ensure_partitions(session, dt.date(2018, 1, 1), dt.date(2018, 2, 1))
    laid = [await lay(analytics, at) for at in moments]
    assert await drop_old(analytics.database, dt.date(2018, 5, 29), 90) == 1
    places = [await place(analytics, event_id) for event_id in laid]
    assert places == [None, "analytics_event_2018_02", "analytics_event_2018_02", "analytics_event_default"]
    assert await drop_old(analytics.database, dt.date(2018, 5, 30), 90) == 1
    assert [await place(analytics, event_id) for event_id in laid] == [None, None, None, "analytics_event_default"]
    assert await drop_old(analytics.database, dt.date(2018, 5, 31), 90) == 0
    assert [await place(analytics, event_id) for event_id in laid] == [None, None, None, None]


async def test_the_daily_job_makes_months_and_drops_none_that_are_kept(analytics: Served) -> None:
    recent = await lay(analytics, dt.datetime.now(dt.UTC) - dt.timedelta(days=399))
    old = await lay(analytics, dt.datetime.now(dt.UTC) - dt.timedelta(days=401))
    await JOBS[PARTITIONS](analytics.runtime, {})
    assert await place(analytics, recent) is not None
    assert await place(analytics, old) is None


async def test_ids_are_known_for_eight_days(analytics: Served) -> None:
    ids = [event(), event()]
    assert (await track(analytics, *ids))["accepted"] == 2
    now = dt.datetime.now(dt.UTC)
    keys = [digest("client", sent["clientEventId"]) for sent in ids]
    async with analytics.database.write() as session:
        age = update(EventKey).where(EventKey.key == keys[0]).values(received_at=now - dt.timedelta(days=8, seconds=1))
        await session.execute(age)
        age = update(EventKey).where(EventKey.key == keys[1]).values(received_at=now - dt.timedelta(days=7.9))
        await session.execute(age)
    await JOBS[KEYS](analytics.runtime, {})
    async with analytics.database.read() as connection:
        left = (await connection.scalars(select(EventKey.key).where(EventKey.key.in_(keys)))).all()
    assert left == [keys[1]]
    assert [verdict["status"] for verdict in (await track(analytics, *ids))["verdicts"]] == ["ACCEPTED", "DUPLICATE"]
