"""The queue of work on passwords: whoever has asked for least in the last minute goes first, and nobody waits for long.

A hash takes a core for a quarter of a second, so a few attackers can ask for more than can be done. They are refused
then, while somebody who logs in now and then is served as if they were not there.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from shared.security.client_network import site_of
from shared.security.rate_limit import too_many

T = TypeVar("T")

HASHES_AT_ONCE = 2
"""A hash takes a core for a quarter of a second and 64 MiB."""
MOST_WAITING = 24
MOST_WAITING_OF_CALLER = 6
RETRY_AFTER_SECONDS = 2
MOST_WAITS = 2
"""How many times as long as the work itself somebody waits, where the machine is slow."""
_DECAY = 0.9
_PERIOD_SECONDS = 30.0


class _RecentWork:
    """How much work was begun for whom in the last half to whole minute, in this process."""

    def __init__(self) -> None:
        self._current, self._previous = Counter[str](), Counter[str]()
        self._ends = time.monotonic() + _PERIOD_SECONDS

    def add(self, site: str) -> None:
        self._forget()
        self._current[site] += 1

    def of(self, site: str) -> int:
        self._forget()
        return self._current[site] + self._previous[site]

    def _forget(self) -> None:
        now = time.monotonic()
        if now < self._ends:
            return
        is_recent = now < self._ends + _PERIOD_SECONDS
        self._previous, self._current = self._current if is_recent else Counter(), Counter()
        self._ends = now + _PERIOD_SECONDS


@dataclass(eq=False)
class _Waiting:
    caller: str
    site: str
    number: int
    turn: "asyncio.Future[None]"


class PasswordQueue:
    """Runs work in `HASHES_AT_ONCE` threads."""

    def __init__(self, threads: ThreadPoolExecutor, wait_seconds: float) -> None:
        self._threads = threads
        self._wait_seconds = wait_seconds
        self._running = 0
        self._count = 0
        self._waiting: list[_Waiting] = []
        self._recent = _RecentWork()
        self._slowest = 0.0

    async def run(self, caller: str, work: Callable[[], T]) -> T:
        """Do some work in a thread when its turn comes.

        `caller` is the network, or the person, that the work is counted for. Raises TooManyRequests if there is no
        place, or no turn in time.
        """
        await self._turn(caller)
        loop = asyncio.get_running_loop()
        future = self._threads.submit(self._timed, work)
        # Not when this is cancelled: the thread goes on.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))
        return await asyncio.wrap_future(future)

    def _timed(self, work: Callable[[], T]) -> T:
        started = time.monotonic()
        try:
            return work()
        finally:
            # The slowest of late. Each thread writes it, and which of two is last does not matter.
            self._slowest = max(time.monotonic() - started, self._slowest * _DECAY)

    async def _turn(self, caller: str) -> None:
        self._count += 1
        waiting = _Waiting(caller, site_of(caller), self._count, asyncio.get_running_loop().create_future())
        self._free_a_place(waiting)
        self._waiting.append(waiting)
        self._begin_next()
        try:
            # Unlike a time-out of the future, this leaves it whole: it may be given its turn as the time is over.
            await asyncio.wait([waiting.turn], timeout=max(self._wait_seconds, self._slowest * MOST_WAITS))
        except asyncio.CancelledError:
            if waiting.turn.done() and waiting.turn.exception() is None:
                self._release()
            raise
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
        if not waiting.turn.done():
            raise too_many(RETRY_AFTER_SECONDS)
        waiting.turn.result()

    def _free_a_place(self, new: _Waiting) -> None:
        """Refuse whoever has asked for most, or the newcomer, if there is no place."""
        if sum(each.caller == new.caller for each in self._waiting) >= MOST_WAITING_OF_CALLER:
            raise too_many(RETRY_AFTER_SECONDS)
        if len(self._waiting) < MOST_WAITING:
            return
        last = max(self._waiting, key=self._rank)
        if self._rank(new) >= self._rank(last):
            raise too_many(RETRY_AFTER_SECONDS)
        self._waiting.remove(last)
        last.turn.set_exception(too_many(RETRY_AFTER_SECONDS))

    def _rank(self, waiting: _Waiting) -> tuple[int, int]:
        return self._recent.of(waiting.site), waiting.number

    def _begin_next(self) -> None:
        while self._running < HASHES_AT_ONCE and self._waiting:
            first = min(self._waiting, key=self._rank)
            self._waiting.remove(first)
            self._running += 1
            self._recent.add(first.site)
            first.turn.set_result(None)

    def _release(self) -> None:
        self._running -= 1
        self._begin_next()
