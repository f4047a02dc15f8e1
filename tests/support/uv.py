"""Finds uv, which runs the tests, and by which some of them build packages and run tools."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]


def find_uv() -> str:
    """Return the path of the uv that runs the tests."""
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    assert Path(uv).exists(), "uv runs the tests, and builds the packages"
    return uv
