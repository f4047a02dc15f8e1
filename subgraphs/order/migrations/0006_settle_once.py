"""settle once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_fact", sa.Column("settled", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE order_fact SET settled = true WHERE order_id IS NOT NULL")
