"""What is shown of analytics, and what it adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import federation
from strawberry.scalars import JSON

from shared.graph.access import owner_or, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import Connection, Page, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.analytics import models
from subgraphs.analytics.enums import EventSource, ExperimentStatus, ExportFormat, ExportState, HashVersion
from subgraphs.analytics.loaders import (
    AssignmentCountBySubject,
    AssignmentsBySubject,
    ExperimentById,
    ExportById,
    FactByDesign,
    VisitorCountByUser,
    VisitorsByUser,
)
from subgraphs.analytics.service.exports.downloads import Downloads

READ = "analytics:read"
WRITE = "analytics:write"


@strawberry.type(description="An event reported by a client or a subgraph. Requires the scope `analytics:read`.")
class AnalyticsEvent(RowType[models.AnalyticsEvent]):
    id: strawberry.ID = strawberry.field(description="The event's id, `evt_…`.")
    source: EventSource = strawberry.field(description="Whether a client or a subgraph reported the event.")
    name: str = strawberry.field(
        description="The name of the event, such as `design_viewed` or `order.created`. `order.attributed` is an order "
        "once more, for the visitor who placed it; `order.value_edited` and `order.value_refunded` correct what an "
        "order is worth, at the time when it was placed."
    )
    subject: str | None = strawberry.field(
        description="The user or visitor who caused it: a user's id, a visitor's id, or an id `gone_…` that stands "
        "for a deleted user. Null if unknown. An event of a visitor who turned out to be a user keeps the visitor's id."
    )
    design_id: strawberry.ID | None = strawberry.field(
        description="The design the event is about; null if there is none."
    )
    client_event_id: str | None = strawberry.field(
        description="The id the client gave the event; null for an event of a subgraph and after the user has "
        "deleted their account."
    )
    occurred_at: dt.datetime = strawberry.field(description="When the event happened.")
    received_at: dt.datetime = strawberry.field(description="When the event was stored.")
    properties: JSON = strawberry.field(
        description='Additional properties as a flat object, such as `{"product": "COLLAR"}`.'
    )


AnalyticsEventConnection = Connection[AnalyticsEvent]


@strawberry.type(description="A variant of an experiment.")
class Variant:
    key: str = strawberry.field(description="The key of the variant.")
    weight: float = strawberry.field(description="The variant's share of the included subjects, 0 to 1.")


@strawberry.type(description="The share of a namespace that an experiment is limited to.")
class ExperimentNamespace:
    name: str = strawberry.field(description="The name of the namespace.")
    start: float = strawberry.field(description="The start of the share, 0 to 1, inclusive.")
    end: float = strawberry.field(description="The end of the share, 0 to 1, exclusive.")


@strawberry.type(description="A condition on a subject's attributes.")
class TargetingRule:
    attribute: str = strawberry.field(description="The name of the attribute.")
    any_of: list[str] = strawberry.field(description="The values that match.")


@federation.type(
    keys=["id"],
    tags=["id/exp"],
    description="An experiment that compares variants. Fields other than `id`, `key`, `name` and `status` "
    "require the scope `analytics:read`.",
)
class Experiment(RowType[models.Experiment], access=rule(scope=READ, remark="or who sees an assignment to it")):
    id: strawberry.ID = strawberry.field(description="The experiment's id, `exp_…`.")
    key: str = strawberry.field(description="The key that apps use to request a variant, such as `checkout_button`.")
    name: str = strawberry.field(description="The name of the experiment for people.")
    status: ExperimentStatus = strawberry.field(description="The status of the experiment.")
    hypothesis: str | None = strawberry.field(
        description="What the experiment is expected to show. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    coverage: float | None = strawberry.field(
        description="The share of subjects included, 0 to 1. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    seed: str | None = strawberry.field(
        description="The text that is hashed together with the subject. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    hash_version: HashVersion | None = strawberry.field(
        description="The version of the hash. Null without the scope `analytics:read`.", extensions=scoped(READ)
    )
    version: int | None = strawberry.field(
        description="Increases by 1 with each change; send it with `experimentStart` and `experimentStop`. Null "
        "without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    created_at: dt.datetime | None = strawberry.field(
        description="When the experiment was created. Null without the scope `analytics:read`.", extensions=scoped(READ)
    )
    started_at: dt.datetime | None = strawberry.field(
        description="When the experiment was started. Null before that and without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    stopped_at: dt.datetime | None = strawberry.field(
        description="When the experiment was stopped. Null before that and without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    variants: strawberry.Private[list[Any]]
    targeting: strawberry.Private[list[Any]]
    namespace: strawberry.Private[str | None]
    namespace_start: strawberry.Private[float | None]
    namespace_end: strawberry.Private[float | None]

    @strawberry.field(
        name="variants",
        description="The variants it compares, the control first. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    def shown_variants(self) -> list[Variant] | None:
        return [Variant(**variant) for variant in self.variants]

    @strawberry.field(
        name="targeting",
        description="The conditions a subject must meet, all of them. Null without the scope `analytics:read`.",
        extensions=scoped(READ),
    )
    def shown_targeting(self) -> list[TargetingRule] | None:
        return [TargetingRule(**rule) for rule in self.targeting]

    @strawberry.field(
        name="namespace",
        description="The share of a namespace that the experiment is limited to. Null if it is not limited and "
        "without the scope `analytics:read`.",
        extensions=scoped(READ),
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


@strawberry.type(
    description="The variant that a subject was assigned in an experiment. The subject keeps it while the "
    "experiment runs."
)
class ExperimentAssignment(RowType[models.ExperimentAssignment]):
    id: strawberry.ID = strawberry.field(description="The assignment's id, `asg_…`.")
    variant: str = strawberry.field(description="The key of the variant.")
    assigned_at: dt.datetime = strawberry.field(description="The time of the assignment.")
    experiment_id: strawberry.Private[str]

    @strawberry.field(description="The experiment.")
    def experiment(self, info: Info) -> Experiment:
        def shown(row: models.Experiment | None) -> Experiment:
            assert row is not None  # noqa: S101 (experiments are never deleted)
            return Experiment.from_row(row)

        return info.context.loader(ExperimentById).then(self.experiment_id, shown)


ExperimentAssignmentConnection = Connection[ExperimentAssignment]


@strawberry.type(description="How often a design was viewed, shared and ordered since it was created.")
class DesignStats:
    views: int = strawberry.field(
        description="The number of `design_viewed` events; events with the same client event id count once."
    )
    shares: int = strawberry.field(
        description="The number of links created to share the design, including expired and revoked ones."
    )
    orders: int = strawberry.field(
        description="The number of orders that contain the design, whatever the quantity, including cancelled orders."
    )


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(
        description="How often the design was viewed, shared and ordered. Null unless the viewer owns the design "
        "or has the scope `analytics:read`; null also for a moment after the design is made.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=READ),
    )
    def stats(self, info: Info) -> DesignStats | None:
        viewer = info.context.viewer

        def visible(fact: models.DesignFact | None) -> DesignStats | None:
            # No error: until the event arrives its owner is as unknown as any stranger, and others learn nothing.
            if not viewer.can_access(fact.owner_id if fact is not None else None, READ):
                return None
            if fact is None:
                return DesignStats(views=0, shares=0, orders=0)
            return DesignStats(views=fact.views, shares=fact.shares, orders=fact.orders)

        return info.context.loader(FactByDesign).then(self.id, visible)


@strawberry.type(description="An anonymous visitor that a user was before logging in.")
class LinkedVisitor(RowType[models.VisitorLink]):
    visitor: str = strawberry.field(description="The visitor's id, as the client sent it with events.")
    linked_at: dt.datetime = strawberry.field(description="When the user was recognised as this visitor.")


LinkedVisitorConnection = Connection[LinkedVisitor]


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The user's assignments to variants of experiments, newest first. Null unless the viewer is "
        "the user or has the scope `analytics:read`.",
        extensions=owner_or(READ, "id"),
    )
    @paged
    def experiments(self, info: Info, page: Page) -> ExperimentAssignmentConnection | None:
        counter = info.context.loader(AssignmentCountBySubject)
        return info.context.loader(AssignmentsBySubject).connection(
            self.id, page, ExperimentAssignment.from_row, counter
        )

    @strawberry.field(
        description="The anonymous visitors that the user was before logging in, newest first. Null unless the viewer "
        "is the user or has the scope `analytics:read`.",
        extensions=owner_or(READ, "id"),
    )
    @paged
    def visitors(self, info: Info, page: Page) -> LinkedVisitorConnection | None:
        counter = info.context.loader(VisitorCountByUser)
        return info.context.loader(VisitorsByUser).connection(self.id, page, LinkedVisitor.from_row, counter)


@strawberry.type(description="The filter of an export. A null field does not restrict it.")
class ExportSelection:
    name: str | None = strawberry.field(description="Only events with this name, such as `order.created`.")
    subject: str | None = strawberry.field(
        description="Only events of this subject. For a deleted user, the id `gone_…` that stands for them."
    )
    design_id: strawberry.ID | None = strawberry.field(description="Only events about this design.")
    source: EventSource | None = strawberry.field(description="Only events from this source.")
    since: dt.datetime | None = strawberry.field(description="Only events that happened at this time or later.")
    until: dt.datetime | None = strawberry.field(description="Only events that happened before this time.")


@federation.type(
    keys=["id"],
    tags=["id/xpt"],
    description="A file of the events received before the export was requested, in the order in which they happened.",
)
class Export(RowType[models.Export], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The export's id, `xpt_…`.")
    format: ExportFormat = strawberry.field(description="The file format.")
    state: ExportState = strawberry.field(description="The state of the export.")
    version: int = strawberry.field(description="Increases by 1 with each change.")
    rows: int = strawberry.field(description="The number of events written so far.")
    bytes: float = strawberry.field(
        description="The size of the file so far in bytes: a whole number that may exceed the range of Int."
    )
    created_at: dt.datetime = strawberry.field(description="When the export was requested.")
    finished_at: dt.datetime | None = strawberry.field(
        description="When the export was completed or failed; null until then."
    )
    expires_at: dt.datetime = strawberry.field(description="When the file is deleted, whether or not it is complete.")
    total: strawberry.Private[int | None]
    created_by: strawberry.Private[str | None]
    name: strawberry.Private[str | None]
    subject: strawberry.Private[str | None]
    design_id: strawberry.Private[str | None]
    source: strawberry.Private[EventSource | None]
    since: strawberry.Private[dt.datetime | None]
    until: strawberry.Private[dt.datetime | None]

    @strawberry.field(description="The filter that selects its events.")
    def events(self) -> ExportSelection:
        return ExportSelection(
            name=self.name,
            subject=self.subject,
            design_id=None if self.design_id is None else strawberry.ID(self.design_id),
            source=self.source,
            since=self.since,
            until=self.until,
        )

    @strawberry.field(
        name="createdBy", description="The user who requested the export; null if the account was deleted."
    )
    def creator(self) -> User | None:
        return User.of(self.created_by)

    @strawberry.field(description="The share of events written so far, 0 to 1.")
    def progress(self) -> float:
        if self.state is ExportState.DONE:
            return 1.0
        return min(1.0, self.rows / self.total) if self.total else 0.0

    @strawberry.field(
        description="A link to the file that works for 15 minutes without a login and records downloads as the "
        "viewer's; null unless the state is DONE. With the scope `analytics:read`, `GET /exports/{id}` "
        "also accepts an access token."
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
