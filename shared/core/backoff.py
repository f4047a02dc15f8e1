"""How long to wait after a failure: exponential back-off with jitter, so that those who failed together part ways."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Delays in seconds: `first`, doubled by each failure up to `longest`, each shortened by up to a half."""

    first: float
    longest: float

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row, 1 and up."""
        whole = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return whole * random.uniform(0.5, 1)  # noqa: S311 (no secret)
