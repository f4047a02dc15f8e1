"""What comes of what was asked for: reports, decisions and verdicts."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import strawberry

from shared.graph.money import CurrencyCode, Money
from shared.graph.problems import (
    InvalidField,
)
from subgraphs.analytics.enums import DecisionReason, EventSource, EventStatus, FunnelStep
from subgraphs.analytics.service.experiments import Decision
from subgraphs.analytics.service.reports.conversion import Group, Outcome
from subgraphs.analytics.service.reports.counting import CohortRow, MetricRow
from subgraphs.analytics.service.tracking import Verdict
from subgraphs.analytics.statistics.comparison import Comparison
from subgraphs.analytics.statistics.ratio import MISMATCH_BELOW
from subgraphs.analytics.statistics.samples import Interval


@strawberry.type(description="Events of one name in one hour or day.")
class Metric:
    at: dt.datetime = strawberry.field(description="When the hour or day begins, in UTC.")
    source: EventSource | None = strawberry.field(description="Who told of the events, where divided by it.")
    product: str | None = strawberry.field(
        description="The product of the designs made, where divided by it; empty for events that have none."
    )
    currency: str | None = strawberry.field(
        description="The currency of the orders or payments, where divided by it; empty for events that have none."
    )
    status: str | None = strawberry.field(
        description="The status that the orders reached, where divided by it; empty for events that have none."
    )
    events: int = strawberry.field(description="How many there were.")

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
    step: FunnelStep = strawberry.field(description="The step.")
    subjects: int = strawberry.field(description="How many came this far.")
    share: float | None = strawberry.field(description="Their share of those who began; null if nobody did.")
    share_of_previous: float | None = strawberry.field(
        description="Their share of those who did the step before; null if nobody did, and for the first step."
    )


@strawberry.type(description="How far subjects came, from the builder to an order.")
class Funnel:
    stages: list[FunnelStage] = strawberry.field(description="All steps in order.")

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


@strawberry.type(description="A range that holds the true value with a confidence of 95 %.")
class ConfidenceInterval:
    low: float = strawberry.field(description="Where it begins.")
    high: float = strawberry.field(description="Where it ends.")

    @classmethod
    def of(cls, interval: Interval) -> "ConfidenceInterval":
        return cls(low=interval.low, high=interval.high)


@strawberry.type(
    description="A variant against the control. `interval` and `pValue` hold for one look at a moment chosen before "
    "the start; whoever looks again and again goes by `sequentialInterval` and `sequentialPValue`."
)
class VariantComparison:
    uplift: float = strawberry.field(description="The relative difference of the rates: 0.1 is a tenth more.")
    interval: ConfidenceInterval = strawberry.field(description="Where the true uplift lies, for one look.")
    p_value: float = strawberry.field(
        description="How likely a difference as large is without any effect (Welch, delta method), for one look."
    )
    sequential_interval: ConfidenceInterval = strawberry.field(
        description="Where the true uplift lies, for any number of looks."
    )
    sequential_p_value: float = strawberry.field(description="The same as `pValue`, for any number of looks.")

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


@strawberry.type(description="Subjects, and how many of them reached the goal.")
class ConversionGroup:
    variant: str | None = strawberry.field(description="The variant's key; null where there is no experiment.")
    subjects: int = strawberry.field(description="How many there are.")
    converted: int = strawberry.field(description="How many reached the goal.")
    rate: float | None = strawberry.field(description="Their share; null without subjects.")
    interval: ConfidenceInterval | None = strawberry.field(
        description="Where the true share lies (Wilson); null without subjects."
    )
    comparison: VariantComparison | None = strawberry.field(
        description="Against the control; null for the control, and as long as there is too little to compare."
    )
    adjusted: VariantComparison | None = strawberry.field(
        description="The same, less what subjects' own 30 days before explain (CUPED): narrower; null where these "
        "days tell nothing."
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
    description="Whether subjects spread over the variants by their weights. If not, something loses or doubles "
    "subjects, and no rate can be trusted."
)
class SampleRatio:
    p_value: float = strawberry.field(description="How likely such a spread is by chance (chi-square).")
    mismatch: bool = strawberry.field(description="Whether that is too unlikely: below 0.001.")


@strawberry.type(description="How many subjects reached a goal.")
class Conversion:
    groups: list[ConversionGroup] = strawberry.field(
        description="One for each variant, the control first; a single one where there is no experiment."
    )
    sample_ratio: SampleRatio | None = strawberry.field(
        description="The spread over the variants; null without subjects or an experiment."
    )

    @classmethod
    def of(cls, outcome: Outcome, *, experiment: bool) -> "Conversion":
        p = outcome.sample_ratio_p if experiment else None
        return cls(
            groups=[ConversionGroup.of(group, group.variant if experiment else None) for group in outcome.groups],
            sample_ratio=None if p is None else SampleRatio(p_value=p, mismatch=p < MISMATCH_BELOW),
        )


@strawberry.type(description="Orders that were placed in one hour or day, in one currency; later refunds stay counted.")
class Revenue:
    at: dt.datetime = strawberry.field(description="When the hour or day begins, in UTC.")
    orders: int = strawberry.field(description="How many were placed.")
    total: Money = strawberry.field(description="What they come to.")
    average: Money = strawberry.field(description="What one comes to, rounded half to even.")

    @classmethod
    def of(cls, row: MetricRow) -> "Revenue":
        currency = CurrencyCode[row.currency]
        average = round(Fraction(row.total_minor, row.events))
        return cls(
            at=row.at,
            orders=row.events,
            total=Money.of(row.total_minor, currency),
            average=Money.of(average, currency),
        )


@strawberry.type(description="Those of a cohort who did anything in some week.")
class CohortWeek:
    week: dt.date = strawberry.field(description="The week's Monday.")
    subjects: int = strawberry.field(description="How many did anything.")
    share: float = strawberry.field(description="Their share of the cohort.")


@strawberry.type(description="Subjects who were first seen in one week.")
class Cohort:
    week: dt.date = strawberry.field(description="The week's Monday.")
    subjects: int = strawberry.field(description="How many there are.")
    weeks: list[CohortWeek] = strawberry.field(
        description="The weeks in which any of them did anything, the first one included, in order."
    )

    @classmethod
    def of(cls, week: dt.date, rows: Sequence[CohortRow]) -> "Cohort":
        size = rows[0].subjects
        weeks = [CohortWeek(week=row.week, subjects=row.subjects, share=row.subjects / size) for row in rows]
        return cls(week=week, subjects=size, weeks=weeks)


@strawberry.type(description="What a subject gets of an experiment.")
class VariantDecision:
    experiment_key: str = strawberry.field(description="The experiment's key.")
    variant: str | None = strawberry.field(description="The variant's key; null for none: show what is usual.")
    reason: DecisionReason = strawberry.field(description="Why it is so.")
    assigned_at: dt.datetime | None = strawberry.field(
        description="Since when the subject has its variant; null while nothing is remembered."
    )

    @classmethod
    def of(cls, decision: Decision) -> "VariantDecision":
        return cls(
            experiment_key=decision.key,
            variant=decision.variant,
            reason=decision.reason,
            assigned_at=decision.assigned_at,
        )


@strawberry.type(description="What became of one event of a batch.")
class EventVerdict:
    client_event_id: str | None = strawberry.field(description="The event's id as it was sent.")
    status: EventStatus = strawberry.field(description="What became of it.")
    problems: list[InvalidField] = strawberry.field(description="Why it was rejected; empty otherwise.")

    @classmethod
    def of(cls, verdict: Verdict) -> "EventVerdict":
        problems = [InvalidField(path=p.path, code=p.code, message=p.message) for p in verdict.problems]
        return cls(client_event_id=verdict.client_event_id, status=verdict.status, problems=problems)
