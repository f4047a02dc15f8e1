"""A private PostgreSQL server: its own data directory, a Unix socket only, and a password that never leaves
the disk.

The data outlive every crash: `initdb` works in a directory that is renamed when whole, PostgreSQL recovers
from its write-ahead log, and what an earlier run left behind (backends, lock files, shared memory) is cleared
before each start.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import asyncpg

from petplus.local.embedded.binaries import POSTGRES_MAJOR, postgres_binaries
from petplus.local.embedded.directories import (
    ServerDirectory,
    hand_over,
    open_server_directory,
    socket_directory,
    write_secret,
)
from petplus.local.embedded.orphans import clear_reused_pid, end_orphans, identity
from petplus.local.locking import DirectoryLock
from petplus.local.process import SERVER_ENVIRONMENT, ManagedProcess, ServiceError, exit_text, spawn

_NAME = "petplus"
_PORT = 5432  # only a part of the socket's file name: no TCP port is opened
_SOCKET = f".s.PGSQL.{_PORT}"
_PASSWORD_FILE = "petplus.password"  # noqa: S105 - a file name
_START_SECONDS = 60.0  # recovery after a crash replays the log first
_POLL_SECONDS = 0.02
# SIGINT ends the sessions and writes a checkpoint ("fast"); SIGQUIT leaves that to the next start
# ("immediate").
_STOP_STEPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 6.0))

_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "500",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    # Errors of statements quote rows and parameters. The subgraphs log their codes.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
}
# It is starting, full, or has died under the very connection that asked whether it is ready.
_NOT_YET = (asyncpg.OperatorInterventionError, asyncpg.TooManyConnectionsError, asyncpg.PostgresConnectionError)


class EmbeddedPostgres:
    """A PostgreSQL server for one PETPLUS_HOME, with a database and a superuser named petplus.

    Start it from the main thread (see `petplus.local.process`). Starting it again after a crash is always allowed,
    and its URL stays the same.
    """

    name = "postgres"

    def __init__(self, home: Path) -> None:
        """`home` is PETPLUS_HOME; it is made if missing. Nothing happens before `start`."""
        self.log = home / "logs" / "postgres.log"
        self._home = home
        self._process: ManagedProcess | None = None
        self._url: str | None = None
        self._lock: DirectoryLock | None = None

    @property
    def process(self) -> ManagedProcess | None:
        """The server's main process, or None before `start` and after `stop`."""
        return self._process

    @property
    def url(self) -> str:
        """`postgresql+asyncpg://petplus:PASSWORD@/petplus?host=SOCKETDIR&port=5432`; known once it was started."""
        if self._url is None:
            raise RuntimeError("the embedded PostgreSQL has no URL before its first start")
        return self._url

    @property
    def dsn(self) -> str:
        """The same address in libpq's form, for `asyncpg.connect`, `psql` and `pg_dump`."""
        return self.url.replace("postgresql+asyncpg:", "postgresql:", 1)

    async def start(self) -> None:
        """Start the server and return once it answers; the first time the data directory is made.

        Raises ServiceError when another process runs this home, when the data are of another PostgreSQL
        version, or when the server ends or does not answer within 60 s; the reason is then in the log.
        """
        directory = open_server_directory(self._home)
        base = directory.subdirectory("postgres")
        if self._lock is None:
            lock = DirectoryLock(base, f"Another process already runs the PostgreSQL of {self._home}.")
            lock.acquire()
            self._lock = lock
        try:
            await self._start(directory, base)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server after ending its sessions, and leave no process behind. Harmless when it is not
        running.
        """
        if self._process is not None:
            await self._process.stop(_STOP_STEPS)
            self._process = None
        if self._lock is not None:
            data = self._home.resolve() / "servers" / "postgres" / "data"
            if data.exists():
                await end_orphans(identity(data))
            self._lock.release()
            self._lock = None

    async def _start(self, directory: ServerDirectory, base: Path) -> None:
        binaries = postgres_binaries(directory)
        data = base / "data"
        if not data.exists():
            await self._initialise(directory, base, binaries)
        _check_version(data)
        word = identity(data)
        await end_orphans(word)
        sockets = socket_directory(base, f"{_SOCKET}.lock", directory.account)
        for lock_file in (data / "postmaster.pid", sockets / f"{_SOCKET}.lock"):
            clear_reused_pid(lock_file, word)
        password = (data / _PASSWORD_FILE).read_text()
        # The port is said, though it is the usual one, because PGPORT in a client's environment would replace it.
        where = f"host={sockets}&port={_PORT}"
        self._url = f"postgresql+asyncpg://{_NAME}:{password}@/{_NAME}?{where}"
        settings = _SETTINGS | {"cluster_name": word, "unix_socket_directories": str(sockets)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self._process = await spawn(
            self.name,
            [str(binaries / "postgres"), "-D", str(data), *options],
            log=self.log,
            env=SERVER_ENVIRONMENT,
            cwd=data,
            account=directory.account,
            death_signal=signal.SIGQUIT,  # bounded: after 5 s PostgreSQL kills its children
        )
        await self._wait_until_ready(self._process, sockets, password)

    async def _initialise(self, directory: ServerDirectory, base: Path, binaries: Path) -> None:
        work = _working_directory(base, directory)
        argv = [str(binaries / "initdb"), "-D", str(work / "data"), "-U", _NAME, "-A", "scram-sha-256"]
        argv += [f"--pwfile={work / _PASSWORD_FILE}", "--encoding=UTF8", "--no-instructions", "--no-sync"]
        # The built-in provider sorts and folds alike on every system, and needs neither ICU nor the C
        # library's locales.
        argv += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        process = await spawn(
            self.name, argv, log=self.log, env=SERVER_ENVIRONMENT, cwd=work, account=directory.account
        )
        try:
            code = await process.wait()
        except BaseException:
            await process.abort()
            raise
        if code != 0:
            raise ServiceError(f"PostgreSQL's initdb {exit_text(code)}: its log is {self.log}.")
        await asyncio.to_thread(_move_into_place, work, base)

    async def _wait_until_ready(self, process: ManagedProcess, sockets: Path, password: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while process.returncode is None:
            try:
                return await _ensure_database(sockets, password)
            except (OSError, *_NOT_YET) as error:
                if time.monotonic() > deadline:
                    raise ServiceError(
                        f"PostgreSQL does not answer after {_START_SECONDS:.0f} s ({error}): its log is {self.log}."
                    ) from error
            await asyncio.sleep(_POLL_SECONDS)
        raise ServiceError(f"PostgreSQL {exit_text(process.returncode)} while starting: its log is {self.log}.")


def _working_directory(base: Path, directory: ServerDirectory) -> Path:
    """Make a fresh directory with the new cluster's password in it, and remove those of unfinished attempts."""
    for half_made in base.glob("initdb-*"):
        shutil.rmtree(half_made, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="initdb-", dir=base))
    hand_over(work, directory.account)
    write_secret(work / _PASSWORD_FILE, directory.account)
    return work


def _move_into_place(work: Path, base: Path) -> None:
    (work / _PASSWORD_FILE).rename(work / "data" / _PASSWORD_FILE)
    os.sync()  # once for all, where initdb would sync a thousand files
    (work / "data").rename(base / "data")
    work.rmdir()


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(POSTGRES_MAJOR):
        raise ServiceError(
            f"The data in {data} were written by PostgreSQL {found}, but this release runs {POSTGRES_MAJOR}: "
            "dump them with the release that wrote them, or set PETPLUS_HOME to another directory."
        )


async def _ensure_database(sockets: Path, password: str) -> None:
    """Connect to our database, and make it where a first start did not come that far."""
    host = str(sockets)
    try:
        connection = await asyncpg.connect(host=host, port=_PORT, user=_NAME, password=password, database=_NAME)
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(host=host, port=_PORT, user=_NAME, password=password, database="postgres")
        await connection.execute(f"CREATE DATABASE {_NAME}")
    await connection.close()
