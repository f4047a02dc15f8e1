"""The index by which presets are listed by what was sold of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "builder_preset_in_shop_units_sold",
            "builder_preset",
            ["units_sold", "id"],
            postgresql_where=sa.text("archived_at IS NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
