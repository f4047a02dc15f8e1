"""Keep the languages of customers and orders, in which their mails are written."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_preference", sa.Column("locale", sa.Text(), nullable=True))
    op.add_column("order_meta", sa.Column("locale", sa.Text(), nullable=True))
