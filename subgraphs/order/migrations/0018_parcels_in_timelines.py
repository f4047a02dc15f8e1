"""Parcels that left without a change of status, in timelines."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_timeline", sa.Column("shipment_id", sa.Text(), nullable=True))
