"""What is stored of discount codes, and of the orders that used them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from subgraphs.order.enums import DiscountKind
from subgraphs.order.models import Base, Order

_COUNTS = "once AND released_at IS NULL"


class DiscountCode(Base):
    """A code that customers enter. Amounts are minor units by currency: `{"EUR": 500, "JPY": 800}`."""

    __tablename__ = "discount_code"

    id: Mapped[str] = mapped_column(primary_key=True)
    # In upper case, without spaces.
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[DiscountKind]
    percent: Mapped[int | None]
    amounts_minor: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    minimums_minor: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    starts_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None]
    most_uses: Mapped[int | None]
    once_per_customer: Mapped[bool] = mapped_column(server_default=false())
    # The number of its rows in `discount_use` that count.
    uses: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # When staff ended it.
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint("(kind = 'PERCENTAGE') = (percent IS NOT NULL) AND percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("(kind = 'AMOUNT') = (amounts_minor <> '{}')", name="amounts"),
        CheckConstraint("uses >= 0 AND uses <= most_uses", name="uses"),
        Index(None, "created_at", "id"),
    )


class DiscountUse(Base):
    """The use of a code by an order, which uses one at most; who ordered is forgotten with the order's customer."""

    __tablename__ = "discount_use"

    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), primary_key=True)
    code_id: Mapped[str] = mapped_column(ForeignKey(DiscountCode.id))
    customer_id: Mapped[str | None]
    # A digest of the contact e-mail (`shared.security.pseudonyms`).
    email_digest: Mapped[str | None]
    # Whether its customer may use the code no other time.
    once: Mapped[bool]
    used_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    # Since when it does not count: its order was cancelled before it was paid.
    released_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index("discount_use_customer", "code_id", "customer_id", unique=True, postgresql_where=text(_COUNTS)),
        Index("discount_use_email", "code_id", "email_digest", unique=True, postgresql_where=text(_COUNTS)),
    )
