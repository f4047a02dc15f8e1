"""empty rejected deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_log", sa.Column("network", sa.Text(), nullable=True))
    # What strangers sent is no longer kept.
    op.execute("UPDATE webhook_log SET body = '', headers = '{}', people = '{}' WHERE state = 'REJECTED'")
