"""versions of configurations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("saved_design", sa.Column("config_version", sa.Integer(), server_default="1", nullable=False))
