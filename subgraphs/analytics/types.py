"""What is shown of analytics, and what it adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import strawberry
from strawberry import federation
from strawberry.scalars import JSON

from shared.access import owner_or, require_owner, scoped, signed_in
from shared.context import Info
from shared.entities import stubs
from shared.entity import Entity
from shared.money import CurrencyCode, Money
from shared.paging import After, Before, Connection, First, Last, connect, page_of
from subgraphs.analytics import models
from subgraphs.analytics.enums import (
    EventSource,
    ExperimentStatus,
    FunnelStep,
    HashVersion,
)
from subgraphs.analytics.loaders import (
    ASSIGNMENTS,
    AssignmentCountBySubject,
    AssignmentsBySubject,
    ExperimentById,
    FactByDesign,
)
from subgraphs.analytics.service.reports.conversion import Group, Outcome
from subgraphs.analytics.statistics.comparison import Comparison
from subgraphs.analytics.statistics.ratio import MISMATCH_BELOW
from subgraphs.analytics.statistics.samples import Interval

READ = "analytics:read"
WRITE = "analytics:write"


@strawberry.type(description="Something that happened.")
class AnalyticsEvent(Entity, table=models.AnalyticsEvent):
    id: strawberry.ID = strawberry.field(description="The event's id, `evt_…`.")
    source: EventSource = strawberry.field(description="Who told of it.")
    name: str = strawberry.field(description="What happened, such as `design_viewed` or `order.created`.")
    subject: str | None = strawberry.field(description="Who did it: a user's id or a visitor's; null if unknown.")
    design_id: strawberry.ID | None = strawberry.field(description="The design it was done to, if any.")
    client_event_id: str | None = strawberry.field(description="The id that the client gave it, if a client did.")
    occurred_at: dt.datetime = strawberry.field(description="When it happened.")
    received_at: dt.datetime = strawberry.field(description="When it was stored.")
    properties: JSON = strawberry.field(description="Further facts, a flat object.")


AnalyticsEventConnection = Connection[AnalyticsEvent]


@strawberry.type(description="One of the variants that an experiment compares.")
class Variant:
    key: str = strawberry.field(description="What apps call it.")
    weight: float = strawberry.field(description="Its share of the subjects, 0 to 1.")


@strawberry.type(description="A share of all subjects that an experiment is confined to.")
class ExperimentNamespace:
    name: str = strawberry.field(description="The namespace.")
    start: float = strawberry.field(description="Where the share begins, 0 to 1.")
    end: float = strawberry.field(description="Where the share ends, itself not part of it, 0 to 1.")


@strawberry.type(description="A condition on a subject's attributes.")
class TargetingRule:
    attribute: str = strawberry.field(description="The attribute's name.")
    any_of: list[str] = strawberry.field(description="The values that it lets in.")


@federation.type(
    keys=["id"], description="A comparison of variants. How it divides its subjects is open to staff alone."
)
class Experiment(Entity, table=models.Experiment):
    id: strawberry.ID = strawberry.field(description="The experiment's id, `exp_…`.")
    key: str = strawberry.field(description="What apps ask for.")
    name: str = strawberry.field(description="What people call it.")
    status: ExperimentStatus = strawberry.field(description="Where it stands.")
    hypothesis: str | None = strawberry.field(description="What it shall show.", extensions=scoped(READ))
    coverage: float | None = strawberry.field(description="The share of subjects included.", extensions=scoped(READ))
    seed: str | None = strawberry.field(description="What is hashed with the subject.", extensions=scoped(READ))
    hash_version: HashVersion | None = strawberry.field(description="The hash in use.", extensions=scoped(READ))
    version: int | None = strawberry.field(
        description="Counts changes; send it with `experimentStart` and `experimentStop`.", extensions=scoped(READ)
    )
    created_at: dt.datetime | None = strawberry.field(description="When it was drafted.", extensions=scoped(READ))
    started_at: dt.datetime | None = strawberry.field(
        description="When it was started; null before.", extensions=scoped(READ)
    )
    stopped_at: dt.datetime | None = strawberry.field(
        description="When it was stopped; null before.", extensions=scoped(READ)
    )
    variants: strawberry.Private[list[Any]]
    targeting: strawberry.Private[list[Any]]
    namespace: strawberry.Private[str | None]
    namespace_start: strawberry.Private[float | None]
    namespace_end: strawberry.Private[float | None]

    @strawberry.field(name="variants", description="What it compares, the control first.", extensions=scoped(READ))
    def shown_variants(self) -> list[Variant] | None:
        return [Variant(**variant) for variant in self.variants]

    @strawberry.field(name="targeting", description="Whom it lets in: all must hold.", extensions=scoped(READ))
    def shown_targeting(self) -> list[TargetingRule] | None:
        return [TargetingRule(**rule) for rule in self.targeting]

    @strawberry.field(
        name="namespace", description="The share that it is confined to; null for none.", extensions=scoped(READ)
    )
    def shown_namespace(self) -> ExperimentNamespace | None:
        if self.namespace is None or self.namespace_start is None or self.namespace_end is None:
            return None
        return ExperimentNamespace(name=self.namespace, start=self.namespace_start, end=self.namespace_end)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Experiment | None]":
        if not info.context.viewer.may(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(ExperimentById).load_many(ids)]


ExperimentConnection = Connection[Experiment]


@strawberry.type(description="The variant that a subject got, for as long as the experiment runs.")
class ExperimentAssignment(Entity, table=models.ExperimentAssignment):
    id: strawberry.ID = strawberry.field(description="The assignment's id, `asg_…`.")
    variant: str = strawberry.field(description="The variant's key.")
    assigned_at: dt.datetime = strawberry.field(description="When the subject got it.")
    experiment_id: strawberry.Private[str]

    @strawberry.field(description="What it is a variant of.")
    async def experiment(self, info: Info) -> Experiment:
        return Experiment.from_row(await info.context.loader(ExperimentById).load(self.experiment_id))


ExperimentAssignmentConnection = Connection[ExperimentAssignment]


@strawberry.type(description="How often people dealt with a design, since it was made.")
class DesignStats:
    views: int = strawberry.field(description="`design_viewed` events, one per client event id.")
    shares: int = strawberry.field(description="Links that the owner made to show it.")
    orders: int = strawberry.field(
        description="Orders that contain it, whatever the quantity; cancelled ones stay counted."
    )


@federation.type(keys=["id"])
class Design:
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(description="Its counts, for its owner and staff with `analytics:read`.", extensions=signed_in())
    async def stats(self, info: Info) -> DesignStats | None:
        fact = await info.context.loader(FactByDesign).load(self.id)
        require_owner(info.context.viewer, fact.owner_id if fact is not None else None, READ)
        if fact is None:
            return DesignStats(views=0, shares=0, orders=0)
        return DesignStats(views=fact.views, shares=fact.shares, orders=fact.orders)

    @classmethod
    async def resolve_references(cls, _info: Info, ids: Sequence[str]) -> "list[Design | None]":
        return stubs(cls, "des", ids)


@federation.type(keys=["id"])
class User:
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The variants of experiments that the user got, newest first; for the user and staff with "
        "`analytics:read`.",
        extensions=owner_or(READ, "id"),
    )
    async def experiments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> ExperimentAssignmentConnection | None:
        page = page_of(first, after, last, before)
        rows = await info.context.loader(AssignmentsBySubject).page(self.id, page)

        async def count() -> int:
            return await info.context.loader(AssignmentCountBySubject).load(self.id)

        build = ExperimentAssignment.from_row
        return connect(ExperimentAssignmentConnection, rows, ASSIGNMENTS, build, count)

    @classmethod
    async def resolve_references(cls, _info: Info, ids: Sequence[str]) -> "list[User | None]":
        return stubs(cls, "usr", ids)


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
    def of(cls, row: Any) -> "Metric":
        known = row._mapping
        source = EventSource[known["source"]] if "source" in known else None
        texts = {name: known.get(name) for name in ("product", "currency", "status")}
        return cls(at=row.at, source=source, events=row.events, **texts)


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
    def of(cls, row: Any) -> "Revenue":
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
    def of(cls, week: dt.date, rows: Sequence[Any]) -> "Cohort":
        size = rows[0].subjects
        weeks = [CohortWeek(week=row.week, subjects=row.subjects, share=row.subjects / size) for row in rows]
        return cls(week=week, subjects=size, weeks=weeks)
