"""Carts."""

import datetime as dt

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPTIONAL = (
    "customer_id",
    "token_digest",
    "visitor",
    "contact_email",
    "contact_digest",
    "recipient",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country_code",
    "phone",
    "shipping_method",
    "discount_code",
    "order_id",
)


def currency() -> sa.Column[str]:
    return sa.Column("currency", sa.String(length=40), nullable=False)


def moment(name: str) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "cart",
        text("id"),
        number("version"),
        currency(),
        *[sa.Column(name, sa.Text(), nullable=True) for name in OPTIONAL],
        moment("created_at"),
        moment("changed_at"),
        moment("expires_at"),
        sa.CheckConstraint("(customer_id IS NULL) = (token_digest IS NOT NULL)", name=op.f("cart_holder_check")),
        sa.ForeignKeyConstraint(["order_id"], ["order_meta.id"], name=op.f("cart_order_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("cart_pkey")),
        sa.UniqueConstraint("order_id", name=op.f("cart_order_id_key")),
    )
    for name in ("contact_digest", "customer_id", "expires_at"):
        op.create_index(op.f(f"cart_{name}_idx"), "cart", [name])
    op.create_index(
        "cart_open_customer", "cart", ["customer_id"], unique=True, postgresql_where=sa.text("order_id IS NULL")
    )
    op.create_table(
        "cart_line",
        text("id"),
        text("cart_id"),
        number("position"),
        text("subject"),
        text("subject_id"),
        number("version"),
        text("product"),
        text("title"),
        number("quantity"),
        currency(),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("quantity_breaks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        number("grams"),
        moment("quote_expires_at"),
        sa.Column("outdated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND unit_price_minor >= 0 AND grams >= 0", name=op.f("cart_line_not_negative_check")
        ),
        sa.ForeignKeyConstraint(["cart_id"], ["cart.id"], name=op.f("cart_line_cart_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("cart_line_pkey")),
        sa.UniqueConstraint("cart_id", "position", name=op.f("cart_line_cart_id_position_key")),
        sa.UniqueConstraint("cart_id", "subject_id", name=op.f("cart_line_cart_id_subject_id_key")),
    )
    op.create_index(op.f("cart_line_subject_id_idx"), "cart_line", ["subject_id"])
    op.add_column(
        "order_meta", sa.Column("included_tax_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("order_meta", sa.Column("cart_id", sa.Text(), nullable=True))
    # A new column holds nothing yet, so the index is built at once.
    op.create_unique_constraint(op.f("order_meta_cart_id_key"), "order_meta", ["cart_id"])
