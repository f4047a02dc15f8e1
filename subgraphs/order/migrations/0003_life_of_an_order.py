"""life of an order."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_preference",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("order_emails", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("customer_preference_pkey")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("viewer_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "operation", "key", name=op.f("idempotency_key_pkey")),
    )
    op.create_table(
        "order_mail",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("order_mail_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", "version", "recipient", name=op.f("order_mail_pkey")),
    )
    op.create_table(
        "order_note",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("INTERNAL", "CUSTOMER", name="notevisibility", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("order_note_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("order_note_pkey")),
    )
    op.create_index(op.f("order_note_author_id_idx"), "order_note", ["author_id"], unique=False)
    op.create_index(op.f("order_note_order_id_idx"), "order_note", ["order_id"], unique=False)
    op.create_table(
        "order_refund",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column(
            "currency", sa.Enum("EUR", "GBP", "USD", name="currencycode", native_enum=False, length=40), nullable=False
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "actor_kind",
            sa.Enum("CUSTOMER", "STAFF", "SYSTEM", name="actorkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("order_refund_positive_check")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("order_refund_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("order_refund_pkey")),
    )
    op.create_index(op.f("order_refund_actor_id_idx"), "order_refund", ["actor_id"], unique=False)
    op.create_index(op.f("order_refund_order_id_idx"), "order_refund", ["order_id"], unique=False)
    op.add_column("order_meta", sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "order_timeline",
        sa.Column("xid", sa.BigInteger(), server_default=sa.text("pg_current_xact_id()::text::bigint"), nullable=False),
    )
    op.add_column("order_timeline", sa.Column("seq", sa.BigInteger(), sa.Identity(), nullable=False))
    op.create_index(op.f("order_timeline_xid_seq_idx"), "order_timeline", ["xid", "seq"], unique=False)
    op.create_unique_constraint(
        op.f("shipment_scan_shipment_id_at_status_key"), "shipment_scan", ["shipment_id", "at", "status"]
    )
    op.add_column(
        "shipment_tracking", sa.Column("completes", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.execute("UPDATE order_meta SET refunded_minor = total_minor WHERE status = 'REFUNDED'")
    op.execute(
        "INSERT INTO order_refund (id, order_id, currency, amount_minor, reason, actor_kind, actor_id, at)"
        " SELECT 'rfd_' || substr(entry.id, 5), meta.id, meta.currency, meta.total_minor,"
        " entry.reason, entry.actor_kind, entry.actor_id, entry.at"
        " FROM order_meta AS meta JOIN order_timeline AS entry ON entry.order_id = meta.id"
        " AND entry.status = 'REFUNDED' WHERE meta.total_minor > 0"
    )
    op.create_check_constraint(
        op.f("order_meta_refunded_check"),
        "order_meta",
        "refunded_minor BETWEEN 0 AND total_minor AND (refunded_minor = 0 OR paid_at IS NOT NULL)",
    )
