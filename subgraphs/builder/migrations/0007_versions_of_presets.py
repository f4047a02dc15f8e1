"""Versions of presets. What a preset was in earlier versions is not known; the present one is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.core.ids import id_of_version

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Enum(
        "COLLAR", "HARNESS", "LEASH", "TAG", "BED", "BOWL", "BANDANA", name="productkind", native_enum=False, length=40
    )
    versions = op.create_table(
        "preset_version",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("preset_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("product_kind", kind, nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["preset_id"], ["builder_preset.id"], name=op.f("preset_version_preset_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("preset_version_pkey")),
        sa.UniqueConstraint("preset_id", "version", name=op.f("preset_version_preset_id_version_key")),
    )
    columns = ("id", "version", "name", "product_kind", "config")
    presets = sa.table("builder_preset", *[sa.column(name, versions.c[name].type) for name in columns])
    for row in op.get_bind().execute(sa.select(presets)).all():
        kept = row._asdict() | {"id": id_of_version("prv", row.id, row.version), "preset_id": row.id}
        op.execute(sa.insert(versions).values(kept))
