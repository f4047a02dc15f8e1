"""identity"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_profile", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_session", sa.Column("refresh_hash", sa.Text(), nullable=True))
    op.add_column("user_session", sa.Column("refresh_number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("user_session", sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_session", sa.Column("address_digest", sa.Text(), nullable=True))
    op.create_index(op.f("user_session_expires_at_idx"), "user_session", ["expires_at"], unique=False)
    op.add_column(
        "signing_key",
        sa.Column("signs_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute("UPDATE signing_key SET signs_from = created_at")
    op.add_column("signing_key", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "registration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("registration_pkey")),
    )
    op.create_index(op.f("registration_email_idx"), "registration", ["email"], unique=False)
    op.create_index(op.f("registration_expires_at_idx"), "registration", ["expires_at"], unique=False)
    op.create_table(
        "email_proof",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("PASSWORD_RESET", "EMAIL_CHANGE", name="proofpurpose", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("previous_email", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_profile.id"], name=op.f("email_proof_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("email_proof_pkey")),
    )
    op.create_index(op.f("email_proof_email_idx"), "email_proof", ["email"], unique=False)
    op.create_index(op.f("email_proof_expires_at_idx"), "email_proof", ["expires_at"], unique=False)
    op.create_index(op.f("email_proof_user_id_idx"), "email_proof", ["user_id"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("revocation_pkey")),
    )
    op.create_index(op.f("revocation_ends_at_idx"), "revocation", ["ends_at"], unique=False)
