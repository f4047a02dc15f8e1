"""pictures of designs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody can tell whose the kept pictures are. They are painted again.
    op.execute("DELETE FROM preview")
    op.create_table(
        "design_picture",
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_hash", "size"],
            ["preview.content_hash", "preview.size"],
            name=op.f("design_picture_content_hash_size_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_hash", "size", "design_id", name=op.f("design_picture_pkey")),
    )
    op.create_index(op.f("design_picture_design_id_idx"), "design_picture", ["design_id"], unique=False)
