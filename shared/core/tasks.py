"""Stops background tasks reliably, and registers those that end with the request that they work for."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_REPEAT_SECONDS = 0.2

REQUEST_TASKS: ContextVar["set[asyncio.Task[object]] | None"] = ContextVar("request_task", default=None)
"""Further tasks of the current request, such as loaders' batches: they are cancelled with it."""


@contextmanager
def request_task() -> Iterator[None]:
    """Cancel the current task with the request that it works for, until the end of the block."""
    tasks, task = REQUEST_TASKS.get(), asyncio.current_task()
    if tasks is None or task is None:
        yield
        return
    tasks.add(task)
    try:
        yield
    finally:
        tasks.discard(task)


async def stop(tasks: Collection["asyncio.Task[object]"]) -> None:
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
