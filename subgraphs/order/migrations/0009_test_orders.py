"""Test orders: whether a shop placed an order to try its checkout."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_meta", sa.Column("test", sa.Boolean(), server_default=sa.text("false"), nullable=False))
