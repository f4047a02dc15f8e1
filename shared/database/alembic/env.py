"""Alembic's environment of all subgraphs: applies revisions on the connection that it is given."""

from alembic import context
from sqlalchemy import Connection, MetaData

from shared.database.migrations import known_to_models

connection: Connection = context.config.attributes["connection"]
metadata: MetaData = context.config.attributes["metadata"]
context.configure(
    connection=connection, target_metadata=metadata, compare_type=True, include_name=known_to_models(connection)
)
with context.begin_transaction():
    context.run_migrations()
