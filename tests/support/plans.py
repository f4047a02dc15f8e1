"""How the database would execute a statement."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def plan_of(session: AsyncSession, statement: Select[Any]) -> str:
    """Return the plan of a statement."""
    compiled = statement.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    sql = str(compiled).replace(":", "\\:")
    return "\n".join(await session.scalars(text(f"EXPLAIN {sql}")))
