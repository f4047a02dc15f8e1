"""What the comparisons of executors share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """Collect coroutines that were dropped, while their warnings are ignored: later tests would be blamed for them.

    Where an object falls, graphql-core drops coroutines that it has made of its fields, and so does compiled code.
    """
    yield
    gc.collect()
