"""Partition events by month.

`ensure_partitions` runs with the rights of the owner: the room's own role reads and writes rows and makes no tables.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENSURE_PARTITIONS = """
CREATE FUNCTION ensure_partitions(since date, until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    month date;
    partition text;
    lower timestamptz;
    upper timestamptz;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'));
    FOR month IN
        SELECT first::date
        FROM generate_series(date_trunc('month', since::timestamp), until::timestamp, interval '1 month') AS first
    LOOP
        partition := 'analytics_event_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        lower := month::timestamp AT TIME ZONE 'UTC';
        upper := (month + interval '1 month') AT TIME ZONE 'UTC';
        -- Nobody may add to the default partition between the move and the attachment.
        LOCK TABLE analytics_event_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('CREATE TABLE %I (LIKE analytics_event INCLUDING ALL)', partition);
        EXECUTE format(
            'WITH moved AS ('
            '    DELETE FROM analytics_event_default WHERE occurred_at >= %L AND occurred_at < %L RETURNING *'
            ') INSERT INTO %I SELECT * FROM moved',
            lower, upper, partition
        );
        EXECUTE format(
            'ALTER TABLE analytics_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, lower, upper
        );
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$
"""


def upgrade() -> None:
    op.execute("CREATE TABLE analytics_event_default PARTITION OF analytics_event DEFAULT")
    op.execute(ENSURE_PARTITIONS)
    op.execute("SELECT ensure_partitions((now() - interval '1 month')::date, (now() + interval '3 months')::date)")
