"""Devices that get push messages, and which changes of orders each was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "user_preferences", sa.Column("order_pushes", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column(
            "platform", sa.Enum("ANDROID", "IOS", name="deviceplatform", native_enum=False, length=40), nullable=False
        ),
        sa.Column("push_token", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_profile.id"], name=op.f("device_user_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_session.id"], name=op.f("device_session_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("device_pkey")),
        sa.UniqueConstraint("session_id", name=op.f("device_session_id_key")),
        sa.UniqueConstraint("token_digest", name=op.f("device_token_digest_key")),
    )
    op.create_index(op.f("device_user_id_idx"), "device", ["user_id"], unique=False)
    op.create_table(
        "sent_push",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("sent_push_device_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device_id", "order_id", "version", name=op.f("sent_push_pkey")),
    )
    op.create_index(op.f("sent_push_sent_at_idx"), "sent_push", ["sent_at"], unique=False)
