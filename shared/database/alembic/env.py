"""Alembic's environment of all subgraphs: applies revisions on the connection that it is given.

Each revision is a transaction, so that none keeps the locks of another. None waits for a lock for long: whoever comes
after it waits as well. A revision that must not run in a transaction (`CREATE INDEX CONCURRENTLY`) uses
`op.get_context().autocommit_block()`; it may wait, because nobody waits for it.
"""

from alembic import context
from sqlalchemy import Connection, MetaData, event

from shared.database.migrations import known_to_models, limit_waits

connection: Connection = context.config.attributes["connection"]
metadata: MetaData = context.config.attributes["metadata"]
include_name = known_to_models(connection)
connection.rollback()  # only a transaction of Alembic's own can be left
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    include_name=include_name,
    transaction_per_migration=True,
)
event.listen(connection, "begin", limit_waits)
try:
    with context.begin_transaction():
        context.run_migrations()
finally:
    event.remove(connection, "begin", limit_waits)
