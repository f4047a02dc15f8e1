"""Fixtures of the differential tests."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def collected_coroutines() -> Iterator[None]:
    """Collect dropped coroutines while their warnings are ignored; otherwise later tests report them."""
    yield
    gc.collect()
