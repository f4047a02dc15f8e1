"""The queue of work on passwords: networks take turns at the threads that do it (`shared.security.fair_queue`).

A hash takes a core for a quarter of a second, so a few attackers can ask for more than can be done. They are refused
then, while somebody who logs in now and then is served as if they were not there.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shared.security.fair_queue import HELD, FairQueue

T = TypeVar("T")

HASHES_AT_ONCE = 2
"""A hash takes a core for a quarter of a second and 64 MiB."""
MOST_WAITING = 24


class PasswordQueue:
    """Runs work in `HASHES_AT_ONCE` threads. It waits as long as its operation may, or else for `wait_seconds`."""

    def __init__(self, threads: ThreadPoolExecutor, wait_seconds: float) -> None:
        self._threads = threads
        self._wait_seconds = wait_seconds
        self._queue = FairQueue(HASHES_AT_ONCE, MOST_WAITING)

    async def run(self, caller: str, work: Callable[[], T]) -> T:
        """Do some work in a thread when its turn comes.

        `caller` is the network, or the person, that the work is counted for. Raises TooManyRequests if there is no
        place, or no turn in time.
        """
        held = HELD.get()
        if held is not None:
            # Else those that wait here would keep all other operations out.
            held.leave()
        place = await self._queue.enter(caller, self._wait_seconds if held is None else held.wait_seconds)
        loop, began = asyncio.get_running_loop(), time.monotonic()
        future = self._threads.submit(work)
        # Not when this is cancelled: the thread goes on.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(place.leave))
        try:
            return await asyncio.wrap_future(future)
        finally:
            if held is not None:
                held.extend(time.monotonic() - began)
