"""Payments, and what providers are asked to give back. Nothing is rewritten or scanned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "simulated_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("simulated_event_pkey")),
    )
    op.create_table(
        "simulated_payment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "currency", sa.Enum("EUR", "GBP", "USD", name="currencycode", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "REQUIRES_PAYMENT_METHOD",
                "REQUIRES_ACTION",
                "SUCCEEDED",
                "CANCELED",
                name="simulatedpaymentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("charge_id", sa.Text(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("simulated_payment_pkey")),
        sa.UniqueConstraint("key", name=op.f("simulated_payment_key_key")),
    )
    op.create_table(
        "order_payment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "provider",
            sa.Enum("STRIPE", "SIMULATED", name="paymentproviderkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "currency", sa.Enum("EUR", "GBP", "USD", name="currencycode", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("OPEN", "TAKEN", "CANCELLED", name="paymentstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("order_payment_positive_check")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("order_payment_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("order_payment_pkey")),
        sa.UniqueConstraint("key", name=op.f("order_payment_key_key")),
        sa.UniqueConstraint("provider", "provider_id", name=op.f("order_payment_provider_provider_id_key")),
    )
    op.create_index(op.f("order_payment_order_id_idx"), "order_payment", ["order_id"], unique=False)
    op.create_table(
        "simulated_refund",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["simulated_payment.id"], name=op.f("simulated_refund_payment_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("simulated_refund_pkey")),
        sa.UniqueConstraint("key", name=op.f("simulated_refund_key_key")),
    )
    op.create_index(op.f("simulated_refund_payment_id_idx"), "simulated_refund", ["payment_id"], unique=False)
    op.create_table(
        "refund_part",
        sa.Column("refund_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("refund_part_positive_check")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("refund_part_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["order_payment.id"], name=op.f("refund_part_payment_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["order_refund.id"], name=op.f("refund_part_refund_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("refund_id", "payment_id", name=op.f("refund_part_pkey")),
        sa.UniqueConstraint("provider_id", name=op.f("refund_part_provider_id_key")),
    )
    op.create_index(op.f("refund_part_order_id_idx"), "refund_part", ["order_id"], unique=False)
    op.create_index(op.f("refund_part_payment_id_idx"), "refund_part", ["payment_id"], unique=False)
