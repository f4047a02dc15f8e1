"""Persons: which user a visitor turned out to be, and what has to be counted anew because of it.

Assignments that are counted are counted anew as well, since goals are kept by window from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Months that were dropped before left no note.
KEPT_SINCE = """
INSERT INTO event_retention (kept_since)
SELECT min(to_date(right(child.relname, 7), 'YYYY_MM'))
FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = 'analytics_event'::regclass AND child.relname ~ '^analytics_event_[0-9]{4}_[0-9]{2}$'
  AND EXISTS (SELECT FROM aggregated_metrics)
HAVING count(*) > 0
"""
# From the last day on: of events, nothing changes.
COUNT_ANEW = """
INSERT INTO subject_recount (subject, since)
SELECT subject, DATE '9999-12-31' FROM experiment_assignment WHERE counted
"""


def upgrade() -> None:
    op.create_table(
        "visitor_link",
        sa.Column("visitor", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("applied", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("visitor", name=op.f("visitor_link_pkey")),
    )
    op.create_index(
        op.f("visitor_link_user_id_linked_at_visitor_idx"),
        "visitor_link",
        ["user_id", "linked_at", "visitor"],
        unique=False,
    )
    op.create_index(
        "visitor_link_waiting", "visitor_link", ["linked_at"], unique=False, postgresql_where=sa.text("NOT applied")
    )
    op.create_table(
        "subject_recount",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("subject_recount_pkey")),
    )
    op.create_table(
        "event_retention",
        sa.Column("id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kept_since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("event_retention_pkey")),
    )
    op.add_column("experiment_assignment", sa.Column("person", sa.Text(), nullable=True))
    op.execute(KEPT_SINCE)
    op.execute(COUNT_ANEW)
