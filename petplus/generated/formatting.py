"""Formats Python files that are generated."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def tidy(files: Iterable[Path]) -> None:
    """Format files and remove the imports that they do not need. Does nothing where ruff is not installed."""
    beside_python = Path(sys.executable).parent
    ruff = shutil.which("ruff", path=os.pathsep.join([str(beside_python), os.environ.get("PATH", "")]))
    names = [str(file) for file in files]
    if ruff is not None and names:
        for arguments in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([ruff, *arguments, *names], check=True)
