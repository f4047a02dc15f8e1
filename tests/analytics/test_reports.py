"""Reports as staff see them: exact answers to a small history, from aggregates and from the events alike."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.results import Cohort
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.analytics.service.reports import timeout as reading
from subgraphs.analytics.service.reports.counting import CohortRow
from tests.analytics.test_aggregation import TABLES
from tests.analytics.test_experiments import assigned, running
from tests.support.apps import Served

MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
STEPS = ("config_changed", "design.created", "add_to_cart", "checkout_started", "order.created")
ANNA, BEN = new_id("usr"), new_id("usr")
HISTORY: list[tuple[str, str, dt.timedelta, dict[str, Any]]] = [
    # All steps within the hour, and again a week later.
    *((ANNA, step, dt.timedelta(minutes=10 * place), {}) for place, step in enumerate(STEPS[:4])),
    (ANNA, STEPS[4], dt.timedelta(hours=1), {"totalMinor": 4990, "currency": "EUR"}),
    (ANNA, STEPS[0], dt.timedelta(days=7), {}),
    # The order comes a moment after its day.
    *((BEN, step, dt.timedelta(days=1, hours=place), {}) for place, step in enumerate(STEPS[:4])),
    (BEN, STEPS[4], dt.timedelta(days=2, microseconds=1), {"totalMinor": 1005, "currency": "EUR"}),
    # Steps in the wrong order get nowhere.
    ("visitor-1", STEPS[2], dt.timedelta(days=1), {}),
    ("visitor-1", STEPS[1], dt.timedelta(days=1, hours=1), {}),
    ("visitor-1", STEPS[0], dt.timedelta(days=1, hours=2), {}),
    ("visitor-1", STEPS[2], dt.timedelta(days=1, hours=3), {}),
    # Nobody begins without the first step.
    ("visitor-2", STEPS[4], dt.timedelta(days=3), {"totalMinor": 700, "currency": "USD"}),
]
BASES = ["AGGREGATES", "EVENTS"]


@pytest_asyncio.fixture(scope="module", autouse=True)
async def history(analytics: Served) -> None:
    async with analytics.database.write() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        for subject, name, after, properties in HISTORY:
            about = {"subject": subject, "design_id": None, "properties": properties}
            await intake.record_domain_event(session, new_id("evt"), name, MONDAY + after, **about)  # type: ignore[arg-type]
    await aggregate(analytics.database)


async def report(analytics: Served, token: str | None, field: str) -> Any:
    answer = await analytics.execute(f"{{ reports {{ report: {field} }} }}", token)
    return answer.data["reports"]["report"]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        ("window: HOUR", [3, 2, 1, 1, 1]),
        ("window: DAY", [3, 2, 2, 2, 1]),
        ("window: WEEK", [3, 2, 2, 2, 2]),
        ("window: MONTH, segment: {}", [3, 2, 2, 2, 2]),
        ("segment: {audience: REGISTERED}", [2, 2, 2, 2, 2]),
        ("segment: {audience: ANONYMOUS}", [1, 0, 0, 0, 0]),
        ('segment: {experiment: "exp_none", variant: "control"}', [0, 0, 0, 0, 0]),
    ],
)
async def test_the_funnel_counts_subjects_in_order_within_the_window(
    analytics: Served, support: str, basis: str, arguments: str, subjects: list[int]
) -> None:
    field = f'builderFunnel(from: "2026-03-02", to: "2026-03-05", {arguments}, basis: {basis})'
    found = await report(analytics, support, f"{field} {{ stages {{ step subjects }} }}")
    assert [stage["subjects"] for stage in found["stages"]] == subjects
    assert found["stages"][0]["step"] == "CONFIG_CHANGED"


@pytest.mark.parametrize("basis", BASES)
async def test_a_subject_begins_once_in_a_period_and_anew_in_the_next(
    analytics: Served, support: str, basis: str
) -> None:
    counts = []
    for since, until in (("2026-03-02", "2026-03-10"), ("2026-03-09", "2026-03-10"), ("2026-03-03", "2026-03-04")):
        field = f'builderFunnel(from: "{since}", to: "{until}", basis: {basis})'
        found = await report(analytics, support, f"{field} {{ stages {{ subjects share shareOfPrevious }} }}")
        counts.append([stage["subjects"] for stage in found["stages"]])
    assert counts == [[3, 2, 2, 2, 2], [1, 0, 0, 0, 0], [2, 1, 1, 1, 1]]
    assert found["stages"][1] == {"subjects": 1, "share": 0.5, "shareOfPrevious": 0.5}
    assert found["stages"][0]["shareOfPrevious"] is None


@pytest.mark.parametrize("basis", BASES)
async def test_revenue_is_by_day_and_currency(analytics: Served, support: str, basis: str) -> None:
    money = "{ amount currencyCode }"
    field = (
        f'revenue(from: "2026-03-02", to: "2026-03-06", basis: {basis}) {{ at orders total {money} average {money} }}'
    )
    found = await report(analytics, support, field)
    assert [(row["at"][:10], row["orders"], *row["total"].values()) for row in found] == [
        ("2026-03-02", 1, "49.90", "EUR"),
        ("2026-03-04", 1, "10.05", "EUR"),
        ("2026-03-05", 1, "7.00", "USD"),
    ]


@pytest.mark.parametrize("basis", BASES)
async def test_cohorts_are_by_the_week_in_which_subjects_were_first_seen(
    analytics: Served, support: str, basis: str
) -> None:
    field = f'cohortRetention(from: "2026-02-01", to: "2026-04-01", basis: {basis})'
    found = await report(analytics, support, f"{field} {{ week subjects weeks {{ week subjects share }} }}")
    weeks = [{"week": "2026-03-02", "subjects": 4, "share": 1}, {"week": "2026-03-09", "subjects": 1, "share": 0.25}]
    assert found == [{"week": "2026-03-02", "subjects": 4, "weeks": weeks}]


async def test_the_current_week_is_not_finished(analytics: Served, support: str) -> None:
    now = dt.datetime.now(dt.UTC)
    # A moment of this week and one of the week before it, whatever day it is.
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=now.weekday())
    first = monday.date() - dt.timedelta(days=7)
    weeks = [CohortRow(first, week, 1) for week in (first, monday.date())]
    shown = Cohort.of(weeks[0].week, weeks, now.date())
    assert [week.is_finished for week in shown.weeks] == [True, False]
    sunday = monday.date() + dt.timedelta(days=6)
    assert [week.is_finished for week in Cohort.of(weeks[0].week, weeks, sunday).weeks] == [True, False]
    over = Cohort.of(weeks[0].week, weeks, sunday + dt.timedelta(days=1))
    assert [week.is_finished for week in over.weeks] == [True, True]
    field = 'cohortRetention(from: "2026-02-01", to: "2026-04-01") { weeks { isFinished } }'
    assert await report(analytics, support, field) == [{"weeks": [{"isFinished": True}] * 2}]


@pytest.mark.parametrize("basis", BASES)
async def test_conversion_of_a_period_has_its_interval(analytics: Served, support: str, basis: str) -> None:
    field = f'conversionRate(from: "2026-03-02", to: "2026-03-05", goal: ADD_TO_CART, basis: {basis})'
    fields = "groups { variant subjects converted rate interval { low high } comparison { uplift } }"
    found = await report(analytics, support, f"{field} {{ {fields} sampleRatio {{ pValue }} }}")
    (group,) = found["groups"]
    assert (group["variant"], group["subjects"], group["converted"], group["rate"]) == (
        None,
        3,
        2,
        pytest.approx(2 / 3),
    )
    assert (group["interval"]["low"], group["interval"]["high"]) == pytest.approx((0.20765960, 0.93850806), abs=1e-8)
    assert (group["comparison"], found["sampleRatio"]) == (None, None)


async def test_an_experiment_is_judged_by_what_its_subjects_did_after_they_got_their_variant(
    analytics: Served, admin: str, support: str
) -> None:
    experiment = await running(analytics, admin)
    subjects = [f"visitor-{new_id('v')}" for _ in range(60)]
    variants = {
        subject: (await assigned(analytics, experiment["key"], subject))["decision"]["variant"] for subject in subjects
    }
    groups: dict[str, list[str]] = {"control": [], "treatment": []}
    for subject, variant in variants.items():
        groups[variant].append(subject)
    now = dt.datetime.now(dt.UTC)
    converted = {"control": groups["control"][:5], "treatment": groups["treatment"][:12]}
    async with analytics.database.write() as session:
        for subject in [*converted["control"], *converted["treatment"]]:
            await bought(session, subject, now + dt.timedelta(minutes=1))
        # Before it, and long after it, do not count.
        await bought(session, groups["control"][-1], now - dt.timedelta(days=1))
        await bought(session, groups["control"][-2], now + dt.timedelta(days=31))
    await aggregate(analytics.database)
    fields = """groups { variant subjects converted comparison { uplift pValue interval { low high } sequentialPValue }
      adjusted { uplift } } sampleRatio { pValue mismatch }"""
    for basis in BASES:
        found = await report(
            analytics, support, f'conversionRate(experiment: "{experiment["id"]}", basis: {basis}) {{ {fields} }}'
        )
        control, treatment = found["groups"]
        assert (control["subjects"], control["converted"]) == (len(groups["control"]), 5)
        assert (treatment["subjects"], treatment["converted"]) == (len(groups["treatment"]), 12)
        rates = 5 / len(groups["control"]), 12 / len(groups["treatment"])
        assert treatment["comparison"]["uplift"] == pytest.approx(rates[1] / rates[0] - 1)
        assert treatment["comparison"]["pValue"] < treatment["comparison"]["sequentialPValue"] <= 1
        assert control["comparison"] is None
        assert treatment["adjusted"] is not None
        assert found["sampleRatio"]["mismatch"] is False


async def bought(session: Any, subject: str, at: dt.datetime) -> None:
    about: Any = {"subject": subject, "design_id": None, "properties": {}}
    await intake.record_domain_event(session, new_id("evt"), "order.created", at, **about)


@pytest.mark.parametrize("basis", BASES)
async def test_metrics_are_divided_by_what_is_asked_for(analytics: Served, support: str, basis: str) -> None:
    query = """query ($basis: ReportBasis!) { metrics(name: "order.created", from: "2026-03-02", to: "2026-03-06",
      basis: $basis, dimensions: [CURRENCY, SOURCE]) { at currency source product events } }"""
    found = (await analytics.execute(query, support, basis=basis)).data["metrics"]
    assert [(row["at"][8:10], row["currency"], row["source"], row["product"], row["events"]) for row in found] == [
        ("02", "EUR", "DOMAIN", None, 1),
        ("04", "EUR", "DOMAIN", None, 1),
        ("05", "USD", "DOMAIN", None, 1),
    ]


def wrong_arguments() -> Iterator[tuple[str, str]]:
    yield 'builderFunnel(from: "2026-03-02", to: "2026-03-02") { stages { step } }', "to"
    yield 'builderFunnel(from: "2026-03-02", to: "2027-03-04") { stages { step } }', "to"
    yield 'builderFunnel(from: "0001-01-01", to: "9999-12-31") { stages { step } }', "to"
    yield 'revenue(from: "2026-03-02", to: "2026-04-03", granularity: HOUR) { at }', "to"
    period = 'from: "2026-03-02", to: "2026-03-05"'
    yield f'builderFunnel({period}, segment: {{variant: "a"}}) {{ stages {{ step }} }}', "segment.experiment"
    yield f'builderFunnel({period}, segment: {{experiment: "a"}}) {{ stages {{ step }} }}', "segment.variant"
    both = 'experiment: "a", variant: "b", audience: ANONYMOUS'
    yield f"builderFunnel({period}, segment: {{{both}}}) {{ stages {{ step }} }}", "segment.audience"
    yield "conversionRate { groups { rate } }", "experiment"
    yield f'conversionRate(experiment: "a", {period}) {{ groups {{ rate }} }}', "experiment"
    yield f"conversionRate({period}, goal: CONFIG_CHANGED) {{ groups {{ rate }} }}", "goal"


@pytest.mark.parametrize(("field", "_path"), list(wrong_arguments()))
async def test_wrong_arguments_are_refused(analytics: Served, support: str, field: str, _path: str) -> None:
    answer = await analytics.execute(f"{{ reports {{ {field} }} }}", support)
    assert (answer.status, answer.codes) == (200, ["INVALID_INPUT"])


@pytest.mark.parametrize("field", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_are_days_too(analytics: Served, support: str, field: str) -> None:
    query = f'{{ reports {{ builderFunnel(from: "{field}", to: "9999-12-31") {{ stages {{ step }} }} }} }}'
    assert (await analytics.execute(query, support)).codes == ["INVALID_INPUT"]
    query = '{ reports { builderFunnel(from: "0001-01-01", to: "0001-01-02") { stages { subjects } } } }'
    assert (await analytics.execute(query, support)).data["reports"]["builderFunnel"]["stages"][0] == {"subjects": 0}


async def test_an_unknown_experiment_has_no_outcome(analytics: Served, support: str) -> None:
    assert await report(analytics, support, 'conversionRate(experiment: "exp_x") { groups { rate } }') is None


async def test_reports_are_for_staff_alone(analytics: Served, customer: str) -> None:
    funnel = '{ reports { builderFunnel(from: "2026-03-02", to: "2026-03-05") { stages { subjects } } } }'
    metrics = '{ metrics(name: "order.created", from: "2026-03-02", to: "2026-03-05") { events } }'
    for query, field in ((funnel, "reports"), (metrics, "metrics")):
        assert (await analytics.execute(query)).codes == ["UNAUTHENTICATED"]
        refused = await analytics.execute(query, customer)
        assert (refused.codes, refused.body["data"]) == (["FORBIDDEN"], {field: None})


async def test_each_report_is_one_statement(analytics: Served, support: str) -> None:
    period = 'from: "2026-03-02", to: "2026-03-05"'
    query = f"""{{ reports {{ builderFunnel({period}) {{ stages {{ step }} }} revenue({period}) {{ at }}
      cohortRetention({period}) {{ week weeks {{ week }} }} conversionRate({period}) {{ groups {{ rate }} }} }} }}"""
    with analytics.statements() as sent:
        assert (await analytics.execute(query, support)).codes == []
    assert len(sent) == 4


REPORTS = [
    'builderFunnel(from: "2026-03-01", to: "2026-03-31", basis: {basis}) {{ stages {{ subjects }} }}',
    'conversionRate(from: "2026-03-01", to: "2026-03-31", basis: {basis}) {{ groups {{ subjects }} }}',
    'revenue(from: "2026-03-01", to: "2026-03-31", basis: {basis}) {{ orders }}',
    'cohortRetention(from: "2026-03-01", to: "2026-03-31", basis: {basis}) {{ subjects }}',
]
METRICS = 'metrics(name: "order.created", from: "2026-03-01", to: "2026-03-31", basis: {basis}) {{ events }}'


@pytest.mark.parametrize("field", [*(f"reports {{{{ {each} }}}}" for each in REPORTS), METRICS])
async def test_single_events_are_asked_for_so_long_and_no_longer(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    monkeypatch.setattr(reading, "EVENTS_SECONDS", 0.1)
    async with analytics.database.write() as session:
        # Whoever asks the events waits until the end of this transaction, or of their time.
        await session.execute(text("LOCK TABLE analytics_event IN ACCESS EXCLUSIVE MODE"))
        slow = await analytics.execute(f"{{ {field.format(basis='EVENTS')} }}", support)
        assert slow.codes == ["REPORT_TOO_SLOW"]
        assert (await analytics.execute(f"{{ {field.format(basis='AGGREGATES')} }}", support)).data
    assert (await analytics.execute(f"{{ {field.format(basis='EVENTS')} }}", support)).data
    # Others who borrow the connection have no such limit.
    async with analytics.database.read() as connection:
        assert await connection.scalar(text("SHOW statement_timeout")) == "0"
