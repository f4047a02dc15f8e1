"""mailed tokens"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("email_proof", "previous_email")
    # Whoever opens an account sets its password: registrations from before are opened like others.
    op.drop_column("registration", "password_hash")
