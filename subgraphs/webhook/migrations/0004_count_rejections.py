"""count rejections."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_rejection",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "network", name=op.f("webhook_rejection_pkey")),
    )
    # What strangers sent is no longer kept.
    op.execute("UPDATE webhook_log SET body = '', headers = '{}', people = '{}' WHERE state = 'REJECTED'")
