"""What the supervisor can run besides the embedded servers: commands that stay, and steps that finish."""

import asyncio
import contextlib
import errno
import signal
import socket
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import httpx

from petplus.local.process import ManagedProcess, ServiceError, exit_text, spawn

_POLL_SECONDS = 0.05
_PROBE_SECONDS = 2.0
# Probes speak plain HTTP. Without this, each client would load all certificate authorities, which takes half a poll.
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Service(Protocol):
    """A part that the supervisor starts, watches and stops. The embedded servers are services as they are."""

    @property
    def name(self) -> str:
        """The word that messages call it by."""

    @property
    def log(self) -> Path | None:
        """The file that holds its output, named when it fails."""

    @property
    def process(self) -> ManagedProcess | None:
        """The process to watch, or None if there is nothing to watch."""

    async def start(self) -> None:
        """Return when it is ready, or raise ServiceError and leave nothing running; also called to restart
        it.
        """

    async def stop(self) -> None:
        """End it politely, then firmly. Harmless when it is not running."""


class CommandService:
    """A command that stays, such as a subgraph server or the router."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        log: Path,
        env: Callable[[], Mapping[str, str]] | None = None,
        cwd: Path | None = None,
        port: int | None = None,
        ready: Callable[[], Awaitable[bool]] | None = None,
        deadline: float = 30.0,
        grace: float = 10.0,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        """Describe the command; nothing runs before `start`.

        `env` is asked for the whole environment at each start, so it may use the URLs of services started
        before. `port` on 127.0.0.1 must be free before the start. `ready` is polled until it answers True,
        for at most `deadline` seconds. `grace` seconds lie between SIGTERM and SIGKILL. `on_line` gets each
        line of output, which goes to `log` in any case.
        """
        self.name = name
        self.log = log
        self._argv = argv
        self._env = env
        self._cwd = cwd
        self._port = port
        self._ready = ready
        self._deadline = deadline
        self._grace = grace
        self._on_line = on_line
        self._process: ManagedProcess | None = None

    @property
    def process(self) -> ManagedProcess | None:
        """The command's process, or None before `start` and after `stop`."""
        return self._process

    async def start(self) -> None:
        """Start the command and wait until it is ready; raises ServiceError otherwise."""
        if self._port is not None:
            require_free_port(self.name, self._port)
        env = None if self._env is None else self._env()
        self._process = await spawn(self.name, self._argv, log=self.log, env=env, cwd=self._cwd, on_line=self._on_line)
        try:
            await self._wait_until_ready(self._process)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Send SIGTERM, wait for the grace period, then kill its process group. Harmless when it is not
        running.
        """
        if self._process is not None:
            await self._process.stop([(signal.SIGTERM, self._grace)])
            self._process = None

    async def _wait_until_ready(self, process: ManagedProcess) -> None:
        deadline = time.monotonic() + self._deadline
        while self._ready is not None:
            answered = await self._ready()
            if process.returncode is not None:
                raise ServiceError(
                    f"{self.name} {exit_text(process.returncode)} while starting: its log is {self.log}."
                )
            if answered:
                return
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} was not ready after {self._deadline:.0f} s: its log is {self.log}.")
            await asyncio.sleep(_POLL_SECONDS)


class Step:
    """Work that must be done before what follows may start, such as migrations. It is not repeated on
    restarts.
    """

    log = None
    process = None

    def __init__(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """`run` does the work; a ServiceError from it stops the start."""
        self.name = name
        self._run = run

    async def start(self) -> None:
        """Do the work."""
        await self._run()

    async def stop(self) -> None:
        """Do nothing: a step leaves nothing running."""


def until_ready(name: str, url: str, deadline: float) -> Callable[[], Awaitable[None]]:
    """Return the work of a `Step`: it ends once a GET of `url` answers 200.

    It raises ServiceError after `deadline` seconds, with the answer's body, which says what is missing.
    """

    async def wait() -> None:
        said = "nothing"
        try:
            async with asyncio.timeout(deadline), _client() as client:
                while True:
                    with contextlib.suppress(httpx.HTTPError):
                        answer = await client.get(url)
                        if answer.status_code == httpx.codes.OK:
                            return
                        said = " ".join(answer.text.split()) or f"status {answer.status_code}"
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise ServiceError(f"{name} was not ready after {deadline:.0f} s: {url} says {said}.") from None

    return wait


def http_ready(url: str) -> Callable[[], Awaitable[bool]]:
    """Return a probe for `CommandService`: True once a GET of `url` answers 200."""
    address = httpx.URL(url)

    async def probe() -> bool:
        # Most probes are made before anybody listens: a connection alone takes a tenth of a request's CPU time.
        if not await _accepts(address.host, address.port or 80):
            return False
        try:
            async with _client() as client:
                return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return probe


async def _accepts(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:  # TimeoutError is one
        return False
    writer.close()
    return True


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=_PROBE_SECONDS, verify=_NO_AUTHORITIES)


def console_lines(name: str, width: int = 10) -> Callable[[str], None]:
    """Return an `on_line` that writes each line to standard output behind the service's name."""

    def write(line: str) -> None:
        sys.stdout.write(f"{name:<{width}}| {line}\n")
        sys.stdout.flush()

    return write


def require_free_port(name: str, port: int) -> None:
    """Raise ServiceError if something listens on `port` of 127.0.0.1, where `name` wants to listen."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an earlier run that linger in TIME_WAIT are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = "is taken by another program" if error.errno == errno.EADDRINUSE else f"fails: {error}"
            raise ServiceError(f"{name} cannot listen on port {port}: it {reason}.") from error
