"""Suspend users."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_profile", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_profile", sa.Column("suspension_reason", sa.Text(), nullable=True))
