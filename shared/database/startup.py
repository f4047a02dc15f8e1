"""Waits for a database that is away, where something is only about to start and has nobody to answer yet."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.core.errors import Unavailable, reason_of
from shared.core.observability import log
from shared.database.database import is_away

T = TypeVar("T")

WAIT_SECONDS = 60.0
"""How long a start waits for its database: longer than a restart of the server takes, crash recovery included."""
_PAUSE_SECONDS = 0.25


async def wait_for_database(attempt: Callable[[], Awaitable[T]], subgraph: str, seconds: float = WAIT_SECONDS) -> T:
    """Repeat what fails because the database is away until it succeeds; raises Unavailable after some seconds."""
    deadline = time.monotonic() + seconds
    has_logged = False
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not isinstance(error, Unavailable) and not is_away(error):
                raise
            reason = reason_of(error)
        if time.monotonic() > deadline:
            raise Unavailable from reason
        if not has_logged:
            log.warning("waiting for the database", subgraph=subgraph, seconds=seconds, reason=repr(reason))
            has_logged = True
        await asyncio.sleep(_PAUSE_SECONDS)
