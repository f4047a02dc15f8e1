"""Exclusive use of a directory, by flock(2): the kernel drops the lock with the process, so it is never
stale.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from petplus.local.process import ServiceError


class DirectoryLock:
    """An exclusive lock on a directory itself; no lock file is left behind. A context manager."""

    def __init__(self, directory: Path, refusal: str) -> None:
        """`refusal` is the sentence to fail with when another process holds the lock."""
        self._directory = directory
        self._refusal = refusal
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise ServiceError with the refusal."""
        fd = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise ServiceError(self._refusal) from None
        self._fd = fd

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
