"""Start child processes that never outlive this one, and stop them politely first, firmly after.

On Linux the kernel itself sends a child its death signal when its parent dies (see `petplus.local.launch`), so even
`kill -9` of this process leaves nothing behind. The signal is tied to the *thread* that started the child:
start children from the main thread, never from a worker thread that ends earlier. Other systems have no such
call: there the next start ends what is left of the embedded servers.
"""

import asyncio
import contextlib
import os
import pwd
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from petplus.local import launch

_LOG_ROTATION_BYTES = 10 * 1024 * 1024
_READ_BYTES = 64 * 1024
_OUTPUT_SECONDS = 1.0  # a descendant in a session of its own may hold the pipe open
_ABORT_SECONDS = 6.0  # PostgreSQL gives its own children 5 s after SIGQUIT


SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that an embedded server may see of our environment: PGPORT, PGOPTIONS and secrets are not for it."""


class ServiceError(Exception):
    """A part could not be started or kept running; the text is one sentence for the user."""


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
        self._group_ended = False

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal, or None while it runs."""
        return self._child.returncode

    async def wait(self) -> int:
        """Wait for the end and return the exit status; what was left of its process group is ended too."""
        code = await self._child.wait()
        if not self._group_ended:  # only once: later the number may be another's
            self._group_ended = True
            self._signal_group(signal.SIGKILL)
        if self._output is not None:
            await asyncio.wait({self._output}, timeout=_OUTPUT_SECONDS)
            self._output.cancel()
        return code

    async def stop(self, steps: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)) -> int:
        """Send each signal in turn, allow it its seconds, and end with SIGKILL; return the exit status."""
        for number, seconds in steps:
            self._signal(number)
            try:
                return await asyncio.wait_for(self.wait(), seconds)
            except TimeoutError:
                continue
        self._signal(signal.SIGKILL)
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


def accept_interrupts() -> None:
    """Let SIGINT end this process and its children where it was inherited as ignored, as by a shell's background jobs.

    What needs an orderly end sets a handler of its own.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def raise_file_limit() -> None:
    """Raise the number of files that this process and its children may open to what the system allows.

    Each subscriber takes two sockets in the router; the usual soft limit of 1,024 is there for programs that use
    select(2).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


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

    `env` replaces the environment. `account` demotes the child (root only). `death_signal` is what the kernel
    sends it when this process dies. `on_line` also gets every line of output. Raises ServiceError if it
    cannot be started.
    """
    user = account or Account(0, 0)  # 0: stay who we are
    launcher = (sys.executable, "-I", "-S", launch.__file__)
    tie = map(str, (os.getpid(), death_signal.value, user.uid, user.gid))
    log_file = _open_log(log)
    # A pipe of our own: asyncio holds back the end of a process while a descendant keeps asyncio's pipe open.
    reading, writing = (None, None) if on_line is None else os.pipe()
    try:
        child = await asyncio.create_subprocess_exec(
            *launcher,
            *tie,
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log_file if writing is None else writing,
            stderr=asyncio.subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
    except OSError as error:
        log_file.close()
        if reading is not None:
            os.close(reading)
        raise ServiceError(f"{name} could not be started: {error}") from error
    finally:
        if writing is not None:
            os.close(writing)
    output = None
    if on_line is None or reading is None:
        log_file.close()
    else:
        output = asyncio.create_task(_copy_lines(reading, log_file, on_line))
    return ManagedProcess(name, child, output, death_signal)


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_ROTATION_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return open(path, "ab", buffering=0, opener=_open_private)


def _open_private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


async def _copy_lines(pipe: int, log: IO[bytes], on_line: Callable[[str], None]) -> None:
    source = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(source), os.fdopen(pipe, "rb", buffering=0)
    )
    # Split by hand: StreamReader.readline gives up on lines longer than its buffer.
    rest = b""
    with log, contextlib.closing(transport):
        while chunk := await source.read(_READ_BYTES):
            log.write(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                on_line(line.decode(errors="replace"))
        if rest:
            on_line(rest.decode(errors="replace"))
