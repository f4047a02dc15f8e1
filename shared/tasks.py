"""Ending background tasks for certain."""

import asyncio
from collections.abc import Collection
from typing import Any

_REPEAT_SECONDS = 0.2


async def stop(tasks: Collection["asyncio.Task[Any]"]) -> None:
    """Cancel tasks and wait until all have ended; what they raise is dropped.

    One cancellation may be lost: before Python 3.12 `asyncio.wait_for`, by which redis-py sends, swallows one that
    comes together with the result (https://github.com/python/cpython/issues/86296).
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        done, pending = await asyncio.wait(pending, timeout=_REPEAT_SECONDS)
        await asyncio.gather(*done, return_exceptions=True)
