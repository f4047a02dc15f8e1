"""deliveries of one event."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_log", sa.Column("body_digest", sa.Text(), nullable=True))
    op.add_column("webhook_log", sa.Column("repeats", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("webhook_log_event_key", table_name="webhook_log")
    op.create_index(
        "webhook_log_event_key",
        "webhook_log",
        ["source", "shop", "topic", "event_id", "body_digest"],
        unique=True,
        postgresql_where=sa.text("verdict = 'VERIFIED' AND event_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
