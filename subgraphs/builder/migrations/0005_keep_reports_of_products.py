"""keep reports of products."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("shop", sa.Text(), nullable=True))
    op.create_table(
        "product_report",
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("external_id", name=op.f("product_report_pkey")),
    )
    op.create_index(op.f("product_report_handle_idx"), "product_report", ["handle"])
    # What is shown was reported, and so was what is gone.
    op.execute(
        "INSERT INTO product_report (external_id, handle, title, description, active, told_at, gone_at)"
        " SELECT coalesce(product.external_id, gone.external_id), product.handle, product.title, product.description,"
        " coalesce(product.active, false), product.told_at, gone.told_at"
        " FROM (SELECT * FROM product WHERE external_id IS NOT NULL AND told_at IS NOT NULL) product"
        " FULL JOIN product_gone gone ON gone.external_id = product.external_id"
    )
    op.drop_table("product_gone")
