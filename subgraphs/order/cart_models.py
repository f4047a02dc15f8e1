"""What is stored of carts."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.graph.money import CurrencyCode
from subgraphs.order.models import AddressColumns, Base, Minor, Order


class Cart(AddressColumns, Base):
    """What somebody means to order: a customer, or a guest who has its token."""

    __tablename__ = "cart"

    id: Mapped[str] = mapped_column(primary_key=True)
    # Counts changes.
    version: Mapped[int]
    currency: Mapped[CurrencyCode]
    customer_id: Mapped[str | None] = mapped_column(index=True)
    # A digest of the token that opens a guest's cart; null once it is a customer's.
    token_digest: Mapped[str | None]
    # Who uses it, as far as its client knows: what a browser sent, which proves nothing.
    visitor: Mapped[str | None]
    contact_email: Mapped[str | None]
    # A digest of the contact e-mail (`shared.security.pseudonyms`), by which a person's carts are erased.
    contact_digest: Mapped[str | None] = mapped_column(index=True)
    shipping_method: Mapped[str | None]
    discount_code: Mapped[str | None]
    # Set once it is ordered; nothing changes it after that.
    order_id: Mapped[str | None] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), unique=True)
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) = (token_digest IS NOT NULL)", name="holder"),
        Index("cart_open_customer", "customer_id", unique=True, postgresql_where=text("order_id IS NULL")),
    )


class CartLine(Base):
    """What a quote says of one design or preset, and how many pieces of it are wanted."""

    __tablename__ = "cart_line"

    id: Mapped[str] = mapped_column(primary_key=True)
    cart_id: Mapped[str] = mapped_column(ForeignKey(Cart.id, ondelete="CASCADE"))
    position: Mapped[int]
    # `design` or `preset`.
    subject: Mapped[str]
    subject_id: Mapped[str]
    # Of the design or preset when it was quoted.
    version: Mapped[int]
    # The kind of product, such as `COLLAR`.
    product: Mapped[str]
    title: Mapped[str]
    quantity: Mapped[int]
    currency: Mapped[CurrencyCode]
    unit_price_minor: Mapped[Minor]
    # Pairs of quantity and percent, rising.
    quantity_breaks: Mapped[list[list[int]]] = mapped_column(JSONB)
    # Of one piece.
    grams: Mapped[int]
    quote_expires_at: Mapped[dt.datetime]
    # Whether the design or preset looks otherwise since.
    outdated: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        CheckConstraint("quantity > 0 AND unit_price_minor >= 0 AND grams >= 0", name="not_negative"),
        UniqueConstraint("cart_id", "position"),
        UniqueConstraint("cart_id", "subject_id"),
        Index(None, "subject_id"),
    )
