"""What is stored for analytics: events by month, keys that tell duplicates, experiments, what is counted, exports."""

import datetime as dt
import uuid
from typing import TypedDict

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database, idempotency
from shared.events import outbox
from subgraphs.analytics.enums import EventSource, ExperimentStatus, ExportFormat, ExportState, Granularity, HashVersion


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


idempotency.add_table(Base.metadata)


class AnalyticsEvent(Base):
    """One event. Partitioned by month; `ensure_partitions` of the database makes the partitions."""

    __tablename__ = "analytics_event"

    id: Mapped[str]
    source: Mapped[EventSource]
    name: Mapped[str]
    subject: Mapped[str | None]
    design_id: Mapped[str | None]
    client_event_id: Mapped[str | None]
    occurred_at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    properties: Mapped[dict[str, object]]
    batch: Mapped[int] = mapped_column(BigInteger, server_default="0", index=True)

    __table_args__ = (
        PrimaryKeyConstraint("occurred_at", "id"),
        Index(None, "name", "occurred_at", "id"),
        Index(None, "subject", "occurred_at", "id"),
        {"postgresql_partition_by": "RANGE (occurred_at)"},
    )


class EventBatch(Base):
    """Events that were stored together and are not aggregated yet: they carry the batch's id."""

    __tablename__ = "event_batch"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    events: Mapped[int]


class EventKey(Base):
    """The digest of an event's own id, once.

    A unique key of a partitioned table must hold the partition column, so it would let an id pass again with
    another time. Unique here, an id is unique whatever time it comes with.
    """

    __tablename__ = "event_key"

    key: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    received_at: Mapped[dt.datetime] = mapped_column(server_default=func.now(), index=True)


class ForgottenSubject(Base):
    """The digest of a user who was erased, so that late events do not bring them back."""

    __tablename__ = "forgotten_subject"

    digest: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    forgotten_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class VisitorLink(Base):
    """The user whom a visitor turned out to be. The first user who says so has the visitor; nobody else ever does.

    `applied` tells whether the aggregation counts the two as one person yet.
    """

    __tablename__ = "visitor_link"

    visitor: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    linked_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    applied: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        Index(None, "user_id", "linked_at", "visitor"),
        Index("visitor_link_waiting", "linked_at", postgresql_where=text("NOT applied")),
    )


class SubjectRecount(Base):
    """A subject whose events were changed after they were stored: what is counted of it from `since` on is outdated."""

    __tablename__ = "subject_recount"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str]
    since: Mapped[dt.date]


class EventRetention(Base):
    """One row, once events have been dropped: those from `kept_since` on are all kept, and earlier ones are not."""

    __tablename__ = "event_retention"

    id: Mapped[int] = mapped_column(primary_key=True, server_default="1")
    kept_since: Mapped[dt.date]


class DesignFact(Base):
    """What became known of a design. The owner is unknown until `design.created` was heard."""

    __tablename__ = "design_fact"

    design_id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str | None] = mapped_column(index=True)
    product: Mapped[str | None]
    created_at: Mapped[dt.datetime | None]
    views: Mapped[int] = mapped_column(BigInteger, server_default="0")
    shares: Mapped[int] = mapped_column(BigInteger, server_default="0")
    orders: Mapped[int] = mapped_column(BigInteger, server_default="0")


class VariantData(TypedDict):
    """A variant as an experiment stores it."""

    key: str
    weight: float


class RuleData(TypedDict):
    """A condition of an experiment's targeting."""

    attribute: str
    any_of: list[str]


class Experiment(Base):
    __tablename__ = "experiment"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    hypothesis: Mapped[str]
    status: Mapped[ExperimentStatus]
    seed: Mapped[str]
    hash_version: Mapped[HashVersion]
    coverage: Mapped[float]
    # In order.
    variants: Mapped[list[VariantData]] = mapped_column(JSONB)
    # All must hold.
    targeting: Mapped[list[RuleData]] = mapped_column(JSONB)
    namespace: Mapped[str | None]
    namespace_start: Mapped[float | None]
    namespace_end: Mapped[float | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]

    __table_args__ = (Index(None, "created_at", "id"),)


class ExperimentAssignment(Base):
    __tablename__ = "experiment_assignment"

    id: Mapped[str] = mapped_column(primary_key=True)
    experiment_id: Mapped[str] = mapped_column(ForeignKey(Experiment.id))
    subject: Mapped[str]
    variant: Mapped[str]
    assigned_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # What the aggregation knows: whether `experiment_total` holds it, for which person if not for its subject, and
    # which goals, as bits, were reached in the time after it (by window) and in the 30 days before it.
    counted: Mapped[bool] = mapped_column(server_default="false")
    person: Mapped[str | None]
    converted: Mapped[int] = mapped_column(server_default="0")
    before: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (UniqueConstraint("experiment_id", "subject"), Index(None, "subject", "assigned_at", "id"))


class AggregatedMetrics(Base):
    """Events of a name in an hour or a day of UTC, by what else is known of them; "" where it is not."""

    __tablename__ = "aggregated_metrics"

    name: Mapped[str] = mapped_column(primary_key=True)
    granularity: Mapped[Granularity] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    source: Mapped[EventSource] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    events: Mapped[int] = mapped_column(BigInteger)
    # Of orders that were placed, and of corrections of what they are worth; 0 otherwise.
    total_minor: Mapped[int] = mapped_column(BigInteger)


class SubjectWeeks(Base):
    """The Mondays of the weeks in which a person did anything, in order."""

    __tablename__ = "subject_weeks"

    subject: Mapped[str] = mapped_column(primary_key=True)
    weeks: Mapped[list[dt.date]] = mapped_column(ARRAY(Date))


class CohortTotal(Base):
    """How many persons whose first week was `cohort` did anything in `week`."""

    __tablename__ = "cohort_total"

    cohort: Mapped[dt.date] = mapped_column(primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    subjects: Mapped[int] = mapped_column(BigInteger)


class FunnelEntry(Base):
    """A day of UTC on which a person did the funnel's first step, and how many steps followed within each window.

    `previous_day` is the person's entry before; the year 1 says that there is none. So the first entry in a period is
    known without looking at the others.
    """

    __tablename__ = "funnel_entry"

    subject: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    previous_day: Mapped[dt.date]
    depth_hour: Mapped[int]
    depth_day: Mapped[int]
    depth_week: Mapped[int]
    depth_month: Mapped[int]


class FunnelTotal(Base):
    """How many entries of a segment are alike."""

    __tablename__ = "funnel_total"

    segment: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    previous_day: Mapped[dt.date] = mapped_column(primary_key=True)
    depth_hour: Mapped[int] = mapped_column(primary_key=True)
    depth_day: Mapped[int] = mapped_column(primary_key=True)
    depth_week: Mapped[int] = mapped_column(primary_key=True)
    depth_month: Mapped[int] = mapped_column(primary_key=True)
    subjects: Mapped[int] = mapped_column(BigInteger)


class ExperimentTotal(Base):
    """How many persons of a variant are alike in the goals that they reached."""

    __tablename__ = "experiment_total"

    experiment_id: Mapped[str] = mapped_column(primary_key=True)
    variant: Mapped[str] = mapped_column(primary_key=True)
    converted: Mapped[int] = mapped_column(primary_key=True)
    before: Mapped[int] = mapped_column(primary_key=True)
    subjects: Mapped[int] = mapped_column(BigInteger)


class Export(Base):
    """A file of events that somebody asked for: of those in batches up to `last_batch`, once `xid` is settled.

    The columns from `name` to `until` are conditions on events, as in `EventFilter`. `last_occurred_at` and `last_id`
    name the last event in the finished parts.
    """

    __tablename__ = "export"

    id: Mapped[str] = mapped_column(primary_key=True)
    created_by: Mapped[str | None] = mapped_column(index=True)
    format: Mapped[ExportFormat]
    state: Mapped[ExportState]
    version: Mapped[int] = mapped_column(server_default="1")
    name: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(index=True)
    design_id: Mapped[str | None]
    source: Mapped[EventSource | None]
    since: Mapped[dt.datetime | None]
    until: Mapped[dt.datetime | None]
    last_batch: Mapped[int] = mapped_column(BigInteger)
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    total: Mapped[int | None] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    parts: Mapped[int] = mapped_column(server_default="0")
    last_occurred_at: Mapped[dt.datetime | None]
    last_id: Mapped[str | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]

    __table_args__ = (Index(None, "created_at", "id"),)


class ExportPart(Base):
    """A part of an export's file: its bytes from `start` on. A Parquet part has its metadata as its `footer`."""

    __tablename__ = "export_part"

    export_id: Mapped[str] = mapped_column(ForeignKey(Export.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes]
    footer: Mapped[bytes | None]
