"""What marks a database whose restore has not ended, so that nobody takes half of a shop for the whole.

The mark is a table in a schema of its own. A restore makes it before anything else, and drops it at its very end.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.errors import OperationRefused

MARK = "petplus_restore.unfinished"


class UnfinishedRestore(OperationRefused):
    """A subgraph's tables are those of a restore that has not ended."""


async def require_finished(connection: AsyncConnection, subgraph: str) -> None:
    """Raise UnfinishedRestore where the subgraph is being restored, or its restore was interrupted."""
    if await connection.scalar(text("SELECT to_regclass(:mark)"), {"mark": MARK}) is None:
        return
    statement = text(f"SELECT 1 FROM {MARK} WHERE subgraph = :name")  # noqa: S608 - a constant
    if await connection.scalar(statement, {"name": subgraph}) is not None:
        raise UnfinishedRestore(f"The restore of {subgraph} has not ended: run `petplus restore` again.")
