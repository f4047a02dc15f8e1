"""What the comparisons of executors share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """Collect coroutines that were dropped, while their warnings are ignored: later tests would be blamed for them."""
    yield
    gc.collect()
