"""note purges before they are done."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "cache_invalidation",
        sa.Column("heard_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.alter_column("cache_invalidation", "purged_at", nullable=True, server_default=None)
    op.create_index(
        "cache_invalidation_waiting",
        "cache_invalidation",
        ["id"],
        unique=False,
        postgresql_where=sa.text("purged_at IS NULL"),
    )
