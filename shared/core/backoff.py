"""How long to wait after a failure: exponential back-off with jitter, so that clients do not retry all at once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.core.observability import log


@dataclass(frozen=True)
class Backoff:
    """Delays in seconds: `first`, doubled by each failure up to `longest`, each shortened by up to half."""

    first: float
    longest: float

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after this many failures in a row, 1 or more."""
        whole = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return whole * random.uniform(0.5, 1)  # noqa: S311 (no secret)


async def keep_running(
    work: Callable[[Callable[[], None]], Awaitable[None]],
    backoff: Backoff,
    event: str,
    *,
    ended: Callable[[], bool] = lambda: False,
    **about: str,
) -> None:
    """Run work again whenever it returns or fails, until `ended` or cancelled.

    A failure is logged as `event` with the fields `about`, and followed by a delay. The work gets a function to call
    once it does what it is for: the next failure then counts as the first.
    """
    failures = 0

    def on_success() -> None:
        nonlocal failures
        failures = 0

    while not ended():
        try:
            await work(on_success)
            on_success()
        except Exception as error:
            failures += 1
            log.warning(event, **about, error=error, failures=failures)
            await asyncio.sleep(backoff.delay(failures))
