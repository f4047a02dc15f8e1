"""Ledger and tasks. Nothing is rewritten or scanned: orders of before get their ledger when they change next."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMES = {
    "kind": ["CHARGE", "REFUND", "DISPUTE"],
    "provider": ["STRIPE", "SHOPIFY", "INTERNAL", "ALL_PET_PLUS"],
    "state": ["PENDING", "SUCCEEDED", "FAILED"],
    "currency": ["EUR", "GBP", "USD"],
    "done_by": ["CUSTOMER", "STAFF", "SYSTEM"],
}


def chosen(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    """Return a column that holds the name of a member of an enumeration."""
    kind = sa.Enum(*NAMES.get(name, []), name=name, native_enum=False, length=40)
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def upgrade() -> None:
    for name in ("received_minor", "returned_minor", "recorded_minor"):
        op.add_column("order_meta", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("order_meta", sa.Column("reported", sa.Text(), nullable=True))
    op.add_column("order_meta", sa.Column("rest_cancelled_at", sa.DateTime(timezone=True), nullable=True))
    # A part of the price can go back before all of it was paid; a new constraint would have all rows looked at.
    op.drop_constraint(op.f("order_meta_refunded_check"), "order_meta", type_="check")
    for name in ("again", "superseded"):
        op.add_column(
            "shipment_tracking", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    op.add_column("order_refund", chosen("state", default="SUCCEEDED"))
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        chosen("kind"),
        chosen("provider"),
        sa.Column("provider_id", sa.Text(), nullable=False),
        chosen("state"),
        chosen("currency"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ledger_entry_positive_check")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("ledger_entry_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("ledger_entry_pkey")),
        sa.UniqueConstraint(
            "order_id",
            "kind",
            "provider",
            "provider_id",
            name=op.f("ledger_entry_order_id_kind_provider_provider_id_key"),
        ),
    )
    op.create_table(
        "order_task",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        chosen("currency", nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        chosen("done_by", nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_meta.id"], name=op.f("order_task_order_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("order_task_pkey")),
        sa.UniqueConstraint("order_id", "kind", "about", name=op.f("order_task_order_id_kind_about_key")),
    )
    op.create_index(op.f("order_task_actor_id_idx"), "order_task", ["actor_id"])
    op.create_index(op.f("order_task_created_at_id_idx"), "order_task", ["created_at", "id"])
    op.create_index(op.f("order_task_kind_created_at_id_idx"), "order_task", ["kind", "created_at", "id"])
    op.create_index("order_task_open", "order_task", ["created_at", "id"], postgresql_where=sa.text("done_at IS NULL"))
