"""Keep when a delivery was stored, after which its sender is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_log", sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True))
