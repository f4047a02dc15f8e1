"""shops and kinds of lines."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_meta", sa.Column("shop", sa.Text(), nullable=True))
    op.add_column("order_meta", sa.Column("shop_number", sa.Text(), nullable=True))
    op.add_column("order_meta", sa.Column("test", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("order_meta_shop_number", "order_meta", [sa.text("upper(ltrim(shop_number, '#'))")])
    op.create_index(
        op.f("order_meta_shop_id_idx"), "order_meta", ["shop", "id"], postgresql_where=sa.text("shop IS NOT NULL")
    )
    op.add_column("order_fact", sa.Column("shop", sa.Text(), nullable=True))
    op.add_column("order_fact", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "order_fact_contact_of_shop", "order_fact", ["shop", "id"], postgresql_where=sa.text("contact IS NOT NULL")
    )
    kind = sa.Enum(
        "GOODS", "NOT_SENT", "CHARGE", "REMOVED", "RETURNED", name="orderlinekind", native_enum=False, length=40
    )
    op.add_column("order_line", sa.Column("kind", kind, server_default="GOODS", nullable=False))
