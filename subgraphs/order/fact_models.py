"""What is stored of reports about orders: facts, and whose e-mail addresses are known."""

import datetime as dt
from typing import NotRequired, TypedDict

from sqlalchemy import Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from subgraphs.order.enums import FactKind
from subgraphs.order.models import Base


class FactLine(TypedDict):
    """A line of an order's content, as `FactData` has it; the title of a customised one is sealed in the contact."""

    title: str
    quantity: int
    unit_price_minor: int
    design_id: str | None
    kind: NotRequired[str]


class FactData(TypedDict, total=False):
    """What a fact says beside its columns. Each kind (`FactKind`) has the fields that it needs."""

    payment: str
    provider: str
    state: str
    fulfillment_id: str | None
    place: int
    places: int
    withdrawn: bool
    amount_minor: int
    received_minor: int
    currency: str | None
    reason: str | None
    at: str
    dispute_id: str
    outcome: str
    refund_id: str
    own_refund_id: str
    parcel_id: str
    status: str
    pieces: int
    carrier: str
    tracking_number: str
    tracking_url: str | None
    placed_at: str
    updated_at: str
    number: str | None
    test: bool
    locale: str
    lines: list[FactLine]
    discount_minor: int
    shipping_minor: int
    tax_minor: int


class OrderFact(Base):
    """One thing that the outside world told of an order, once, however often it was told.

    Its id is a digest of what it says. The state of an order follows from the set of its facts, not from the order in
    which they came (`service/facts_fold.py`).
    """

    __tablename__ = "order_fact"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[FactKind]
    # How it names the order; null where it only names a payment.
    order_name: Mapped[str | None] = mapped_column(index=True)
    payments: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # Null while there is no such order yet.
    order_id: Mapped[str | None] = mapped_column(index=True)
    # The shop that told it, where it is one of several.
    shop: Mapped[str | None]
    occurred_at: Mapped[dt.datetime]
    # When it was told last: tells apart what has the same time.
    sent_at: Mapped[dt.datetime | None]
    # When it was told first: what came before its shop had all customers forgotten. Null for facts of earlier versions.
    first_sent_at: Mapped[dt.datetime | None]
    data: Mapped[FactData] = mapped_column(JSONB)
    # The sealed contact of an order's content, until it is opened or outdated.
    contact: Mapped[str | None]
    email_digest: Mapped[str | None] = mapped_column(index=True)
    deliveries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Whether its order was brought to where it puts it, and those who told it were answered.
    settled: Mapped[bool] = mapped_column(server_default="false")
    heard_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(None, "payments", postgresql_using="gin"),
        Index("order_fact_contact_of_shop", "shop", "id", postgresql_where=text("contact IS NOT NULL")),
    )


class RedactedShop(Base):
    """A shop that had all of its customers forgotten, until a time (`service/redacted_shops.py`)."""

    __tablename__ = "redacted_shop"

    shop: Mapped[str] = mapped_column(primary_key=True)
    # By the shop's own time. One that was installed again since tells what is later.
    redacted_at: Mapped[dt.datetime]


class KnownEmail(Base):
    """Whose a verified e-mail address is, by its digest; nobody's once the account is erased."""

    __tablename__ = "known_email"

    email_digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(index=True)
    forgotten_at: Mapped[dt.datetime | None]
