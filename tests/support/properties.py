"""How many examples property tests try: few with every change, many at night."""

import os

_SHARES = {"ci": 0.4, "nightly": 4.0}
PROFILE = os.environ.get("PETPLUS_TEST_PROFILE", "ci")


def examples(usual: int) -> int:
    """Return how many examples this run tries of a property for which `usual` are a good number."""
    return max(5, int(usual * _SHARES[PROFILE]))
