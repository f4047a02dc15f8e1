"""Cooperative priority scheduling on one event loop: requests run before events, and events before jobs.

A step is what a coroutine does between two awaits. Jobs that wake together would run all their steps in a row, and an
event that arrives meanwhile would wait behind them, again at each of the dozen awaits between a commit and the message
to a subscriber. So jobs of one priority run their steps one at a time, and only a few while more urgent work runs.
"""

import asyncio
import enum
from collections import deque
from collections.abc import Coroutine, Generator, Iterator
from contextlib import ExitStack, contextmanager
from types import coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

HOLD_SECONDS = 0.005
"""While more urgent work runs, one step runs this often, so that jobs always make progress."""
_LOOK_SECONDS = 0.001


class Priority(enum.IntEnum):
    """How urgent work is. More urgent work runs first."""

    REQUEST = 0
    """A client waits for the response."""
    EVENT = 1
    """It carries a commit to its effects."""
    BACKGROUND = 2
    """Nothing waits for it."""


class StepScheduler:
    """Runs coroutines one step at a time; while work of a higher priority runs, steps are few."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._taken = False
        self._taken_at = 0.0
        self._slowed = 0

    @contextmanager
    def slowed(self) -> Iterator[None]:
        """Slow this scheduler down until the end of the block."""
        self._slowed += 1
        try:
            yield
        finally:
            self._slowed -= 1

    @coroutine
    def run(self, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """Await the work, but wait for a turn before each of its steps: what passes in between is the event loop's."""
        step, given = work.send, None
        while True:
            try:
                yield from self._wait_for_turn().__await__()
            except BaseException as error:
                step, given = work.throw, error
            try:
                wanted = step(given)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                step, given = work.send, (yield wanted)
            except BaseException as error:
                step, given = work.throw, error

    async def _wait_for_turn(self) -> None:
        if self._taken:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            try:
                await waiting
            except BaseException:
                if waiting.done() and not waiting.cancelled():
                    self._pass_on()
                raise
        loop = asyncio.get_running_loop()
        self._taken, self._taken_at = True, loop.time()
        # The step follows at once; everything that is ready by then runs before the next one.
        loop.call_soon(self._pass_on)

    def _pass_on(self) -> None:
        loop = asyncio.get_running_loop()
        if self._slowed and loop.time() < self._taken_at + HOLD_SECONDS:
            loop.call_later(_LOOK_SECONDS, self._pass_on)
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._taken = False


_SCHEDULERS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Priority, StepScheduler]] = WeakKeyDictionary()


def scheduler_of(priority: Priority) -> StepScheduler:
    """Return the scheduler that all work of a priority shares on this event loop."""
    schedulers = _SCHEDULERS.setdefault(asyncio.get_running_loop(), {})
    return schedulers.setdefault(priority, StepScheduler())


@contextmanager
def prioritised(priority: Priority) -> Iterator[None]:
    """Run the block at a priority: less urgent scheduled work is slowed down meanwhile."""
    with ExitStack() as stack:
        for lower in Priority:
            if lower > priority:
                stack.enter_context(scheduler_of(lower).slowed())
        yield
