"""How many pieces of each preset were sold, and the pieces of each order, by which that is counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("builder_preset", sa.Column("units_sold", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "preset_order",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("units", JSONB(), nullable=False),
        sa.Column("is_sold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("preset_order_pkey")),
    )
