"""Start child processes that never outlive this one, and stop them politely first, firmly after.

On Linux the kernel itself sends the child a signal when its parent dies (prctl(2), PR_SET_PDEATHSIG), so even
`kill -9` of this process leaves nothing behind. The signal is tied to the *thread* that started the child: start
children from the main thread, never from a worker thread that ends earlier. Other systems have no such call.
"""

import asyncio
import contextlib
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LOG_ROTATION_BYTES = 10 * 1024 * 1024
_READ_BYTES = 64 * 1024
_ABORT_SECONDS = 6.0  # PostgreSQL gives its own children 5 s after SIGQUIT

if sys.platform == "linux":
    # Resolved here, because nothing may be imported or looked up between fork and exec.
    _prctl = ctypes.CDLL(None, use_errno=True).prctl
    _prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
else:
    _prctl = None


class ServiceError(Exception):
    """A part could not be started or kept running; the text is one sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system user that a child is demoted to."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """The user's name, or its number where the system knows no name."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)


class ManagedProcess:
    """A running child that leads its own session; made by `spawn`."""

    def __init__(
        self, name: str, child: asyncio.subprocess.Process, output: asyncio.Task[None] | None, death: signal.Signals
    ) -> None:
        self.name = name
        self.pid = child.pid
        self._child = child
        self._output = output
        self._death = death

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal, or None while it runs."""
        return self._child.returncode

    async def wait(self) -> int:
        """Wait for the end and return the exit status; what was left of its process group is ended too."""
        code = await self._child.wait()
        self._signal_group(signal.SIGKILL)
        if self._output is not None:
            await asyncio.wait({self._output})
        return code

    async def stop(self, steps: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)) -> int:
        """Send each signal in turn, allow it its seconds, and end with SIGKILL; return the exit status."""
        for number, seconds in steps:
            self._signal(number)
            try:
                return await asyncio.wait_for(self.wait(), seconds)
            except TimeoutError:
                continue
        self._signal_group(signal.SIGKILL)
        return await self.wait()

    async def abort(self) -> int:
        """End it at once: the signal it would get if this process died, then SIGKILL after 6 s."""
        return await self.stop([(self._death, _ABORT_SECONDS)])

    def _signal(self, number: signal.Signals) -> None:
        if self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(number)

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def exit_text(code: int) -> str:
    """Say in words how a process with this exit status ended: "exited with 1", "was killed by SIGKILL"."""
    return f"exited with {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"


async def spawn(
    name: str,
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    on_line: Callable[[str], None] | None = None,
) -> ManagedProcess:
    """Start `argv` in its own session, with no input, its output appended to `log`.

    `env` replaces the environment. `account` demotes the child (root only). `death_signal` is what the kernel sends
    it when this process dies. `on_line` also gets every line of output. Raises ServiceError if it cannot be started.
    """
    parent = os.getpid()

    def tie_to_parent() -> None:
        # Runs after the change of user, which would clear the setting.
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:  # it died before the call: the signal would never come
                os._exit(1)

    log_file = _open_log(log)
    try:
        child = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log_file if on_line is None else asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=tie_to_parent,
        )
    except OSError as error:
        log_file.close()
        raise ServiceError(f"{name} could not be started: {error}") from error
    output = None
    if on_line is None or child.stdout is None:
        log_file.close()
    else:
        output = asyncio.create_task(_copy_lines(child.stdout, log_file, on_line))
    return ManagedProcess(name, child, output, death_signal)


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_ROTATION_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab", buffering=0)


async def _copy_lines(source: asyncio.StreamReader, log: IO[bytes], on_line: Callable[[str], None]) -> None:
    # Split by hand: StreamReader.readline gives up on lines longer than its buffer.
    rest = b""
    with log:
        while chunk := await source.read(_READ_BYTES):
            log.write(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                on_line(line.decode(errors="replace"))
        if rest:
            on_line(rest.decode(errors="replace"))
