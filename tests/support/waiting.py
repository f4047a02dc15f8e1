"""How tests wait: for a condition, with one deadline that only something broken reaches.

A test never guesses how long something takes on a busy machine. It waits for what it wants to see, and the deadline,
which is the same everywhere, ends what would wait for ever. A test of a time-out gives the product a small one.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

TEST_TIMEOUT = float(os.environ.get("PETPLUS_TEST_TIMEOUT", "180"))
"""The deadline in seconds of every wait: far longer than anything takes that works."""
_LONGEST_PAUSE = 0.25
_LONGER = 1.3
"""By how much each pause is longer than the one before: to ask all the time slows down what is waited for."""


def in_time() -> asyncio.Timeout:
    """Return a block that must end before the deadline."""
    return asyncio.timeout(TEST_TIMEOUT)


async def soon(awaitable: Awaitable[T]) -> T:
    """Return a result that must come before the deadline."""
    async with in_time():
        return await awaitable


async def eventually(
    condition: Callable[[], Awaitable[T]], pause: float = 0.01, about: Callable[[], object] | None = None
) -> T:
    """Ask until the answer is true, and return it; fails at the deadline, with what `about` then returns.

    `pause` is the first one, in seconds.
    """
    deadline = time.monotonic() + TEST_TIMEOUT
    while not (found := await condition()):
        assert time.monotonic() < deadline, _message(condition, about)
        await asyncio.sleep(pause)
        pause = _next(pause)
    return found


def wait_until(condition: Callable[[], object], pause: float = 0.02, about: Callable[[], object] | None = None) -> None:
    """Do what `eventually` does where there is no event loop."""
    deadline = time.monotonic() + TEST_TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, _message(condition, about)
        time.sleep(pause)
        pause = _next(pause)


def _next(pause: float) -> float:
    return min(pause * _LONGER, max(pause, _LONGEST_PAUSE))


def _message(condition: object, about: Callable[[], object] | None) -> str:
    return f"{condition} is not true after {TEST_TIMEOUT:.0f} s: {about() if about is not None else ''}"
