"""Adapts restored rows to the time and the server that they are restored to.

- A transaction's number orders changes for those who follow them (`shared/live/change_log.py`). A new server begins to
  count anew, so the numbers of restored rows become lower than any of its own: their order stays.
- All that an outbox holds is published again, whatever its age, because the broker is empty.
- The times at which events were received are moved, or the inbox would forget by its age what the outboxes repeat.
"""

import datetime as dt

TRANSACTION_COLUMN = "xid"
"""The name of each column that holds the number of a transaction."""

_RENUMBER = """
DO $$
DECLARE
    tables name[] := ARRAY(
        SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = to_regnamespace('"{schema}"') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = '{column}' AND NOT a.attisdropped
    );
    newest bigint := 0;
    found bigint;
    each name;
BEGIN
    FOREACH each IN ARRAY tables LOOP
        EXECUTE format('SELECT max({column}) FROM "{schema}".%I', each) INTO found;
        newest := greatest(newest, found);
    END LOOP;
    FOREACH each IN ARRAY tables LOOP
        EXECUTE format('UPDATE "{schema}".%I SET {column} = {column} - %s', each, newest);
    END LOOP;
END
$$;
"""
_PUBLISH_AGAIN = 'UPDATE "{schema}".outbox SET published_at = NULL WHERE published_at IS NOT NULL;\n'
_RECEIVED = """UPDATE "{schema}".inbox SET received_at = received_at + interval '{age} seconds';\n"""


def adaptation(subgraph: str, age: dt.timedelta) -> str:
    """Return the statements that adapt a subgraph's rows of some age, before indexes and triggers are made."""
    names = {"schema": subgraph, "column": TRANSACTION_COLUMN, "age": f"{age.total_seconds():.6f}"}
    return _RENUMBER.format(**names) + _PUBLISH_AGAIN.format(**names) + _RECEIVED.format(**names)
