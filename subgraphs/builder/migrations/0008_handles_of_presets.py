"""Handles of presets, made from their names. A preset that an earlier version makes meanwhile has none."""

import sqlalchemy as sa
from alembic import op

from shared.core.handles import handle_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("builder_preset", sa.Column("handle", sa.Text(), nullable=True))
    presets = sa.table("builder_preset", *[sa.column(name, sa.Text()) for name in ("id", "name", "handle")])
    taken = set[str]()
    for row in op.get_bind().execute(sa.select(presets).order_by(presets.c.id)).all():
        handle = handle_of(row.name)
        if handle in taken or not handle:
            handle = f"{handle}-{row.id[-8:]}".strip("-")
        taken.add(handle)
        op.execute(sa.update(presets).where(presets.c.id == row.id).values(handle=handle))
    op.create_unique_constraint(op.f("builder_preset_handle_key"), "builder_preset", ["handle"])
