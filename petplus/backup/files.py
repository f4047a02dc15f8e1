"""Directories of backups: one appears under its name when it is whole, or not at all, and its user alone reads it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from petplus.backup.errors import TargetNotEmpty, WriteFailed
from petplus.local.locking import DirectoryLock
from petplus.local.process import ServiceError


@contextmanager
def new_directory(target: Path) -> Iterator[Path]:
    """Make a directory at `target`: the block fills another one, which is renamed at its end.

    What a backup left behind that was killed is removed. Raises TargetNotEmpty, and WriteFailed for what the system
    refuses within the block.
    """
    target = target.absolute()
    if target.exists() or target.is_symlink():
        raise TargetNotEmpty(f"{target} exists already: a backup is a directory of its own.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prefix = f".{target.name}.partial-"
        _remove_abandoned(target.parent, prefix)
        partial = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))  # mode 0700
    except OSError as error:
        raise WriteFailed(f"{target} cannot be written: {error.strerror}.") from None
    try:
        with DirectoryLock(partial, f"{partial} is in use."):
            yield partial
            _to_disk(partial)
            partial.rename(target)
        _to_disk(target.parent)
    except OSError as error:
        raise WriteFailed(f"{target} cannot be written: {error.strerror}. No backup was made.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _remove_abandoned(parent: Path, prefix: str) -> None:
    for left in parent.glob(f"{prefix}*"):
        # One that is locked belongs to a backup that still runs.
        with suppress(ServiceError, FileNotFoundError), DirectoryLock(left, "in use"):
            shutil.rmtree(left, ignore_errors=True)


def _to_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
