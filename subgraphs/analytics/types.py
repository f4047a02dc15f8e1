"""What is shown of analytics, and what it adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry import federation
from strawberry.scalars import JSON

from shared.access import owner_or, require_owner, scoped, signed_in
from shared.context import Info
from shared.entities import stubs
from shared.entity import Entity
from shared.paging import After, Before, Connection, First, Last, connect, page_of
from shared.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidField,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
)
from subgraphs.analytics import models
from subgraphs.analytics.enums import DecisionReason, EventSource, EventStatus, ExperimentStatus, HashVersion
from subgraphs.analytics.loaders import (
    ASSIGNMENTS,
    AssignmentCountBySubject,
    AssignmentsBySubject,
    ExperimentById,
    FactByDesign,
)
from subgraphs.analytics.service.experiments import Decision
from subgraphs.analytics.service.intake import Verdict

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


@strawberry.type(description="A batch was taken in. What is accepted is stored durably.")
class EventsTrackSuccess:
    verdicts: list[EventVerdict] = strawberry.field(description="One per event, in the order of the batch.")

    def _count(self, status: EventStatus) -> int:
        return sum(verdict.status is status for verdict in self.verdicts)

    @strawberry.field(description="How many events were stored.")
    def accepted(self) -> int:
        return self._count(EventStatus.ACCEPTED)

    @strawberry.field(description="How many events were known already.")
    def duplicates(self) -> int:
        return self._count(EventStatus.DUPLICATE)

    @strawberry.field(description="How many events were not stored because the sender asked not to be tracked.")
    def ignored(self) -> int:
        return self._count(EventStatus.IGNORED)

    @strawberry.field(description="How many events break rules.")
    def rejected(self) -> int:
        return self._count(EventStatus.REJECTED)


EventsTrackResult: TypeAlias = Annotated[
    EventsTrackSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "EventsTrackResult", description="A verdict for each event, or why the batch as a whole was not taken."
    ),
]


@strawberry.type(description="The subject's variant was decided, and is remembered if it is in the experiment.")
class ExperimentAssignSuccess:
    decision: VariantDecision = strawberry.field(description="What the subject gets.")


ExperimentAssignResult: TypeAlias = Annotated[
    ExperimentAssignSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("ExperimentAssignResult", description="The decision, or why there is none."),
]


@strawberry.type(description="An experiment was drafted.")
class ExperimentCreateSuccess:
    experiment: Experiment = strawberry.field(description="The draft. Begin with `experimentStart`.")


ExperimentCreateResult: TypeAlias = Annotated[
    ExperimentCreateSuccess | InvalidInputProblem,
    strawberry.union("ExperimentCreateResult", description="The draft, or what is wrong with the input."),
]


@strawberry.type(description="An experiment was started.")
class ExperimentStartSuccess:
    experiment: Experiment = strawberry.field(description="The running experiment.")


ExperimentStartResult: TypeAlias = Annotated[
    ExperimentStartSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("ExperimentStartResult", description="The running experiment, or why it did not start."),
]


@strawberry.type(description="An experiment was stopped.")
class ExperimentStopSuccess:
    experiment: Experiment = strawberry.field(description="The stopped experiment.")


ExperimentStopResult: TypeAlias = Annotated[
    ExperimentStopSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("ExperimentStopResult", description="The stopped experiment, or why it goes on."),
]
