"""How long to wait after a failure: exponential back-off with jitter, so that clients do not retry all at once."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Delays in seconds: `first`, doubled by each failure up to `longest`, each shortened by up to half."""

    first: float
    longest: float

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after this many failures in a row, 1 or more."""
        whole = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return whole * random.uniform(0.5, 1)  # noqa: S311 (no secret)
