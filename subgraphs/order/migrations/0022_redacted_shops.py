"""Remember shops that had all of their customers forgotten, and when facts were told first."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redacted_shop",
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", name=op.f("redacted_shop_pkey")),
    )
    op.add_column("order_fact", sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True))
