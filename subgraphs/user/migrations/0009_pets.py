"""Pets of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "species", sa.Enum("DOG", "CAT", "OTHER", name="petspecies", native_enum=False, length=40), nullable=False
        ),
        sa.Column("breed", sa.Text(), nullable=True),
        sa.Column(
            "size",
            sa.Enum(
                "EXTRA_SMALL", "SMALL", "MEDIUM", "LARGE", "EXTRA_LARGE", name="petsize", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("neck_millimetres", sa.Integer(), nullable=True),
        sa.Column("chest_millimetres", sa.Integer(), nullable=True),
        sa.Column("back_millimetres", sa.Integer(), nullable=True),
        sa.Column("length_millimetres", sa.Integer(), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_profile.id"], name=op.f("pet_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pet_pkey")),
    )
    op.create_index(op.f("pet_user_id_idx"), "pet", ["user_id"], unique=False)
