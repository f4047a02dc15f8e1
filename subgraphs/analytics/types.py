"""What is shown of analytics, and what it adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import federation
from strawberry.scalars import JSON

from shared.graph.access import owner_or, require_owner, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import Connection, Page, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.analytics import models
from subgraphs.analytics.enums import (
    EventSource,
    ExperimentStatus,
    ExportFormat,
    ExportState,
    HashVersion,
)
from subgraphs.analytics.loaders import (
    AssignmentCountBySubject,
    AssignmentsBySubject,
    ExperimentById,
    ExportById,
    FactByDesign,
)
from subgraphs.analytics.service.exports.downloads import Downloads

READ = "analytics:read"
WRITE = "analytics:write"


@strawberry.type(description="Something that happened.")
class AnalyticsEvent(RowType[models.AnalyticsEvent]):
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
class Experiment(RowType[models.Experiment], access=rule(scope=READ, remark="or who sees an assignment to it")):
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
        if not info.context.viewer.has_scope(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(ExperimentById).load_many(ids)]


ExperimentConnection = Connection[Experiment]


@strawberry.type(description="The variant that a subject got, for as long as the experiment runs.")
class ExperimentAssignment(RowType[models.ExperimentAssignment]):
    id: strawberry.ID = strawberry.field(description="The assignment's id, `asg_…`.")
    variant: str = strawberry.field(description="The variant's key.")
    assigned_at: dt.datetime = strawberry.field(description="When the subject got it.")
    experiment_id: strawberry.Private[str]

    @strawberry.field(description="What it is a variant of.")
    def experiment(self, info: Info) -> Experiment:
        def shown(row: models.Experiment | None) -> Experiment:
            assert row is not None  # noqa: S101 (experiments are never deleted)
            return Experiment.from_row(row)

        return info.context.loader(ExperimentById).then(self.experiment_id, shown)


ExperimentAssignmentConnection = Connection[ExperimentAssignment]


@strawberry.type(description="How often people dealt with a design, since it was made.")
class DesignStats:
    views: int = strawberry.field(description="`design_viewed` events, one per client event id.")
    shares: int = strawberry.field(description="Links that the owner made to show it.")
    orders: int = strawberry.field(
        description="Orders that contain it, whatever the quantity; cancelled ones stay counted."
    )


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(
        description="Its counts, for its owner and staff with `analytics:read`.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=READ),
    )
    def stats(self, info: Info) -> DesignStats | None:
        viewer = info.context.viewer

        def visible(fact: models.DesignFact | None) -> DesignStats:
            require_owner(viewer, fact.owner_id if fact is not None else None, READ)
            if fact is None:
                return DesignStats(views=0, shares=0, orders=0)
            return DesignStats(views=fact.views, shares=fact.shares, orders=fact.orders)

        return info.context.loader(FactByDesign).then(self.id, visible)


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The variants of experiments that the user got, newest first; for the user and staff with "
        "`analytics:read`.",
        extensions=owner_or(READ, "id"),
    )
    @paged
    def experiments(self, info: Info, page: Page) -> ExperimentAssignmentConnection | None:
        counter = info.context.loader(AssignmentCountBySubject)
        return info.context.loader(AssignmentsBySubject).connection(
            self.id, page, ExperimentAssignment.from_row, counter
        )


@strawberry.type(description="Which events an export is of, as its `filter` said; what is null lets all pass.")
class ExportSelection:
    name: str | None = strawberry.field(description="Only events of this name.")
    subject: str | None = strawberry.field(
        description="Only events of this subject; once a user has deleted their account, the name that stands for them."
    )
    design_id: strawberry.ID | None = strawberry.field(description="Only events about this design.")
    source: EventSource | None = strawberry.field(description="Only events of this source.")
    since: dt.datetime | None = strawberry.field(description="Only events at this moment or later.")
    until: dt.datetime | None = strawberry.field(description="Only events before this moment.")


@federation.type(
    keys=["id"],
    description="A file of the events that had been received when it was asked for, in the order in which they "
    "happened.",
)
class Export(RowType[models.Export], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The export's id, `xpt_…`.")
    format: ExportFormat = strawberry.field(description="How the file is written.")
    state: ExportState = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Counts changes.")
    rows: int = strawberry.field(description="How many events are written.")
    bytes: float = strawberry.field(
        description="How long the file is by now; a whole number that may be larger than an Int."
    )
    created_at: dt.datetime = strawberry.field(description="When it was asked for.")
    finished_at: dt.datetime | None = strawberry.field(description="When it was done or had failed; null before.")
    expires_at: dt.datetime = strawberry.field(description="When the file is deleted, finished or not.")
    total: strawberry.Private[int | None]
    created_by: strawberry.Private[str | None]
    name: strawberry.Private[str | None]
    subject: strawberry.Private[str | None]
    design_id: strawberry.Private[str | None]
    source: strawberry.Private[EventSource | None]
    since: strawberry.Private[dt.datetime | None]
    until: strawberry.Private[dt.datetime | None]

    @strawberry.field(description="Which events it is of.")
    def events(self) -> ExportSelection:
        return ExportSelection(
            name=self.name,
            subject=self.subject,
            design_id=None if self.design_id is None else strawberry.ID(self.design_id),
            source=self.source,
            since=self.since,
            until=self.until,
        )

    @strawberry.field(name="createdBy", description="Who asked for it; null once they have deleted their account.")
    def creator(self) -> User | None:
        return User.of(self.created_by)

    @strawberry.field(description="How much of it is written, 0 to 1.")
    def progress(self) -> float:
        if self.state is ExportState.DONE:
            return 1.0
        return min(1.0, self.rows / self.total) if self.total else 0.0

    @strawberry.field(
        description="A link that opens the file for 15 minutes to whoever holds it, in the caller's name; null unless "
        "the state is DONE. Callers with `analytics:read` may also send their access token to `/exports/{id}`."
    )
    def download_url(self, info: Info) -> str | None:
        if self.state is not ExportState.DONE:
            return None
        return info.context.resource(Downloads).url_of(self.id, info.context.user_id)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Export | None]":
        if not info.context.viewer.has_scope(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(ExportById).load_many(ids)]


ExportConnection = Connection[Export]
