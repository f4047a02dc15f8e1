"""Makes background work give way to news: all of a process's jobs take their steps in turn, and seldom meanwhile.

A step is what a coroutine does between two waits. Jobs that wake together would take all their steps in a row, and
news that come meanwhile would wait behind them, again at each of the dozen waits between a commit and a frame.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from types import coroutine
from typing import Any, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


HOLD_SECONDS = 0.005
"""While news are under way a step is taken this often, so that jobs go on however many news there are."""
_LOOK_SECONDS = 0.001


class Turns:
    """Whose turn it is; all that share one take their steps one after the other."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._taken = False
        self._taken_at = 0.0
        self._news = 0

    @contextmanager
    def given_way(self) -> Iterator[None]:
        """Carry news within the block: meanwhile background work goes on slowly."""
        self._news += 1
        try:
            yield
        finally:
            self._news -= 1

    @coroutine
    def run(self, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """Do the work as `await work` would, but wait for a turn before each step."""
        step, given = work.send, None
        while True:
            try:
                yield from self._turn().__await__()
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

    async def _turn(self) -> None:
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
        # The step follows at once; whatever is ready by then comes before the next one.
        loop.call_soon(self._pass_on)

    def _pass_on(self) -> None:
        loop = asyncio.get_running_loop()
        if self._news and loop.time() < self._taken_at + HOLD_SECONDS:
            loop.call_later(_LOOK_SECONDS, self._pass_on)
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._taken = False


_OfLoop: TypeAlias = WeakKeyDictionary[asyncio.AbstractEventLoop, Turns]
_BACKGROUND: _OfLoop = WeakKeyDictionary()
_CARRYING: _OfLoop = WeakKeyDictionary()


def background() -> Turns:
    """Return the turns that all background work of this event loop shares."""
    return _BACKGROUND.setdefault(asyncio.get_running_loop(), Turns())


def carrying() -> Turns:
    """Return the turns of this event loop's jobs that carry news themselves: they give way to answers alone."""
    return _CARRYING.setdefault(asyncio.get_running_loop(), Turns())


@contextmanager
def answering() -> Iterator[None]:
    """Answer somebody who waits, within the block: meanwhile all jobs go on slowly."""
    with background().given_way(), carrying().given_way():
        yield
