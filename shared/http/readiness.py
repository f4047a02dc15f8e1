"""Whether a process could answer a request now. A database that is only slow does not make it unready yet.

On a busy machine the checks of all replicas are slow together. If each of them were unready for that, a balancer would
have nobody left, and the shop would be away instead of slow.
"""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import text

from shared.core.tasks import stop
from shared.database.database import Database

WAIT_SECONDS = 2.0
"""How long somebody who asks waits for the databases; after that the last finding is the answer."""
SLOW_SECONDS = 30.0
"""How long the databases may take to answer; after that they count as away."""


class Readiness:
    """The last finding about some databases. They are asked once for all who ask meanwhile."""

    def __init__(self, databases: Callable[[], Sequence[Database]]) -> None:
        """`databases` returns none while the process starts."""
        self._databases = databases
        self._running: asyncio.Task[None] | None = None
        self._answered = False

    async def fault(self) -> str | None:
        """Return why the process is unready, as a sentence, or None where it is ready."""
        databases = self._databases()
        if not databases:
            return "The process is starting."
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._ask(databases))
        await asyncio.wait([self._running], timeout=WAIT_SECONDS)
        return None if self._answered else "The database does not answer."

    async def _ask(self, databases: Sequence[Database]) -> None:
        try:
            async with asyncio.timeout(SLOW_SECONDS):
                await asyncio.gather(*[_answer(database) for database in databases])
        except Exception:
            self._answered = False
        else:
            self._answered = True

    async def close(self) -> None:
        """Stop asking."""
        if self._running is not None:
            await stop([self._running])


async def _answer(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
