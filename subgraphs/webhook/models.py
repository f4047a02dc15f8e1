"""What is stored of webhooks: every delivery as it came, and each attempt to apply it."""

import datetime as dt
from typing import TypedDict

from sqlalchemy import BigInteger, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database
from shared.events import outbox
from subgraphs.webhook.enums import WebhookSource, WebhookState, WebhookVerdict


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


CURRENT_XID = "pg_current_xact_id()::text::bigint"
# A forged delivery must not take the place of the true one, so only verified ones count as duplicates.
_VERIFIED = text("verdict = 'VERIFIED'")


class ReportedEvent(TypedDict):
    """An event that a delivery has caused."""

    id: str
    type: str
    subject: str


class WebhookLog(Base):
    __tablename__ = "webhook_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[WebhookSource]
    topic: Mapped[str | None]
    shop: Mapped[str | None]
    # The sender's own ids: of this delivery, and (Shopify) of what happened, of which several deliveries may tell the
    # same or, as after one action on many orders, each something else.
    delivery_id: Mapped[str | None]
    event_id: Mapped[str | None]
    occurred_at: Mapped[dt.datetime | None]
    verdict: Mapped[WebhookVerdict]
    state: Mapped[WebhookState]
    attempts: Mapped[int] = mapped_column(default=0)
    # Those made before it was last replayed, which its schedule no longer counts.
    attempts_before: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    # An order of the order subgraph, once known. No foreign key: subgraphs share no tables.
    order_id: Mapped[str | None]
    discarded_by_id: Mapped[str | None]
    received_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # Null for those of before it was kept.
    stored_at: Mapped[dt.datetime | None] = mapped_column(insert_default=func.clock_timestamp())
    processed_at: Mapped[dt.datetime | None]
    # What it told the other subgraphs, event by event: the outbox forgets them sooner.
    told: Mapped[list[ReportedEvent]] = mapped_column(JSONB, server_default="[]")
    # The transaction that changed it last: by it the feed goes (`service/delivery_feed.py`).
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text(CURRENT_XID), onupdate=text(CURRENT_XID))
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes]
    # Tells apart what several deliveries of one event say; once the body is erased, the delivery's own id.
    body_digest: Mapped[str | None]
    # How often it came again.
    repeats: Mapped[int] = mapped_column(server_default="0")
    # Digests of the e-mail addresses in the body (`shared.security.pseudonyms`), by which it is found when a person
    # is forgotten.
    people: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # A digest of the network that sent it, where it was rejected.
    network: Mapped[str | None]
    # The request that brought it, and the trace that the request was part of.
    request_id: Mapped[str | None]
    trace_id: Mapped[str | None]

    __table_args__ = (
        Index(
            "webhook_log_delivery_key",
            "source",
            "shop",
            "topic",
            "delivery_id",
            unique=True,
            postgresql_where=_VERIFIED,
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "webhook_log_event_key",
            "source",
            "shop",
            "topic",
            "event_id",
            "body_digest",
            unique=True,
            postgresql_where=text("verdict = 'VERIFIED' AND event_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "received_at", "id"),
        Index(None, "state", "received_at", "id"),
        Index(None, "order_id", "received_at", "id"),
        Index(None, "xid", "id"),
        Index(None, "people", postgresql_using="gin"),
        Index(None, "delivery_id"),
        Index(None, "event_id"),
    )


class RedactedShop(Base):
    """A shop that had all of its customers forgotten: what it sent until then is not kept (`service/privacy.py`)."""

    __tablename__ = "redacted_shop"

    shop: Mapped[str] = mapped_column(primary_key=True)
    # By the shop's own time. One that was installed again since sends what is later.
    redacted_at: Mapped[dt.datetime]


class WebhookRetry(Base):
    __tablename__ = "webhook_retry"

    delivery_id: Mapped[str] = mapped_column(ForeignKey(WebhookLog.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None]
    next_attempt_at: Mapped[dt.datetime | None]
    # Of the attempt itself, without the time that its job waited.
    duration_ms: Mapped[int | None]
