"""refuse designs of others."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_meta", sa.Column("refused_designs", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("order_meta", sa.Column("priced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("order_line", sa.Column("design_refused", sa.Boolean(), server_default="false", nullable=False))
