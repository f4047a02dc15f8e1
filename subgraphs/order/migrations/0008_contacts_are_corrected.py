"""contacts are corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_meta", sa.Column("contact_corrected_at", sa.DateTime(timezone=True), nullable=True))
