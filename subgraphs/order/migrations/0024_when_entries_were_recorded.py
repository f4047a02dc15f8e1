"""Keep when an entry of a timeline was recorded, which may be long after what it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_timeline", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
