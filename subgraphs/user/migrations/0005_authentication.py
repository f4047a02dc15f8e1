"""authentication"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Constant defaults: neither rewrites the table.
    op.add_column(
        "user_session",
        sa.Column(
            "authenticated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("'epoch'::timestamptz"),
            nullable=False,
        ),
    )
    op.add_column(
        "user_session",
        sa.Column("methods", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{pwd}'::text[]"), nullable=False),
    )
