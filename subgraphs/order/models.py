"""What is stored of orders: lines, timeline, shipments and their scans, notes, refunds, and who was mailed."""

import datetime as dt
from typing import Annotated, TypeAlias

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared import database, idempotency, outbox
from shared.money import CurrencyCode
from subgraphs.order.enums import ActorKind, NoteVisibility, OrderSource, OrderStatus, ShipmentStatus

# An amount in cents or pence.
Minor: TypeAlias = Annotated[int, mapped_column(BigInteger)]
# Lower serials are for orders that are brought in with their number, such as demo data.
FIRST_SERIAL = 500_001
CURRENT_XID = "pg_current_xact_id()::text::bigint"


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.room_metadata()


idempotency.add_table(Base.metadata)


class Order(Base):
    __tablename__ = "order_meta"

    id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(start=FIRST_SERIAL), unique=True)
    number: Mapped[str] = mapped_column(Computed("'AP-' || serial::text", persisted=True), unique=True)
    customer_id: Mapped[str | None]
    contact_email: Mapped[str | None]
    status: Mapped[OrderStatus]
    # Counts status changes: always the version of the newest timeline row.
    version: Mapped[int]
    # Where an order on hold goes on from.
    held_from: Mapped[OrderStatus | None]
    currency: Mapped[CurrencyCode]
    subtotal_minor: Mapped[Minor]
    discount_minor: Mapped[Minor]
    shipping_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    total_minor: Mapped[Minor]
    # The sum of its refunds.
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")
    recipient: Mapped[str | None]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country_code: Mapped[str | None]
    phone: Mapped[str | None]
    source: Mapped[OrderSource]
    external_id: Mapped[str | None]
    placed_at: Mapped[dt.datetime]
    paid_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime]

    __table_args__ = (
        CheckConstraint("total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor", name="adds_up"),
        CheckConstraint(
            "subtotal_minor >= 0 AND discount_minor BETWEEN 0 AND subtotal_minor"
            " AND shipping_minor >= 0 AND tax_minor >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "refunded_minor BETWEEN 0 AND total_minor AND (refunded_minor = 0 OR paid_at IS NOT NULL)", name="refunded"
        ),
        CheckConstraint("(status = 'ON_HOLD') = (held_from IS NOT NULL)", name="hold"),
        Index(None, "customer_id", "placed_at", "id"),
        Index(None, "status", "placed_at", "id"),
        Index(None, "placed_at", "id"),
        Index(None, "changed_at", "id"),
        UniqueConstraint("source", "external_id"),
    )


class OrderLine(Base):
    __tablename__ = "order_line"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    position: Mapped[int]
    design_id: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str]
    quantity: Mapped[int]
    currency: Mapped[CurrencyCode]
    unit_price_minor: Mapped[Minor]
    total_minor: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("quantity > 0 AND unit_price_minor >= 0", name="not_negative"),
        CheckConstraint("total_minor = quantity * unit_price_minor", name="adds_up"),
        UniqueConstraint("order_id", "position"),
    )


class OrderTimeline(Base):
    __tablename__ = "order_timeline"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    version: Mapped[int]
    status: Mapped[OrderStatus]
    previous: Mapped[OrderStatus | None]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[str | None]
    reason: Mapped[str | None]
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # The transaction that wrote it, or the one of the order's change before where that is later, and its place among
    # all changes that share it: by these the feed of all changes goes (`service/journal.py`).
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text(CURRENT_XID))
    seq: Mapped[int] = mapped_column(BigInteger, Identity())

    __table_args__ = (UniqueConstraint("order_id", "version"), Index(None, "actor_id"), Index(None, "xid", "seq"))


class Shipment(Base):
    __tablename__ = "shipment_tracking"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    tracking_url: Mapped[str | None]
    status: Mapped[ShipmentStatus]
    estimated_delivery: Mapped[dt.date | None]
    # Whether with it all of the order has left, once it and all others are handed over.
    completes: Mapped[bool] = mapped_column(server_default=true())
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (UniqueConstraint("carrier", "tracking_number"),)


class ShipmentScan(Base):
    __tablename__ = "shipment_scan"

    id: Mapped[str] = mapped_column(primary_key=True)
    shipment_id: Mapped[str] = mapped_column(ForeignKey(Shipment.id, ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    status: Mapped[ShipmentStatus]
    location: Mapped[str | None]
    description: Mapped[str]
    # Who brought it in, not who held the scanner.
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[str | None] = mapped_column(index=True)

    __table_args__ = (Index(None, "shipment_id", "at", "id"), UniqueConstraint("shipment_id", "at", "status"))


class OrderNote(Base):
    __tablename__ = "order_note"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    visibility: Mapped[NoteVisibility]
    text: Mapped[str]
    author_id: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class OrderRefund(Base):
    __tablename__ = "order_refund"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[str | None]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive"),)


class CustomerPreference(Base):
    """What a customer wants; who has no row wants what everybody is asked to want, which is mails."""

    __tablename__ = "customer_preference"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    order_emails: Mapped[bool]


class OrderMail(Base):
    __tablename__ = "order_mail"

    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
