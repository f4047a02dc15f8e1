"""Private Valkey servers on Unix sockets, without persistence: one is the broker, one holds caches.

The broker is disposable by design: everything in it is refilled from the outboxes, so writing it to disk
would cost time and promise nothing. It never evicts: a full broker must refuse a message rather than lose one
silently. The cache makes room by itself.
"""

import asyncio
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from petplus.local.embedded.binaries import valkey_binary
from petplus.local.embedded.directories import (
    ServerDirectory,
    hand_over,
    open_server_directory,
    socket_directory,
    write_secret,
)
from petplus.local.embedded.orphans import end_orphans, identity
from petplus.local.locking import DirectoryLock
from petplus.local.process import SERVER_ENVIRONMENT, ManagedProcess, ServiceError, exit_text, spawn

_SOCKET = "valkey.sock"
_START_SECONDS = 15.0
_POLL_SECONDS = 0.01
_STOP_STEPS = ((signal.SIGTERM, 5.0),)


@dataclass(frozen=True)
class ValkeyRole:
    """What a server is for: its name, how much it may hold, and what it removes when that is full."""

    name: str
    megabytes: int
    policy: str


BROKER = ValkeyRole("valkey", megabytes=256, policy="noeviction")
CACHE = ValkeyRole("cache", megabytes=64, policy="volatile-ttl")


class EmbeddedValkey:
    """A Valkey server (Redis protocol) for one PETPLUS_HOME; what it holds is gone when it stops.

    Start it from the main thread (see `petplus.local.process`). Starting it again after a crash is always allowed,
    and its URL stays the same.
    """

    def __init__(self, home: Path, role: ValkeyRole = BROKER) -> None:
        """`home` is PETPLUS_HOME; it is made if missing. Nothing happens before `start`."""
        self.name = role.name
        self.log = home / "logs" / f"{role.name}.log"
        self._home = home
        self._role = role
        self._process: ManagedProcess | None = None
        self._url: str | None = None
        self._socket: Path | None = None
        self._lock: DirectoryLock | None = None

    @property
    def process(self) -> ManagedProcess | None:
        """The server's process, or None before `start` and after `stop`."""
        return self._process

    @property
    def url(self) -> str:
        """`unix://:PASSWORD@/path/to/valkey.sock?db=0`, as redis-py reads it; known once the server was
        started.
        """
        if self._url is None:
            raise RuntimeError("the embedded Valkey has no URL before its first start")
        return self._url

    async def start(self) -> None:
        """Start the server and return once it answers.

        Raises ServiceError when another process runs this home, or when the server ends or does not answer
        within 15 s; the reason is then in the log.
        """
        directory = open_server_directory(self._home)
        base = directory.subdirectory(self.name)
        if self._lock is None:
            lock = DirectoryLock(base, f"Another process already runs the Valkey ({self.name}) of {self._home}.")
            lock.acquire()
            self._lock = lock
        try:
            await self._start(directory, base)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server. Harmless when it is not running."""
        if self._process is not None:
            await self._process.stop(_STOP_STEPS)
            self._process = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    async def _start(self, directory: ServerDirectory, base: Path) -> None:
        binary = valkey_binary(directory)
        word = identity(base)
        await end_orphans(word)
        socket = socket_directory(base, _SOCKET, directory.account) / _SOCKET
        password_file = base / "password"
        password = (
            password_file.read_text() if password_file.exists() else write_secret(password_file, directory.account)
        )
        self._url = f"unix://:{password}@{socket}?db=0"
        config = base / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(_config(self._role, base, socket, password, word))
        hand_over(config, directory.account)
        self._process = await spawn(
            self.name,
            [str(binary), str(config)],
            log=self.log,
            env=SERVER_ENVIRONMENT,
            cwd=base,
            account=directory.account,
        )
        await self._wait_until_ready(self._process, socket, password)

    async def _wait_until_ready(self, process: ManagedProcess, socket: Path, password: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while process.returncode is None:
            client = Redis(unix_socket_path=str(socket), password=password, retry=Retry(NoBackoff(), 0))
            try:
                await client.ping()
                return
            except (OSError, RedisError) as error:
                if time.monotonic() > deadline:
                    raise ServiceError(
                        f"Valkey does not answer after {_START_SECONDS:.0f} s ({error}): its log is {self.log}."
                    ) from error
            finally:
                await client.aclose()
            await asyncio.sleep(_POLL_SECONDS)
        raise ServiceError(f"Valkey {exit_text(process.returncode)} while starting: its log is {self.log}.")


def _config(role: ValkeyRole, base: Path, socket: Path, password: str, word: str) -> str:
    # In a file and not in the command line, where every user of the machine could read the password.
    lines = {
        "port": "0",
        "unixsocket": _quoted(socket),
        "unixsocketperm": "700",
        "requirepass": _quoted(password),
        "dir": _quoted(base),
        "save": '""',
        "appendonly": "no",
        "maxmemory": f"{role.megabytes}mb",
        "maxmemory-policy": role.policy,
        "daemonize": "no",
        "proc-title-template": _quoted(f"{{title}} {word}"),
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def _quoted(value: object) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
