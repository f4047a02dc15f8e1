"""One PostgreSQL and one Valkey for a whole run; each worker gets a database copied from a migrated template."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from petplus.local.embedded import EmbeddedPostgres, EmbeddedValkey
from petplus.local.embedded.directories import remove_servers
from shared.core.ids import new_id
from shared.core.settings import Settings, load_settings
from shared.database.migrations import migrate
from tests.support.clusters import copy_cluster, make_cluster

TEMPLATE = "petplus_test_template"
EXTERNAL = "PETPLUS_TEST_EXTERNAL"
LEAST_CONNECTIONS = 400
"""Two workers with a shop each keep about so many; a server that refuses some fails any test."""


class TestServers:
    """Started once by the process that pytest was called in; its workers inherit the URLs by environment."""

    __test__ = False

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="petplus-test-")
        self._cluster = tempfile.TemporaryDirectory(prefix="petplus-cluster-")
        for directory in (self._home, self._cluster):
            Path(directory.name).chmod(0o755)  # as root, the servers run as another user
        os.environ["PETPLUS_HOME"] = self._home.name
        # Whoever starts pytest closes its directory to other users, such as the servers of a run in another checkout.
        checkout = hashlib.sha256(bytes(Path(__file__))).hexdigest()[:8]
        temporary = Path(tempfile.gettempdir(), f"petplus-pytest-{checkout}")
        temporary.mkdir(exist_ok=True)
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary))
        # Routers start again and again, and a fifth of that is to compile their modules.
        os.environ["NODE_COMPILE_CACHE"] = str(Path(self._home.name) / "node")
        # Each operation is compiled when it is first seen, unless the run is told otherwise: most tests send one once.
        os.environ.setdefault("PETPLUS_COMPILED", "always")
        self._process: subprocess.Popen[str] | None = None
        if os.environ.get(EXTERNAL) != "1":
            for variable in (DATABASE_VARIABLE, REDIS_VARIABLE):
                os.environ.pop(variable, None)
            make_cluster(Path(self._cluster.name) / "home")
            copy_cluster(Path(self._home.name))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "petplus", "servers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            assert self._process.stdout is not None
            os.environ.update(json.loads(self._process.stdout.readline()))
        # A given URL may be written without its driver, which only the settings add.
        os.environ[DATABASE_VARIABLE] = str(load_settings().database_url)
        if self._process is not None:
            asyncio.run(_forget_at_a_crash())
        asyncio.run(_make_template(is_migrated=self._process is not None))

    def stop(self) -> None:
        asyncio.run(_leave([TEMPLATE]))
        if self._process is not None:
            self._process.communicate()
        self._home.cleanup()
        self._cluster.cleanup()


def worker_urls(worker: str) -> tuple[str, str]:
    """Copy the template for one worker and return its database and broker URLs."""
    name = f"petplus_test_{worker}"
    asyncio.run(_copy(name))
    number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    database = make_url(os.environ[DATABASE_VARIABLE]).set(database=name)
    return database.render_as_string(hide_password=False), _redis_database(number + 1)


def drop_worker_database(worker: str) -> None:
    asyncio.run(_leave([f"petplus_test_{worker}"]))


@asynccontextmanager
async def apart(settings: Settings) -> AsyncIterator[Settings]:
    """Yield settings of a server with all tables, and of a broker, that no other test uses.

    On the server that workers share, a transaction that such a test holds open while processes start would hold back
    the feeds of all of them, and what it sees of locks would be theirs too.
    """
    home = settings.home / new_id("tmp")
    valkey = EmbeddedValkey(home)
    await valkey.start()
    try:
        async with _database_apart(settings, home) as url:
            yield settings.model_copy(update={"database_url": url, "redis_url": valkey.url})
    finally:
        await valkey.stop()


@asynccontextmanager
async def _database_apart(settings: Settings, home: Path) -> AsyncIterator[str]:
    if os.environ.get(EXTERNAL) == "1":
        name = new_id("petplus_test_apart")
        await _copy(name)
        yield make_url(settings.database_url_of("order")).set(database=name).render_as_string(hide_password=False)
        await _leave([name])
        return
    copy_cluster(home)
    postgres = EmbeddedPostgres(home)
    await postgres.start()
    try:
        await _forget_at_a_crash(postgres.url)
        yield postgres.url
    finally:
        await postgres.stop()
        remove_servers(home)


@asynccontextmanager
async def without_tables(settings: Settings) -> AsyncIterator[Settings]:
    """Yield settings of an empty database that no other test uses, on the server of the settings."""
    name = new_id("petplus_test_empty")
    server = settings.database_url_of("order")
    admin = await _admin(server)
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        yield settings.model_copy(update={"database_url": url})
    finally:
        await _leave([name], server)


def _redis_database(number: int) -> str:
    url = os.environ[REDIS_VARIABLE]
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}"


async def _admin(server: str | None = None) -> "asyncpg.Connection[asyncpg.Record]":
    url = make_url(server or os.environ[DATABASE_VARIABLE]).set(drivername="postgresql", database="postgres")
    return await asyncpg.connect(url.render_as_string(hide_password=False))


async def _drop(names: list[str], server: str | None = None) -> None:
    admin = await _admin(server)
    for name in names:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()


async def _leave(names: list[str], server: str | None = None) -> None:
    """Drop databases of a server that was given; those of the run's own end with it.

    To drop one waits for a checkpoint, which takes minutes where the disk is busy. It is a transaction that writes, and
    the feeds of all workers wait for its end.
    """
    if os.environ.get(EXTERNAL) == "1":
        await _drop(names, server)


async def _copy(name: str) -> None:
    await _drop([name])
    admin = await _admin()
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    await admin.close()


async def _forget_at_a_crash(server: str | None = None) -> None:
    """Spare a server what only a crash makes use of: its data end with the run, and no test kills it."""
    admin = await _admin(server)
    await admin.execute("ALTER ROLE ALL SET synchronous_commit = off")
    await admin.execute("ALTER SYSTEM SET full_page_writes = off")
    await admin.execute("SELECT pg_reload_conf()")
    await admin.close()


async def _make_template(*, is_migrated: bool) -> None:
    """Make the database that workers copy; `is_migrated` says that the server's own has all tables already."""
    await _drop([TEMPLATE])
    admin = await _admin()
    allowed = int(await admin.fetchval("SHOW max_connections"))
    if allowed < LEAST_CONNECTIONS:
        raise RuntimeError(f"The tests need a server with max_connections >= {LEAST_CONNECTIONS}, not {allowed}.")
    if is_migrated:
        await admin.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE petplus")
        await admin.close()
        return
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    await admin.close()
    url = make_url(os.environ[DATABASE_VARIABLE])
    template = url.set(database=TEMPLATE).render_as_string(hide_password=False)
    settings = load_settings().model_copy(update={"database_url": template})
    for subgraph in registry.load_all():
        await migrate(subgraph, settings)
