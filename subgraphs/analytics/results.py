"""What comes of what was asked for: reports, decisions and verdicts."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import strawberry

from shared.graph.money import CurrencyCode, Money
from shared.graph.problems import InvalidField
from subgraphs.analytics.enums import DecisionReason, EventSource, EventStatus, FunnelStep
from subgraphs.analytics.service.experiments import Decision
from subgraphs.analytics.service.reports.conversion import Group, Outcome
from subgraphs.analytics.service.reports.counting import CohortRow, MetricRow, RevenueRow
from subgraphs.analytics.service.tracking import Verdict
from subgraphs.analytics.statistics.comparison import Comparison
from subgraphs.analytics.statistics.ratio import MISMATCH_BELOW
from subgraphs.analytics.statistics.samples import Interval


@strawberry.type(description="The number of events with one name in one hour or day.")
class Metric:
    at: dt.datetime = strawberry.field(description="The start of the hour or day, in UTC.")
    source: EventSource | None = strawberry.field(
        description="The source of the events; null unless SOURCE is among the dimensions."
    )
    product: str | None = strawberry.field(
        description="The product of the designs or presets, such as `COLLAR`; an empty string for events without "
        "one. Null unless PRODUCT is among the dimensions."
    )
    currency: str | None = strawberry.field(
        description="The ISO 4217 currency of the orders or payments; an empty string for events without one. Null "
        "unless CURRENCY is among the dimensions."
    )
    status: str | None = strawberry.field(
        description="The status that the orders or parcels reached; an empty string for events without one. Null "
        "unless STATUS is among the dimensions."
    )
    events: int = strawberry.field(description="The number of events.")

    @classmethod
    def of(cls, row: MetricRow) -> "Metric":
        # A row has those dimensions alone that were asked for.
        source, texts = getattr(row, "source", None), ("product", "currency", "status")
        return cls(
            at=row.at,
            source=EventSource[source] if source is not None else None,
            events=row.events,
            **{name: getattr(row, name, None) for name in texts},
        )


@strawberry.type(description="One step of the funnel.")
class FunnelStage:
    step: FunnelStep = strawberry.field(description="The step of the funnel.")
    subjects: int = strawberry.field(description="The number of subjects who reached this step.")
    share: float | None = strawberry.field(
        description="Their share of the subjects who began the funnel, 0 to 1; null if there are none."
    )
    share_of_previous: float | None = strawberry.field(
        description="Their share of the subjects who reached the step before, 0 to 1; null for the first step and "
        "if there are none."
    )


@strawberry.type(description="How far subjects progressed from the builder to an order.")
class Funnel:
    stages: list[FunnelStage] = strawberry.field(description="All steps of the funnel, in order.")

    @classmethod
    def of(cls, counts: Sequence[int]) -> "Funnel":
        return cls(
            stages=[
                FunnelStage(
                    step=step,
                    subjects=count,
                    share=count / counts[0] if counts[0] else None,
                    share_of_previous=count / counts[place - 1] if place and counts[place - 1] else None,
                )
                for place, (step, count) in enumerate(zip(FunnelStep, counts, strict=True))
            ]
        )


@strawberry.type(description="A 95 % confidence interval.")
class ConfidenceInterval:
    low: float = strawberry.field(description="The lower bound.")
    high: float = strawberry.field(description="The upper bound.")

    @classmethod
    def of(cls, interval: Interval) -> "ConfidenceInterval":
        return cls(low=interval.low, high=interval.high)


@strawberry.type(
    description="The comparison of a variant with the control. `interval` and `pValue` are valid for one "
    "evaluation at a time chosen in advance; if results are checked repeatedly, use "
    "`sequentialInterval` and `sequentialPValue`."
)
class VariantComparison:
    uplift: float = strawberry.field(
        description="The relative difference of the rates: 0.1 means 10 % more than the control."
    )
    interval: ConfidenceInterval = strawberry.field(
        description="The 95 % confidence interval of `uplift`, for one evaluation."
    )
    p_value: float = strawberry.field(
        description="The p-value of the difference (Welch's test, delta method), for one evaluation."
    )
    sequential_interval: ConfidenceInterval = strawberry.field(
        description="The 95 % confidence interval of `uplift`, for any number of evaluations."
    )
    sequential_p_value: float = strawberry.field(
        description="The p-value of the difference, for any number of evaluations."
    )

    @classmethod
    def of(cls, found: Comparison | None) -> "VariantComparison | None":
        if found is None:
            return None
        return cls(
            uplift=found.uplift,
            interval=ConfidenceInterval.of(found.interval),
            p_value=found.p_value,
            sequential_interval=ConfidenceInterval.of(found.sequential_interval),
            sequential_p_value=found.sequential_p_value,
        )


@strawberry.type(description="A group of subjects and the number of them who reached the goal.")
class ConversionGroup:
    variant: str | None = strawberry.field(
        description="The key of the variant; null if the report is not about an experiment."
    )
    subjects: int = strawberry.field(description="The number of subjects.")
    converted: int = strawberry.field(description="The number of subjects who reached the goal.")
    rate: float | None = strawberry.field(
        description="The share of subjects who reached the goal, 0 to 1; null if there are no subjects."
    )
    interval: ConfidenceInterval | None = strawberry.field(
        description="The Wilson confidence interval of `rate`; null if there are no subjects."
    )
    comparison: VariantComparison | None = strawberry.field(
        description="The comparison with the control; null for the control and while there is too little data."
    )
    adjusted: VariantComparison | None = strawberry.field(
        description="The comparison with variance reduced by the subjects' 30 days before assignment (CUPED), "
        "usually more precise. Null for the control, while there is too little data, and if those days "
        "explain nothing."
    )

    @classmethod
    def of(cls, group: Group, variant: str | None) -> "ConversionGroup":
        return cls(
            variant=variant,
            subjects=group.subjects,
            converted=group.converted,
            rate=group.rate if group.subjects else None,
            interval=None if group.interval is None else ConfidenceInterval.of(group.interval),
            comparison=VariantComparison.of(group.comparison),
            adjusted=VariantComparison.of(group.adjusted),
        )


@strawberry.type(
    description="A check that subjects are distributed over the variants by weight. On a mismatch, subjects "
    "are lost or counted twice, and the rates are not reliable."
)
class SampleRatio:
    p_value: float = strawberry.field(description="The p-value of the chi-square test.")
    mismatch: bool = strawberry.field(description="Whether `pValue` is below 0.001.")


@strawberry.type(description="The number of subjects who reached a goal.")
class Conversion:
    groups: list[ConversionGroup] = strawberry.field(
        description="One group for each variant, the control first; a single group if the report is not about an "
        "experiment."
    )
    sample_ratio: SampleRatio | None = strawberry.field(
        description="A check of how subjects are distributed over the variants; null as long as fewer than 5 subjects "
        "are expected in a variant, and without an experiment."
    )

    @classmethod
    def of(cls, outcome: Outcome, *, experiment: bool) -> "Conversion":
        p = outcome.sample_ratio_p if experiment else None
        return cls(
            groups=[ConversionGroup.of(group, group.variant if experiment else None) for group in outcome.groups],
            sample_ratio=None if p is None else SampleRatio(p_value=p, mismatch=p < MISMATCH_BELOW),
        )


@strawberry.type(
    description="What the orders placed in one hour or day in one currency are worth by now. Edits and refunds change "
    "the hour or day in which the order was placed, whenever they happen. Test orders do not count; cancelled orders "
    "count until they are refunded."
)
class Revenue:
    at: dt.datetime = strawberry.field(description="The start of the hour or day, in UTC.")
    orders: int = strawberry.field(description="The number of orders.")
    total: Money = strawberry.field(description="The sum of their totals after edits, less what was refunded.")
    gross: Money = strawberry.field(description="The sum of their totals after edits, before refunds.")
    refunded: Money = strawberry.field(description="The sum of what was refunded of them.")
    average: Money = strawberry.field(
        description="`total` divided by `orders`, rounded half to even; 0 if there are no orders."
    )

    @classmethod
    def of(cls, row: RevenueRow) -> "Revenue":
        currency = CurrencyCode[row.currency]
        net = row.gross_minor - row.refunded_minor
        average = round(Fraction(net, row.orders)) if row.orders else 0
        return cls(
            at=row.at,
            orders=row.orders,
            total=Money.of(net, currency),
            gross=Money.of(row.gross_minor, currency),
            refunded=Money.of(row.refunded_minor, currency),
            average=Money.of(average, currency),
        )


@strawberry.type(description="The subjects of a cohort who were active in one week.")
class CohortWeek:
    week: dt.date = strawberry.field(description="The Monday on which the week begins, in UTC.")
    subjects: int = strawberry.field(description="The number of subjects who caused at least one event.")
    share: float = strawberry.field(description="Their share of the cohort, 0 to 1.")
    is_finished: bool = strawberry.field(
        description="Whether the week has ended. False for the current week, whose numbers still grow."
    )


@strawberry.type(description="The subjects whose first event was in a given week.")
class Cohort:
    week: dt.date = strawberry.field(description="The Monday on which the week begins, in UTC.")
    subjects: int = strawberry.field(description="The number of subjects.")
    weeks: list[CohortWeek] = strawberry.field(
        description="The weeks in which at least one of them caused an event, in chronological order, starting "
        "with the first week."
    )

    @classmethod
    def of(cls, week: dt.date, rows: Sequence[CohortRow], today: dt.date) -> "Cohort":
        size = rows[0].subjects
        weeks = [
            CohortWeek(
                week=row.week,
                subjects=row.subjects,
                share=row.subjects / size,
                is_finished=row.week + dt.timedelta(days=7) <= today,
            )
            for row in rows
        ]
        return cls(week=week, subjects=size, weeks=weeks)


@strawberry.type(description="The variant of an experiment for a subject, and the reason.")
class VariantDecision:
    experiment_key: str = strawberry.field(description="The key of the experiment.")
    variant: str | None = strawberry.field(
        description="The key of the variant; null if the subject gets none and the client must show its default."
    )
    reason: DecisionReason = strawberry.field(description="The reason for the decision.")
    assigned_at: dt.datetime | None = strawberry.field(
        description="When the subject was assigned its variant; null if no assignment is stored."
    )

    @classmethod
    def of(cls, decision: Decision) -> "VariantDecision":
        return cls(
            experiment_key=decision.key,
            variant=decision.variant,
            reason=decision.reason,
            assigned_at=decision.assigned_at,
        )


@strawberry.type(description="The outcome for one event of a batch.")
class EventVerdict:
    client_event_id: str | None = strawberry.field(description="The `clientEventId` of the event as it was sent.")
    status: EventStatus = strawberry.field(description="The outcome.")
    problems: list[InvalidField] = strawberry.field(description="The reasons for a rejection; empty otherwise.")

    @classmethod
    def of(cls, verdict: Verdict) -> "EventVerdict":
        problems = [InvalidField(path=p.path, code=p.code, message=p.message) for p in verdict.problems]
        return cls(client_event_id=verdict.client_event_id, status=verdict.status, problems=problems)
