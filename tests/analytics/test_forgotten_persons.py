"""What stays counted of persons who were erased, and of months that were dropped."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.analytics.service.partitions import drop_old
from subgraphs.user.events import UserDeleted
from tests.analytics.test_aggregation import TABLES
from tests.analytics.test_experiments import assigned, running
from tests.analytics.test_persons import BASES, acts, buys, conversion, empty, funnel, identify, links, report
from tests.analytics.tracking import receive_event, stored
from tests.support.apps import Identities, Served


@pytest.fixture
def user(people: Identities) -> tuple[str, str]:
    """Return the id and the token of somebody new."""
    user_id = new_id("usr")
    return user_id, people.token(user_id)


@pytest.mark.parametrize("counted", [True, False])
async def test_an_erased_user_takes_their_visitors_with_them_and_stays_counted(
    analytics: Served, admin: str, support: str, user: tuple[str, str], counted: bool
) -> None:
    await empty(analytics)
    experiment = await running(analytics, admin)
    (user_id, token), visitor = user, new_id("vis")
    await assigned(analytics, experiment["key"], visitor)
    await assigned(analytics, experiment["key"], None, token)
    await acts(analytics, "config_changed", visitor, hours=1)
    await acts(analytics, "config_changed", user_id, token, minutes=50)
    await buys(analytics, user_id, visitor)
    await aggregate(analytics.database)
    await identify(analytics, token, visitor)
    if counted:
        await aggregate(analytics.database)
    await receive_event(analytics, UserDeleted(user_id=user_id))
    await aggregate(analytics.database)
    for basis in BASES:
        assert await funnel(analytics, support, basis, "{audience: REGISTERED}") == [1, 0, 0, 0, 0]
        assert await funnel(analytics, support, basis, "{audience: ANONYMOUS}") == [0, 0, 0, 0, 0]
        found = await conversion(analytics, admin, experiment["id"], basis)
        assert sorted(found.values()) == [(0, 0), (1, 1)]
    for table in TABLES:
        async with analytics.database.read() as connection:
            named = text(f"SELECT count(*) FROM {table} AS rows WHERE rows::text LIKE ANY(:ids)")  # noqa: S608
            ids = [f"%{user_id}%", f"%{visitor}%"]
            assert (table, await connection.scalar(named, {"ids": ids})) == (table, 0)
    # The browser goes on as somebody whom nobody knows.
    await acts(analytics, "config_changed", visitor)
    assert [row.subject for row in await stored(analytics, "subject = :id", id=visitor)] == [visitor]
    assert (await identify(analytics, token, new_id("vis")))["code"] == "INVALID_INPUT"
    assert await links(analytics, user_id=user_id) == []


async def test_what_was_counted_of_dropped_months_stays(analytics: Served, admin: str, user: tuple[str, str]) -> None:
    await empty(analytics)
    experiment, (user_id, token) = await running(analytics, admin), user
    async with analytics.database.write() as session:
        about: Any = {"subject": user_id, "design_id": None, "properties": {}}
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=500)
        for name, after in (("config_changed", 0), ("design.created", 1), ("order.created", 2)):
            at = long_ago + dt.timedelta(days=after)
            await intake.record_domain_event(session, new_id("evt"), name, at, **about)
    await assigned(analytics, experiment["key"], None, token)
    async with analytics.database.write() as session:
        await session.execute(
            text("UPDATE experiment_assignment SET assigned_at = :at WHERE subject = :user"),
            {"at": long_ago, "user": user_id},
        )
    await aggregate(analytics.database)
    before = await conversion(analytics, admin, experiment["id"], "AGGREGATES")
    assert (1, 1) in before.values()
    period = f'from: "{long_ago.date()}", to: "{long_ago.date() + dt.timedelta(days=1)}"'
    stages = f"builderFunnel({period}) {{ stages {{ subjects }} }}"
    counted = await report(analytics, admin, stages)
    await drop_old(analytics.database, dt.datetime.now(dt.UTC).date(), 400)
    assert await stored(analytics, "occurred_at < now() - interval '400 days'") == []
    await identify(analytics, token, new_id("vis"))
    await acts(analytics, "config_changed", user_id, token)
    await aggregate(analytics.database)
    assert await conversion(analytics, admin, experiment["id"], "AGGREGATES") == before
    assert await report(analytics, admin, stages) == counted
    assert counted["stages"][1] == {"subjects": 1}
