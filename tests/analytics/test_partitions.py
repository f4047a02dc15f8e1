"""The months of events: made ahead, once, and filled with what waited for them."""

import datetime as dt

from sqlalchemy import text

from shared.ids import new_id
from subgraphs.analytics.service.partitions import ensure_partitions
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
