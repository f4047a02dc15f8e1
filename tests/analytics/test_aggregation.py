"""Aggregates against the events themselves, whatever the order, lateness, repetition and interruption."""

import asyncio
import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.database import rows as typed_rows
from subgraphs.analytics.enums import Audience, FunnelStep, FunnelWindow, Granularity, MetricDimension, ReportBasis
from subgraphs.analytics.models import Experiment
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.aggregation import cohorts, funnels, metrics, outcomes, run
from subgraphs.analytics.service.event_storage import Recorder
from subgraphs.analytics.service.experiments import assign_subject
from subgraphs.analytics.service.identification import identify_visitor
from subgraphs.analytics.service.privacy import forget_user
from subgraphs.analytics.service.reports.conversion import count_outcome
from subgraphs.analytics.service.reports.counting import count_cohorts, count_metrics, count_revenue
from subgraphs.analytics.service.reports.funnel import Segment, count_funnel
from subgraphs.analytics.service.reports.periods import Period
from subgraphs.analytics.service.tracking import Sent, track_events
from subgraphs.order.events import OrderContentChanged, OrderCreated, OrderedLine, OrderLinked, OrderRefunded
from tests.analytics.tracking import receive_event
from tests.support.apps import Served
from tests.support.properties import examples

VISITORS = ["visitor-a", "visitor-b"]
USERS = [new_id("usr") for _ in range(2)]
EXPERIMENT = new_id("exp")
ORDERED = FunnelStep.ORDER_CREATED
TABLES = (
    *("analytics_event", "event_batch", "aggregated_metrics", "subject_weeks", "cohort_total", "funnel_entry"),
    *("funnel_total", "experiment_total", "experiment_assignment", "experiment", "visitor_link", "subject_recount"),
    "event_retention",
)
KILLS = {
    "metrics": (metrics, "add"),
    "cohorts": (cohorts, "add"),
    "changed cohorts": (cohorts, "count_anew"),
    "funnels": (funnels, "work_out"),
    "outcomes": (outcomes, "work_out"),
}


@dataclass(frozen=True)
class Happening:
    """An event of a subject some minutes ago; with the same number it is the same one."""

    number: int
    step: FunnelStep
    subject: str
    minutes_ago: int


@dataclass(frozen=True)
class Assigning:
    """A subject gets a variant."""

    subject: str


@dataclass(frozen=True)
class Forgetting:
    """A user is erased."""

    user: str


@dataclass(frozen=True)
class Identifying:
    """A visitor turns out to be a user."""

    visitor: str
    user: str


@dataclass(frozen=True)
class Ordering:
    """An order is placed some minutes ago, by a visitor or by nobody known; with the same number it is the same one."""

    number: int
    customer: str | None
    visitor: str | None
    minutes_ago: int


@dataclass(frozen=True)
class Linking:
    """The latest order gets another customer."""

    customer: str | None


@dataclass(frozen=True)
class Editing:
    """The latest order gets another total."""

    total_minor: int


@dataclass(frozen=True)
class Refunding:
    """A part of the latest order is refunded."""

    minor: int


@dataclass(frozen=True)
class Aggregating:
    """The job runs, and is killed after one of its parts or not at all."""

    killed_after: str | None
    most: int


# Close together, days apart, and at the edges of windows.
ago = st.one_of(st.integers(0, 200), st.integers(0, 7 * 1440 - 5), st.sampled_from([60, 120, 1440, 2880]))
long_ago = st.one_of(ago, st.integers(0, 80 * 1440), st.sampled_from([30 * 1440, 60 * 1440]))
client_steps = st.sampled_from([FunnelStep.CONFIG_CHANGED, FunnelStep.ADD_TO_CART, FunnelStep.CHECKOUT_STARTED])
domain_steps = st.sampled_from([FunnelStep.DESIGN_CREATED, FunnelStep.ORDER_CREATED])
happenings = st.one_of(
    st.builds(Happening, st.integers(0, 30), client_steps, st.sampled_from([*VISITORS, *USERS]), ago),
    st.builds(Happening, st.integers(31, 60), domain_steps, st.sampled_from(USERS), long_ago),
)
actions = st.one_of(
    st.lists(happenings, min_size=1, max_size=8),
    st.builds(Assigning, st.sampled_from([*VISITORS, *USERS])),
    st.builds(Aggregating, st.sampled_from([None, *KILLS]), st.sampled_from([1, 3, 1000])),
    st.builds(Forgetting, st.just(USERS[0])),
    st.builds(Identifying, st.sampled_from(VISITORS), st.sampled_from(USERS)),
    st.builds(
        Ordering, st.integers(0, 3), st.sampled_from([None, *USERS]), st.sampled_from([None, *VISITORS]), long_ago
    ),
    st.builds(Linking, st.sampled_from([None, *USERS])),
    st.builds(Editing, st.integers(0, 9000)),
    st.builds(Refunding, st.integers(1, 500)),
)


class Present:
    """The moment that happenings are minutes ago of: when an example began, since the oldest are almost too old.

    And the orders that were placed since, as they are by now.
    """

    at = dt.datetime.now(dt.UTC)
    orders: ClassVar[dict[int, OrderCreated]] = {}


class Killed(Exception):
    """The process is gone."""


async def begin(analytics: Served) -> None:
    Present.at, Present.orders = dt.datetime.now(dt.UTC), {}
    async with analytics.database.write() as session:
        for table in (*TABLES, "event_key", "forgotten_subject"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        await session.execute(
            text(
                "INSERT INTO experiment (id, key, name, hypothesis, status, seed, hash_version, coverage, variants,"
                " targeting, started_at) VALUES (:id, 'layout', 'Layout', '', 'RUNNING', 'layout', 'V2', 1,"
                """ '[{"key": "control", "weight": 0.5}, {"key": "other", "weight": 0.5}]', '[]', now())"""
            ),
            {"id": EXPERIMENT},
        )


async def happen(analytics: Served, happened: list[Happening]) -> None:
    for one in happened:
        moment = Present.at - dt.timedelta(minutes=one.minutes_ago)
        if "." in one.step.value:
            reported = {"totalMinor": one.number * 100, "currency": "EUR", "product": "COLLAR"}
            async with analytics.database.write() as session:
                await intake.record_domain_event(
                    *(session, f"evt_{one.number}", one.step.value, moment),
                    subject=one.subject,
                    design_id=None,
                    properties=reported,
                )
            continue
        viewer = one.subject if one.subject in USERS else None
        event = {
            "clientEventId": str(one.number),
            "name": one.step.value,
            "subject": one.subject,
            "occurredAt": moment.isoformat(),
            "properties": {"currency": "not ours", "product": 5},
        }
        (verdict,) = await track_events(analytics.runtime.resource(Recorder), viewer, Sent([event]), "events")
        assert verdict.problems == ()


async def aggregate(analytics: Served, action: Aggregating) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if action.killed_after is not None:
            module, name = KILLS[action.killed_after]
            work = getattr(module, name)

            async def die(*given: Any) -> None:
                await work(*given)
                raise Killed

            patch.setattr(module, name, die)
        with contextlib.suppress(Killed):
            await run.aggregate(analytics.database, action.most)


async def take(analytics: Served, action: Any) -> None:
    if isinstance(action, list):
        await happen(analytics, action)
    elif isinstance(action, Assigning):
        await assign_subject(analytics.database, "layout", action.subject, {})
    elif isinstance(action, Identifying):
        with contextlib.suppress(InvalidInput):
            await identify_visitor(analytics.database, action.user, action.visitor)
    elif isinstance(action, Ordering | Linking | Editing | Refunding):
        await change_order(analytics, action)
    elif isinstance(action, Forgetting):
        async with analytics.database.write() as session:
            await forget_user(session, action.user)
    else:
        await aggregate(analytics, action)


async def change_order(analytics: Served, action: Ordering | Linking | Editing | Refunding) -> None:
    """Hand the analytics subgraph what the order subgraph would tell."""
    if isinstance(action, Ordering):
        if action.number in Present.orders:
            return
        placed = OrderCreated(
            order_id=f"ord_{action.number}",
            number=f"AP-{action.number}",
            customer_id=action.customer,
            visitor=action.visitor,
            lines=[OrderedLine(design_id=None, quantity=1)],
            total_minor=1000,
            currency="EUR",
            placed_at=Present.at - dt.timedelta(minutes=action.minutes_ago),
        )
        Present.orders[action.number] = placed
        await receive_event(analytics, placed)
        return
    if not Present.orders:
        return
    number, order = list(Present.orders.items())[-1]
    of: Any = {"order_id": order.order_id, "placed_at": order.placed_at}
    if isinstance(action, Refunding):
        money = {"amount_minor": action.minor, "refunded_minor": action.minor, "currency": "EUR"}
        await receive_event(analytics, OrderRefunded(refund_id=new_id("rfd"), **of, **money))
    elif isinstance(action, Linking):
        was = {"customer_id": action.customer, "previous_customer_id": order.customer_id, "lines": order.lines}
        Present.orders[number] = order.model_copy(update={"customer_id": action.customer})
        await receive_event(analytics, OrderLinked(**of, **was))
    else:
        Present.orders[number] = order.model_copy(update={"total_minor": action.total_minor})
        totals: dict[str, Any] = {"total_minor": action.total_minor, "previous_total_minor": order.total_minor}
        totals |= {"currency": "EUR", "previous_currency": "EUR", "designs_added": [], "designs_removed": []}
        lines = {"customer_id": order.customer_id, "lines": order.lines}
        await receive_event(analytics, OrderContentChanged(**of, **totals, **lines))


async def answers(analytics: Served, basis: ReportBasis) -> dict[str, Any]:
    """Return what all reports say."""
    today = Present.at.date()
    found: dict[str, Any] = {}
    segments = [Segment(), *(Segment(audience) for audience in Audience)]
    segments += [Segment(experiment_id=EXPERIMENT, variant=variant) for variant in ("control", "other")]
    async with analytics.database.read() as connection:
        for days in (90, 3, 1):
            period = Period(today - dt.timedelta(days=days), today + dt.timedelta(days=1))
            for segment in segments:
                for window in FunnelWindow:
                    counts = await count_funnel(connection, period, window, segment, basis)
                    found[f"{days} {window} {segment}"] = counts
        whole = Period(today - dt.timedelta(days=100), today + dt.timedelta(days=1))
        for step in FunnelStep:
            for granularity in Granularity:
                metrics = await count_metrics(connection, step.value, granularity, whole, list(MetricDimension), basis)
                found[f"{step} {granularity}"] = [tuple(row) for row in metrics]
        for cohort, rows in (await count_cohorts(connection, whole, basis)).items():
            found[f"cohort {cohort}"] = [tuple(row) for row in rows]
        row = await typed_rows.one(
            connection, Experiment, text("SELECT * FROM experiment WHERE id = :id"), {"id": EXPERIMENT}
        )
        for goal in list(FunnelStep)[1:]:
            for window in FunnelWindow:
                found[f"outcome {goal} {window}"] = await count_outcome(connection, row, goal, basis, window)
        for granularity in Granularity:
            worth = await count_revenue(connection, granularity, whole, basis)
            found[f"revenue {granularity}"] = [tuple(row) for row in worth]
    return found


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(actions, max_size=12))
async def test_aggregates_are_exactly_what_the_events_say(analytics: Served, taken: list[Any]) -> None:
    await begin(analytics)
    for action in taken:
        await take(analytics, action)
    await aggregate(analytics, Aggregating(None, 1000))
    assert await answers(analytics, ReportBasis.AGGREGATES) == await answers(analytics, ReportBasis.EVENTS)
    async with analytics.database.read() as connection:
        for table in ("funnel_total", "cohort_total", "experiment_total"):
            assert await connection.scalar(text(f"SELECT min(subjects) FROM {table}")) in (None, 0, 1, 2, 3, 4)  # noqa: S608


async def test_two_runs_at_once_count_each_batch_once(analytics: Served) -> None:
    await begin(analytics)
    await happen(analytics, [Happening(n, FunnelStep.CONFIG_CHANGED, VISITORS[n % 2], n) for n in range(30)])
    counted = await asyncio.gather(*(run.aggregate(analytics.database, 5) for _ in range(3)))
    assert sum(counted) == 30
    assert await answers(analytics, ReportBasis.AGGREGATES) == await answers(analytics, ReportBasis.EVENTS)


async def test_an_event_that_comes_a_week_late_changes_its_own_day(analytics: Served) -> None:
    await begin(analytics)
    late = [
        Happening(n, FunnelStep.CONFIG_CHANGED, "visitor-a", minutes) for n, minutes in enumerate((0, 7 * 1440 - 60))
    ]
    for one in late:
        await happen(analytics, [one])
        await run.aggregate(analytics.database)
    days = [(Present.at - dt.timedelta(minutes=one.minutes_ago)).date() for one in reversed(late)]
    async with analytics.database.read() as connection:
        period = Period(days[0], days[1] + dt.timedelta(days=1))
        rows = await count_metrics(connection, "config_changed", Granularity.DAY, period, [], ReportBasis.AGGREGATES)
    assert [(row.at.date(), row.events) for row in rows] == [(days[0], 1), (days[1], 1)]


async def test_as_many_statements_for_a_hundred_subjects_as_for_one(analytics: Served) -> None:
    counts = []
    for size in (1, 100):
        await begin(analytics)
        await happen(analytics, [Happening(n, FunnelStep.CONFIG_CHANGED, f"v-{n}", 1) for n in range(size)])
        with analytics.statements() as sent:
            await run.aggregate(analytics.database)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_a_user_who_was_erased_stays_counted_and_is_named_nowhere(analytics: Served) -> None:
    await begin(analytics)
    user = USERS[0]
    await happen(analytics, [Happening(1, FunnelStep.CONFIG_CHANGED, user, 9), Happening(40, ORDERED, user, 3)])
    await assign_subject(analytics.database, "layout", user, {})
    await run.aggregate(analytics.database)
    before = await answers(analytics, ReportBasis.AGGREGATES)
    async with analytics.database.write() as session:
        await forget_user(session, user)
    assert await answers(analytics, ReportBasis.AGGREGATES) == before == await answers(analytics, ReportBasis.EVENTS)
    async with analytics.database.read() as connection:
        for table in (*TABLES, "event_key", "forgotten_subject"):
            named = text(f"SELECT count(*) FROM {table} AS rows WHERE rows::text LIKE :user")  # noqa: S608
            assert await connection.scalar(named, {"user": f"%{user}%"}) == 0
