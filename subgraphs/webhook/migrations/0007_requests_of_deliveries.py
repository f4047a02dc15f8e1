"""Keep which request brought a delivery, and how long attempts take."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_log", sa.Column("request_id", sa.Text(), nullable=True))
    op.add_column("webhook_log", sa.Column("trace_id", sa.Text(), nullable=True))
    op.add_column("webhook_retry", sa.Column("duration_ms", sa.Integer(), nullable=True))
