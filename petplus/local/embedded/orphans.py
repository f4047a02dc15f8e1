"""Find and end server processes that a crash left behind, and only those of one data directory.

Each server carries its directory's identity (device and inode) in its command line, which every process of
the system may read, unlike working directories or open files: those need rights that root lacks in a
container.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from petplus.local.process import ServiceError

_STEPS = ((None, 1.0), (signal.SIGQUIT, 5.5), (signal.SIGKILL, 5.0))
_POLL_SECONDS = 0.02


def identity(directory: Path) -> str:
    """Return a word that names this directory uniquely on this machine, even after it was moved or copied."""
    found = directory.stat()
    # Of fixed width, so that no word is the beginning of another.
    return f"petplus-{found.st_dev:016x}-{found.st_ino:016x}"


def processes_of(word: str) -> list[int]:
    """Return the ids of the PostgreSQL and Valkey processes that carry `word` in their command line."""
    return [pid for pid, command in _commands() if _is_server(command) and word in command]


async def end_orphans(word: str) -> None:
    """End every server process that carries `word`: a second to finish alone, then SIGQUIT, then SIGKILL.

    Raises ServiceError if one survives. The caller must hold the directory's lock, so that none belongs to a
    living instance.
    """
    for number, seconds in _STEPS:
        deadline = time.monotonic() + seconds
        while orphans := processes_of(word):
            if number is not None:
                for pid in orphans:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, number)
                number = None
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(_POLL_SECONDS)
        else:
            return
    raise ServiceError(f"Processes of an earlier run cannot be ended: {', '.join(map(str, processes_of(word)))}.")


def clear_reused_pid(lock_file: Path, word: str) -> None:
    """Remove a PostgreSQL lock file whose process id now belongs to a stranger, which makes the server refuse
    to start.

    A lock file of a dead process stays: the server checks that its shared memory is free, then replaces it.
    """
    try:
        pid = abs(int(lock_file.read_text().split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        lock_file.unlink(missing_ok=True)  # empty after a full disk or a crash in the middle of its creation
        return
    if pid not in processes_of(word) and _is_alive(pid):
        lock_file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_server(command: str) -> bool:
    # Both rewrite their title once they run; before that, and in the postmaster, the path of the binary
    # stands there.
    return command.startswith(("postgres: ", "valkey-server ")) or any(
        binary in command for binary in ("/bin/postgres ", "/valkey-server ")
    )


def _commands() -> list[tuple[int, str]]:
    if sys.platform != "linux":
        listing = subprocess.run(["/bin/ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True)
        rows = (line.strip().split(" ", 1) for line in listing.stdout.splitlines())
        return [(int(row[0]), row[1].strip()) for row in rows if len(row) == 2]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(entry.name), command.decode(errors="replace")))
    return found
