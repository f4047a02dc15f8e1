"""Take events in by batches: what the aggregation has yet to count, and what is dropped in time.

`drop_partitions` runs with the rights of the owner, as `ensure_partitions` does.
"""

import sqlalchemy as sa
from alembic import op

from shared.database.job_tables import create_job_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DROP_PARTITIONS = """
CREATE FUNCTION drop_partitions(before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    partition text;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'));
    FOR partition IN
        SELECT child.relname FROM pg_inherits
        JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = 'analytics_event'::regclass AND child.relname ~ '^analytics_event_[0-9]{4}_[0-9]{2}$'
          AND to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= before
        ORDER BY child.relname
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM analytics_event_default WHERE occurred_at < before::timestamp AT TIME ZONE 'UTC';
    RETURN dropped;
END
$$
"""


def upgrade() -> None:
    create_job_tables()
    op.create_table(
        "event_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("event_batch_pkey")),
    )
    # Events from before are a batch of their own, as are those of a process that does not know of batches yet.
    op.add_column("analytics_event", sa.Column("batch", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(op.f("analytics_event_batch_idx"), "analytics_event", ["batch"], unique=False)
    op.execute("INSERT INTO event_batch (id, events) SELECT 0, count(*) FROM analytics_event HAVING count(*) > 0")
    op.create_index(op.f("event_key_received_at_idx"), "event_key", ["received_at"], unique=False)
    op.execute(DROP_PARTITIONS)
