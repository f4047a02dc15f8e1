"""Tables that the aggregation of events fills, and exposures for the assignments there are."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SOURCE = sa.Enum("CLIENT", "DOMAIN", name="eventsource", native_enum=False, length=40)
_GRANULARITY = sa.Enum("HOUR", "DAY", name="granularity", native_enum=False, length=40)
_DEPTHS = ("depth_hour", "depth_day", "depth_week", "depth_month")

EXPOSE = """
INSERT INTO analytics_event (id, source, name, subject, occurred_at, properties)
SELECT 'evt_' || substr(id, 5), 'DOMAIN', 'experiment.exposed', subject, assigned_at,
       jsonb_build_object('experimentId', experiment_id, 'variant', variant)
FROM experiment_assignment
"""


def upgrade() -> None:
    op.add_column("experiment_assignment", sa.Column("counted", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("experiment_assignment", sa.Column("converted", sa.Integer(), server_default="0", nullable=False))
    op.add_column("experiment_assignment", sa.Column("before", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "aggregated_metrics",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("granularity", _GRANULARITY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", _SOURCE, nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "name", "granularity", "at", "source", "product", "currency", "status", name=op.f("aggregated_metrics_pkey")
        ),
    )
    op.create_table(
        "subject_weeks",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("weeks", sa.ARRAY(sa.Date()), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("subject_weeks_pkey")),
    )
    op.create_table(
        "cohort_total",
        sa.Column("cohort", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("subjects", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cohort", "week", name=op.f("cohort_total_pkey")),
    )
    op.create_table(
        "funnel_entry",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("previous_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _DEPTHS),
        sa.PrimaryKeyConstraint("subject", "day", name=op.f("funnel_entry_pkey")),
    )
    op.create_table(
        "funnel_total",
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("previous_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _DEPTHS),
        sa.Column("subjects", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("segment", "day", "previous_day", *_DEPTHS, name=op.f("funnel_total_pkey")),
    )
    op.create_table(
        "experiment_total",
        sa.Column("experiment_id", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("converted", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "variant", "converted", "before", name=op.f("experiment_total_pkey")),
    )
    # Whoever is assigned is counted by an event of theirs.
    op.execute(EXPOSE)
    op.execute(
        "INSERT INTO event_batch (id, events) SELECT 0, count(*) FROM experiment_assignment HAVING count(*) > 0"
        " ON CONFLICT DO NOTHING"
    )
