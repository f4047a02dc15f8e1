"""Find suspended users by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "user_profile_suspended",
            "user_profile",
            ["created_at", "id"],
            postgresql_where=sa.text("suspended_at IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
