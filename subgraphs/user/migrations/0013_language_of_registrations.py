"""Keep the language that a person registers with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registration", sa.Column("locale", sa.Text(), nullable=True))
