"""Withdrawn items."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawn_item",
        sa.Column(
            "kind",
            sa.Enum("DESIGN", "PRESET", "PRODUCT", name="subjectkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("withdrawn_item_pkey")),
    )
    op.add_column("order_line", sa.Column("product", sa.Text(), nullable=True))
    op.add_column("order_line", sa.Column("preset_id", sa.Text(), nullable=True))
    op.add_column("order_line", sa.Column("quoted_version", sa.Integer(), nullable=True))
