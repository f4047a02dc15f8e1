"""Writes files that nobody else may read: whole, or not at all."""

import os
from pathlib import Path


def write_private(directory: Path, name: str, content: bytes) -> None:
    """Write a file into a directory that is made private, in place of one with the same name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    unfinished = directory / f".{name}.part"
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(directory / name)
