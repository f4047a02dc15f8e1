"""Mail suppressions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_suppression",
        sa.Column("email_digest", sa.Text(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "HARD_BOUNCE",
                "SOFT_BOUNCES",
                "COMPLAINT",
                "UNSUBSCRIBED",
                name="suppressioncause",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("email_digest", "cause", name=op.f("mail_suppression_pkey")),
    )
    op.create_index(op.f("mail_suppression_until_idx"), "mail_suppression", ["until"], unique=False)
