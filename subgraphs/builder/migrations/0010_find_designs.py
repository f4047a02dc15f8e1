"""Indexes by which staff find designs and archived presets."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("created_at", "updated_at", "name"):
        op.create_index(op.f(f"saved_design_{name}_id_idx"), "saved_design", [name, "id"])
    for name in ("status", "product_kind"):
        op.create_index(op.f(f"saved_design_{name}_created_at_id_idx"), "saved_design", [name, "created_at", "id"])
    op.create_index(
        "builder_preset_archived",
        "builder_preset",
        ["archived_at", "id"],
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
