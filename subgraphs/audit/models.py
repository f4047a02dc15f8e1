"""What is stored of audit: the chained log, its head, and purges of cached answers."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database
from shared.database.text_search import words_of
from shared.events import outbox
from subgraphs.audit.enums import AuditActorKind

SEARCHED = ("action", "subject_type", "subject_id", "actor_id", "request_id")


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


class AuditLog(Base):
    """Append-only: the subgraph's role may read and insert, and nothing else."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    at: Mapped[dt.datetime]
    actor_kind: Mapped[AuditActorKind]
    actor_id: Mapped[str | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    changed: Mapped[list[object]]
    request_id: Mapped[str | None]
    trace_id: Mapped[str | None]
    prev_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        Index(None, "subject_id", "sequence"),
        Index(None, "actor_id", "sequence"),
        Index(None, "action", "sequence"),
        Index(None, "at"),
        Index("audit_log_words", words_of(*SEARCHED), postgresql_using="gin"),
    )


class AuditHead(Base):
    """The last entry's place and hash: the lock that puts writers in line, and the proof that no last entry is gone."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class CacheInvalidation(Base):
    """An entity whose cached answers were purged, or are about to be, and the event that made it so."""

    __tablename__ = "cache_invalidation"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[str]
    heard_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    purged_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index(None, "event_id", "entity_id", unique=True),
        Index(None, "entity_id", "purged_at"),
        Index("cache_invalidation_waiting", "id", postgresql_where=text("purged_at IS NULL")),
    )
