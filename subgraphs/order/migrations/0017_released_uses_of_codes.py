"""Released uses of discount codes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COUNTS = sa.text("once AND released_at IS NULL")


def upgrade() -> None:
    op.add_column("discount_use", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    for name, column in (("discount_use_customer", "customer_id"), ("discount_use_email", "email_digest")):
        op.drop_index(name, table_name="discount_use")
        op.create_index(name, "discount_use", ["code_id", column], unique=True, postgresql_where=COUNTS)
