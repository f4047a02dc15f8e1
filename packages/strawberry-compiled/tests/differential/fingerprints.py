"""Fingerprints of functions, by which a test notices that a library has changed one."""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any


def fingerprint(function: Callable[..., Any]) -> str:
    """Return a short hash of a function's source."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]
