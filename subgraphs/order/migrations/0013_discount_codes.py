"""Discount codes, and the orders that use them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discount_code",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("PERCENTAGE", "AMOUNT", "FREE_SHIPPING", name="discountkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amounts_minor", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("minimums_minor", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("once_per_customer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'AMOUNT') = (amounts_minor <> '{}')", name=op.f("discount_code_amounts_check")),
        sa.CheckConstraint(
            "(kind = 'PERCENTAGE') = (percent IS NOT NULL) AND percent BETWEEN 1 AND 100",
            name=op.f("discount_code_percent_check"),
        ),
        sa.CheckConstraint("uses >= 0 AND uses <= most_uses", name=op.f("discount_code_uses_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("discount_code_pkey")),
        sa.UniqueConstraint("code", name=op.f("discount_code_code_key")),
    )
    op.create_index(op.f("discount_code_created_at_id_idx"), "discount_code", ["created_at", "id"], unique=False)
    op.create_table(
        "discount_use",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("email_digest", sa.Text(), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["discount_code.id"], name=op.f("discount_use_code_id_fkey")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("discount_use_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("discount_use_pkey")),
    )
    op.create_index(
        "discount_use_customer",
        "discount_use",
        ["code_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("once"),
    )
    op.create_index(
        "discount_use_email", "discount_use", ["code_id", "email_digest"], unique=True, postgresql_where=sa.text("once")
    )
