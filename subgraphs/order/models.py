"""What is stored of orders: lines, timeline, shipments and scans, notes, money, tasks, and who was mailed.

What was reported of them is in `fact_models.py`.
"""

import datetime as dt
from typing import Annotated, TypeAlias

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import database, idempotency
from shared.database.text_search import words_of
from shared.events import outbox
from shared.graph.money import CurrencyCode
from shared.live import entity_changes
from subgraphs.order.enums import (
    ActorKind,
    LedgerEntryKind,
    LedgerEntryState,
    LedgerProvider,
    NoteVisibility,
    OrderLineKind,
    OrderSource,
    OrderStatus,
    OrderTaskKind,
    ShipmentStatus,
    SubjectKind,
    SuppressionCause,
)

# The columns of orders whose words are searched.
SEARCHED = ("number", "shop_number", "contact_email", "recipient")
# An amount in minor units.
Minor: TypeAlias = Annotated[int, mapped_column(BigInteger)]
# Lower serials are for orders that are brought in with their number, such as demo data.
FIRST_SERIAL = 500_001
CURRENT_XID = "pg_current_xact_id()::text::bigint"


class Base(database.Base):
    __abstract__ = True
    metadata = outbox.subgraph_metadata()


idempotency.add_table(Base.metadata)
entity_changes.add_tables(Base.metadata)


class AddressColumns:
    """Where an order or a cart is sent; null where it is not known (yet)."""

    recipient: Mapped[str | None]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country_code: Mapped[str | None]
    phone: Mapped[str | None]


class Order(AddressColumns, Base):
    __tablename__ = "order_meta"

    id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(start=FIRST_SERIAL), unique=True)
    number: Mapped[str] = mapped_column(Computed("'AP-' || serial::text", persisted=True), unique=True)
    customer_id: Mapped[str | None]
    contact_email: Mapped[str | None]
    status: Mapped[OrderStatus]
    # Counts changes of status, refunds, and parcels that leave besides: the version of the newest timeline row.
    version: Mapped[int]
    # Where an order on hold goes on from.
    held_from: Mapped[OrderStatus | None]
    currency: Mapped[CurrencyCode]
    subtotal_minor: Mapped[Minor]
    discount_minor: Mapped[Minor]
    shipping_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    # The part of the prices that is tax, beside `tax_minor`, which is added to them.
    included_tax_minor: Mapped[Minor] = mapped_column(server_default="0")
    total_minor: Mapped[Minor]
    # The part of `total_minor` that went back, by `service/ledger.py`.
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")
    # All that came in and all that went back, by the ledger. Null where nothing was entered into it yet.
    received_minor: Mapped[Minor | None]
    returned_minor: Mapped[Minor | None]
    # What staff recorded as paid, which no provider reports, or was paid before there was a ledger.
    recorded_minor: Mapped[Minor | None]
    # What the facts showed when they were reconciled last (`service/reported_status.py`).
    reported: Mapped[str | None]
    # What was decided last, by a user or by a job, where an order on hold goes on from, and what `reported` was then.
    # Null where all that moved the order was reported, and for orders of earlier versions until they are reconciled.
    decided_status: Mapped[OrderStatus | None]
    decided_held_from: Mapped[OrderStatus | None]
    decided_reported: Mapped[str | None]
    # When staff cancelled what had not left yet.
    rest_cancelled_at: Mapped[dt.datetime | None]
    source: Mapped[OrderSource]
    external_id: Mapped[str | None]
    # The cart that it was; carts are deleted after some time.
    cart_id: Mapped[str | None] = mapped_column(unique=True)
    # The shop that told of it first: no other may tell of it.
    shop: Mapped[str | None]
    # Its number there, such as `#1234`: two shops may have the same one.
    shop_number: Mapped[str | None]
    # Whether it was placed to try the shop, so that nothing is made or sent.
    test: Mapped[bool] = mapped_column(server_default=false())
    # The newest content that another shop told of it (an `order_fact`).
    content_id: Mapped[str | None]
    # The dispute that it is on hold for, where nobody else stopped it.
    held_for: Mapped[str | None]
    # A digest of the contact e-mail (`shared.security.pseudonyms`), by which guests' orders find their customer.
    contact_digest: Mapped[str | None] = mapped_column(index=True)
    # When its shop named another contact address last: tracking tokens from before it end.
    contact_corrected_at: Mapped[dt.datetime | None]
    # When its customer was forgotten: what other shops tell of the person after that is not kept.
    erased_at: Mapped[dt.datetime | None]
    # Designs that its lines name and that are not made for it, as the builder has found.
    refused_designs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # The language tag that its customer read the shop in, where that is known.
    locale: Mapped[str | None]
    # When its prices were those of the shop, where that was before it was placed: it was ordered again.
    priced_at: Mapped[dt.datetime | None]
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
        CheckConstraint("(status = 'ON_HOLD') = (held_from IS NOT NULL)", name="hold"),
        Index(None, "customer_id", "placed_at", "id"),
        Index(None, "status", "placed_at", "id"),
        Index(None, "placed_at", "id"),
        Index(None, "changed_at", "id"),
        Index(None, "total_minor", "id"),
        Index(None, "shop", "id", postgresql_where=text("shop IS NOT NULL")),
        Index("order_meta_words", words_of(*SEARCHED), postgresql_using="gin"),
        Index("order_meta_shop_number", func.upper(func.ltrim(text("shop_number"), "#"))),
        UniqueConstraint("source", "external_id"),
    )


class OrderLine(Base):
    __tablename__ = "order_line"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    position: Mapped[int]
    design_id: Mapped[str | None] = mapped_column(index=True)
    # Whether the builder refused the design, so that it is neither shown nor made.
    design_refused: Mapped[bool] = mapped_column(server_default="false")
    # What it is of otherwise: a preset off the shelf, and the kind of the product where that is known.
    preset_id: Mapped[str | None]
    product: Mapped[str | None]
    # The version of the design or preset whose price was quoted.
    quoted_version: Mapped[int | None]
    kind: Mapped[OrderLineKind] = mapped_column(server_default=OrderLineKind.GOODS.value)
    title: Mapped[str]
    quantity: Mapped[int]
    currency: Mapped[CurrencyCode]
    unit_price_minor: Mapped[Minor]
    total_minor: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("quantity > 0 AND unit_price_minor >= 0", name="not_negative"),
        CheckConstraint("total_minor = quantity * unit_price_minor", name="adds_up"),
        UniqueConstraint("order_id", "position"),
        Index(None, "product", "order_id", postgresql_where=text("product IS NOT NULL")),
        # The former index of titles, for code of the version before.
        Index("order_line_words", text("to_tsvector('simple'::regconfig, title)"), postgresql_using="gin"),
        Index("order_line_title_words", words_of("title"), postgresql_using="gin"),
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
    # When this row was written: `at` is when it happened, by the clock of who reported it. Null for those of before it
    # was kept.
    recorded_at: Mapped[dt.datetime | None] = mapped_column(insert_default=func.clock_timestamp())
    # The webhook delivery that caused it. No foreign key: subgraphs share no tables.
    delivery_id: Mapped[str | None]
    # The parcel that left, where that changed no status. No foreign key: entries stay when parcels go.
    shipment_id: Mapped[str | None]
    # The transaction that wrote it, or the one of the order's change before where that is later, and its place among
    # all changes that share it: by these the feed of all changes goes (`service/order_feed.py`).
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text(CURRENT_XID))
    seq: Mapped[int] = mapped_column(BigInteger, Identity())

    __table_args__ = (
        UniqueConstraint("order_id", "version"),
        Index(None, "actor_id"),
        Index(None, "xid", "seq"),
        Index(None, "delivery_id"),
    )


class Shipment(Base):
    __tablename__ = "shipment_tracking"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    tracking_url: Mapped[str | None]
    status: Mapped[ShipmentStatus]
    estimated_delivery: Mapped[dt.date | None]
    # Whether with it all of the order has left, once it and all others are handed over.
    completes: Mapped[bool] = mapped_column(server_default=true())
    # Whether it is sent in addition to what had completed the order, such as for a lost parcel.
    again: Mapped[bool] = mapped_column(server_default=false())
    # Whether another was sent or is made instead.
    superseded: Mapped[bool] = mapped_column(server_default=false())
    # Whether its shop withdrew it: it did not leave. It is shown nowhere, and kept since it may be reported again.
    withdrawn: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    # Other shops pack several orders into one parcel, or give no number.
    __table_args__ = (
        Index(
            "shipment_tracking_own_number",
            "carrier",
            "tracking_number",
            unique=True,
            postgresql_where=text("external_id IS NULL"),
        ),
        Index(None, "carrier", "order_id"),
        Index("shipment_tracking_words", words_of("tracking_number"), postgresql_using="gin"),
        Index("shipment_tracking_number", func.upper(text("tracking_number"))),
    )


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
    # What it notes, where a machine wrote it: of one thing there is one note.
    about: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (UniqueConstraint("order_id", "about"),)


class OrderRefund(Base):
    __tablename__ = "order_refund"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    reason: Mapped[str | None]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[str | None] = mapped_column(index=True)
    # The refund or payment that another system told of; null for what was decided here.
    external_id: Mapped[str | None]
    state: Mapped[LedgerEntryState] = mapped_column(server_default=LedgerEntryState.SUCCEEDED.name)
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive"), UniqueConstraint("order_id", "external_id"))


class LedgerEntry(Base):
    """Money of an order, each thing once by the provider's id; made anew by `service/bookkeeping.py`."""

    __tablename__ = "ledger_entry"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    kind: Mapped[LedgerEntryKind]
    provider: Mapped[LedgerProvider]
    provider_id: Mapped[str]
    state: Mapped[LedgerEntryState]
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    occurred_at: Mapped[dt.datetime]

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        UniqueConstraint("order_id", "kind", "provider", "provider_id"),
    )


class OrderTask(Base):
    """Something that staff have to do about an order. Of one thing (`about`) there is one task, open or done."""

    __tablename__ = "order_task"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    kind: Mapped[OrderTaskKind]
    about: Mapped[str]
    currency: Mapped[CurrencyCode | None]
    amount_minor: Mapped[Minor | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[ActorKind | None]
    actor_id: Mapped[str | None] = mapped_column(index=True)
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("order_id", "kind", "about"),
        Index(None, "created_at", "id"),
        Index(None, "kind", "created_at", "id"),
        Index("order_task_open", "created_at", "id", postgresql_where=text("done_at IS NULL")),
    )


class WithdrawnItem(Base):
    """A product, preset or design that can no longer be ordered (`service/availability.py`)."""

    __tablename__ = "withdrawn_item"

    kind: Mapped[SubjectKind] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)


class CustomerPreference(Base):
    """What a customer wants; who has no row wants what everybody is asked to want, which is mails."""

    __tablename__ = "customer_preference"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    order_emails: Mapped[bool]
    # The language tag that they chose; null where they never did.
    locale: Mapped[str | None]


class OrderMail(Base):
    __tablename__ = "order_mail"

    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class MailSuppression(Base):
    """Why an address, known by its digest alone, gets no mails about orders (`service/suppression.py`)."""

    __tablename__ = "mail_suppression"

    email_digest: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[SuppressionCause] = mapped_column(primary_key=True)
    reports: Mapped[int]
    since: Mapped[dt.datetime]
    # Null for what lasts until it is taken back.
    until: Mapped[dt.datetime | None] = mapped_column(index=True)
