"""Root fields that read analytics."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, TypeAlias

import strawberry
from strawberry.scalars import JSON

from shared.core.errors import InvalidInput
from shared.core.validation import Checks
from shared.graph.access import require_owner, rule, scoped
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.analytics.enums import FunnelStep, FunnelWindow, Granularity, MetricDimension, ReportBasis
from subgraphs.analytics.inputs import EventFilter, ExperimentFilter, SegmentInput
from subgraphs.analytics.loaders import EVENTS, EXPERIMENTS, EXPORTS, AssignmentByPair, ExperimentById, ExperimentByKey
from subgraphs.analytics.results import Cohort, Conversion, Funnel, Metric, Revenue, VariantDecision
from subgraphs.analytics.service.event_parsing import read_properties
from subgraphs.analytics.service.experiments import decide, is_public
from subgraphs.analytics.service.reports.conversion import count_outcome, judge_segment
from subgraphs.analytics.service.reports.counting import LONGEST_DAYS, count_cohorts, count_metrics, count_revenue
from subgraphs.analytics.service.reports.funnel import count_funnel, goal_place, segment_of
from subgraphs.analytics.service.reports.periods import period_of
from subgraphs.analytics.service.reports.replica import ReportDatabase
from subgraphs.analytics.service.reports.timeout import reading
from subgraphs.analytics.service.subjects import is_users, read_subject
from subgraphs.analytics.types import (
    READ,
    AnalyticsEvent,
    AnalyticsEventConnection,
    Experiment,
    ExperimentConnection,
    Export,
    ExportConnection,
)

MOST_EXPERIMENTS_AT_ONCE = 20
From: TypeAlias = Annotated[
    dt.date, strawberry.argument(name="from", description="The first day, in UTC, such as `2026-05-01`.")
]
To: TypeAlias = Annotated[
    dt.date, strawberry.argument(description="The day after the last day, in UTC, such as `2026-06-01`.")
]
Basis: TypeAlias = Annotated[ReportBasis, strawberry.argument(description="The data to compute the result from.")]
Window: TypeAlias = Annotated[
    FunnelWindow, strawberry.argument(description="The time after the first step within which later steps count.")
]
GoalWindow: TypeAlias = Annotated[
    FunnelWindow | None,
    strawberry.argument(
        description="The time within which the goal counts: after assignment with `experiment` (default: MONTH), "
        "otherwise after the first step (default: WEEK)."
    ),
]
Whom: TypeAlias = Annotated[
    SegmentInput | None, strawberry.argument(description="The subjects the report is about; default: all subjects.")
]


Subject: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="The id of a visitor or user, up to 100 characters; default: the viewer's user id. Another "
        "user's id requires the scope `analytics:read`."
    ),
]
Attributes: TypeAlias = Annotated[
    JSON | None,
    strawberry.argument(
        description='The attributes that targeting compares: a flat object, such as `{"country": "DE"}`.'
    ),
]


async def _decisions(
    info: Info, checks: Checks, keys: Sequence[str], subject: str | None, attributes: object
) -> list[VariantDecision | None]:
    """Decide on experiments for a subject, in two statements for any number; raises InvalidInput or Forbidden."""
    context = info.context
    who = read_subject(checks, subject, context.viewer.id)
    known = read_properties(checks, "attributes", attributes)
    checks.raise_if_any()
    if is_users(who):
        require_owner(context.viewer, who, READ)
    rows = await context.loader(ExperimentByKey).load_many(keys)
    public = [row if row is not None and is_public(row) else None for row in rows]
    pairs = [(row.id, who) for row in public if row is not None]
    assigned = dict(zip(pairs, await context.loader(AssignmentByPair).load_many(pairs), strict=True))
    return [
        VariantDecision.of(decide(row, assigned[row.id, who], who, known)) if row is not None else None
        for row in public
    ]


@strawberry.type(
    description="Reports about events. Periods are whole days in UTC, at most 366. A subject is a person: a user "
    "counts once with all visitors that they were before they logged in (see `visitorIdentify`)."
)
class Reports:
    @strawberry.field(
        description="The number of subjects who began the funnel in a period, and how many of them reached each "
        "later step, in order, within a window."
    )
    async def builder_funnel(
        self,
        info: Info,
        from_: From,
        to: To,
        window: Window = FunnelWindow.WEEK,
        segment: Whom = None,
        basis: Basis = ReportBasis.AGGREGATES,
    ) -> Funnel:
        period, whom = period_of(from_, to), segment_of(segment)
        async with reading(info.context.resource(ReportDatabase), basis) as connection:
            return Funnel.of(await count_funnel(connection, period, window, whom, basis))

    @strawberry.field(
        description="The number of subjects who reached a goal within `window`: with `experiment`, for each variant "
        "after assignment; with `from` and `to`, for those who began the funnel in the period. Null if the "
        "experiment does not exist."
    )
    async def conversion_rate(
        self,
        info: Info,
        experiment: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="The id of the experiment, `exp_…`. Send either it, or `from` and `to` with an optional "
                "`segment`."
            ),
        ] = None,
        goal: Annotated[
            FunnelStep, strawberry.argument(description="The goal: any step except the first.")
        ] = FunnelStep.ORDER_CREATED,
        from_: Annotated[
            dt.date | None,
            strawberry.argument(
                name="from", description="The first day, in UTC, such as `2026-05-01`. Required without `experiment`."
            ),
        ] = None,
        to: Annotated[
            dt.date | None,
            strawberry.argument(
                description="The day after the last day, in UTC, such as `2026-06-01`. Required without `experiment`."
            ),
        ] = None,
        window: GoalWindow = None,
        segment: Whom = None,
        basis: Basis = ReportBasis.AGGREGATES,
    ) -> Conversion | None:
        place = goal_place(goal)
        if experiment is not None:
            if from_ is not None or to is not None or segment is not None:
                raise InvalidInput.field(
                    "experiment",
                    "EXCLUSIVE",
                    "Send either `experiment`, or `from` and `to` with an optional `segment`, not both.",
                )
            row = await info.context.loader(ExperimentById).load(experiment)
            if row is None:
                return None
            async with reading(info.context.resource(ReportDatabase), basis) as connection:
                outcome = await count_outcome(connection, row, goal, basis, window or FunnelWindow.MONTH)
                return Conversion.of(outcome, experiment=True)
        if from_ is None or to is None:
            raise InvalidInput.field("experiment", "REQUIRED", "Send an experiment, or `from` and `to`.")
        period, whom = period_of(from_, to), segment_of(segment)
        async with reading(info.context.resource(ReportDatabase), basis) as connection:
            counts = await count_funnel(connection, period, window or FunnelWindow.WEEK, whom, basis)
        return Conversion.of(judge_segment(counts[0], counts[place]), experiment=False)

    @strawberry.field(
        description="The value of the orders placed, by hour or day and currency, in chronological order. Empty "
        "intervals are left out."
    )
    async def revenue(
        self,
        info: Info,
        from_: From,
        to: To,
        granularity: Annotated[
            Granularity,
            strawberry.argument(description="The length of an interval. HOUR allows a period of at most 31 days."),
        ] = Granularity.DAY,
        basis: Basis = ReportBasis.AGGREGATES,
    ) -> list[Revenue]:
        period = period_of(from_, to, LONGEST_DAYS[granularity])
        async with reading(info.context.resource(ReportDatabase), basis) as connection:
            rows = await count_revenue(connection, granularity, period, basis)
        return [Revenue.of(row) for row in rows]

    @strawberry.field(
        description="For each week that begins in the period, the number of subjects first seen in it and how many "
        "of them were active in each later week."
    )
    async def cohort_retention(
        self, info: Info, from_: From, to: To, basis: Basis = ReportBasis.AGGREGATES
    ) -> list[Cohort]:
        period = period_of(from_, to)
        async with reading(info.context.resource(ReportDatabase), basis) as connection:
            cohorts = await count_cohorts(connection, period, basis)
        today = dt.datetime.now(dt.UTC).date()
        return [Cohort.of(week, rows, today) for week, rows in cohorts.items()]


@strawberry.type
class Query:
    @strawberry.field(description="Reports. Null without the scope `analytics:read`.", extensions=scoped(READ))
    def reports(self) -> Reports | None:
        return Reports()

    @strawberry.field(
        description="The number of events with one name, by hour or day, in chronological order, without empty "
        "intervals. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    async def metrics(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="The name of the events, such as `design_viewed`.")],
        from_: From,
        to: To,
        granularity: Annotated[
            Granularity,
            strawberry.argument(description="The length of an interval. HOUR allows a period of at most 31 days."),
        ] = Granularity.DAY,
        dimensions: Annotated[
            list[MetricDimension] | None, strawberry.argument(description="The dimensions to group by; default: none.")
        ] = None,
        basis: Basis = ReportBasis.AGGREGATES,
    ) -> list[Metric] | None:
        period = period_of(from_, to, LONGEST_DAYS[granularity])
        async with reading(info.context.resource(ReportDatabase), basis) as connection:
            rows = await count_metrics(connection, name, granularity, period, dimensions or [], basis)
        return [Metric.of(row) for row in rows]

    @strawberry.field(
        description="The variant a subject would get, without storing an assignment; no login required for an "
        "anonymous visitor. Null if the experiment does not exist or has not started.",
        metadata=rule(owner=True, scope=READ, remark="for a user's id; anybody for a visitor's"),
    )
    async def experiment_variant(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The key of the experiment.")],
        subject: Subject = None,
        attributes: Attributes = None,
    ) -> VariantDecision | None:
        [decision] = await _decisions(info, Checks(""), [key], subject, attributes)
        return decision

    @strawberry.field(
        description="The variants a subject would get of several experiments, in the order of `keys`, without storing "
        "an assignment; no login required for an anonymous visitor. Null for an experiment that does not exist or has "
        "not started.",
        metadata=rule(owner=True, scope=READ, remark="for a user's id; anybody for a visitor's"),
    )
    async def experiment_variants(
        self,
        info: Info,
        keys: Annotated[
            list[str],
            strawberry.argument(description=f"The keys of the experiments, at most {MOST_EXPERIMENTS_AT_ONCE}."),
        ],
        subject: Subject = None,
        attributes: Attributes = None,
    ) -> list[VariantDecision | None] | None:
        checks = Checks("")
        if len(keys) > MOST_EXPERIMENTS_AT_ONCE:
            checks.refuse("keys", "TOO_MANY", f"At most {MOST_EXPERIMENTS_AT_ONCE} experiments are allowed.")
        return await _decisions(info, checks, keys, subject, attributes)

    @strawberry.field(
        description="One experiment by id; null if it does not exist or without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    async def experiment(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the experiment, `exp_…`.")],
    ) -> Experiment | None:
        return (await Experiment.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="All experiments, newest first. Null without the scope `analytics:read`.", extensions=scoped(READ)
    )
    @paged
    async def experiments(
        self,
        info: Info,
        page: Page,
        filter: Annotated[
            ExperimentFilter | None, strawberry.argument(description="Which experiments to list.")
        ] = None,
    ) -> ExperimentConnection | None:
        return await EXPERIMENTS.connection(info, filter, page, Experiment.from_row)

    @strawberry.field(
        description="All events, newest first. Null without the scope `analytics:read`.", extensions=scoped(READ)
    )
    @paged
    async def events(
        self,
        info: Info,
        page: Page,
        filter: Annotated[EventFilter | None, strawberry.argument(description="Which events to list.")] = None,
    ) -> AnalyticsEventConnection | None:
        return await EVENTS.connection(info, filter, page, AnalyticsEvent.from_row)

    @strawberry.field(
        description="One export by id; null if it does not exist or without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    async def export(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the export, `xpt_…`.")],
    ) -> Export | None:
        return (await Export.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="All exports, newest first. Null without the scope `analytics:read`.", extensions=scoped(READ)
    )
    @paged
    async def exports(self, info: Info, page: Page) -> ExportConnection | None:
        return await EXPORTS.connection(info, None, page, Export.from_row)
