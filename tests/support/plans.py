"""How the database would execute a statement."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def plan_of(session: AsyncSession, statement: Select[Any]) -> str:
    """Return the plan of a statement."""
    compiled = statement.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    sql = str(compiled).replace(":", "\\:")
    return "\n".join(await session.scalars(text(f"EXPLAIN {sql}")))


async def plan_without_scans(session: AsyncSession, statement: Select[Any]) -> str:
    """Return the plan of a statement that scans a table only where no index can serve.

    Of tables as small as those of a test, and while new words are pending in an index, a scan is the cheapest plan. It
    holds for the rest of the transaction.
    """
    await session.execute(text("SET LOCAL enable_seqscan = off"))
    return await plan_of(session, statement)
