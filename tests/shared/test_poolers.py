"""Poolers before PostgreSQL: those that pool sessions are used, and others refused before anything runs."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from petplus.backing_checks import check_servers
from petplus.doctor import examine
from shared.core.settings import Settings
from shared.database.database import role_of, role_password, role_url
from shared.database.poolers import DriverSession, Session, UnsupportedPooler, require_sessions, shares_sessions
from tests.support.replicas import Command, environment, running
from tests.support.shop import ROOT, reachable
from tests.support.waiting import eventually

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


class TransactionPool:
    """A pooler of transactions: a connection has a session for as long as a transaction, and the one used last."""

    def __init__(self, open_session: Callable[[], Awaitable[Session]], *, others: int = 0) -> None:
        """`others` clients take what was used last, each once, before it is given away."""
        self._open = open_session
        self._others = others
        self._idle: list[Session] = []
        self.opened: list[Session] = []

    async def take(self) -> Session:
        if self._idle and not self._others:
            return self._idle.pop()
        self._others -= bool(self._idle)
        self.opened.append(await self._open())
        return self.opened[-1]

    def put(self, session: Session) -> None:
        self._idle.append(session)

    async def open(self) -> "PooledSession":
        return PooledSession(self)


class PooledSession:
    def __init__(self, pool: TransactionPool) -> None:
        self._pool = pool
        self._lent: Session | None = None

    async def begin(self) -> int:
        self._lent = await self._pool.take()
        return await self._lent.begin()

    async def end(self) -> None:
        assert self._lent is not None
        await self._lent.end()
        self._pool.put(self._lent)

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("others", [0, 1])
async def test_a_pool_of_transactions_is_noticed(settings: Settings, others: int) -> None:
    url = role_url(settings, "order")
    pool = TransactionPool(lambda: DriverSession.open(url), others=others)
    try:
        assert await shares_sessions(pool.open)
    finally:
        for session in pool.opened:
            await session.close()


async def test_the_server_itself_has_sessions(settings: Settings) -> None:
    await require_sessions(role_url(settings, "order"), "PETPLUS_DATABASE_URL")
    await check_servers(settings)


def run(directory: Path) -> "subprocess.Popen[bytes]":
    """Start PgBouncer with the configuration in a directory."""
    assert PGBOUNCER is not None
    argv = [PGBOUNCER]
    if os.geteuid() == 0:  # it refuses to be root
        reachable(directory)
        nobody = pwd.getpwnam("nobody")
        for path in (directory, *directory.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        argv += ["-u", "nobody"]
    return subprocess.Popen([*argv, str(directory / "pgbouncer.ini")], stderr=subprocess.DEVNULL)


@asynccontextmanager
async def pgbouncer(settings: Settings, directory: Path, mode: str) -> AsyncIterator[Settings]:
    """Run PgBouncer before the tests' server, and yield settings that lead to it."""
    url = make_url(settings.database_url_of("order"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    users = {url.username: url.password, role_of("order"): role_password(settings, "order")}
    (directory / "users").write_text("".join(f'"{name}" "{password}"\n' for name, password in users.items()))
    host = url.query.get("host") or url.host
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={host} port={url.query.get('port') or url.port or 5432}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {directory / 'users'}\npool_mode = {mode}\nlogfile = {directory / 'log'}\n"
        "max_client_conn = 200\ndefault_pool_size = 40\n"
    )
    process = run(directory)
    pooled = url.set(host="127.0.0.1", port=port, query={})
    its = settings.model_copy(update={"database_url": pooled.render_as_string(hide_password=False)})
    try:

        async def answers() -> bool:
            assert process.poll() is None, (directory / "log").read_text()
            try:
                session = await DriverSession.open(pooled)
            except (OSError, asyncpg.PostgresError):
                return False
            await session.close()
            return True

        await eventually(answers)
        yield its
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed")
@pytest.mark.parametrize("mode", ["transaction", "statement"])
async def test_pgbouncer_that_pools_less_than_sessions_is_refused(
    settings: Settings, tmp_path: Path, mode: str
) -> None:
    async with pgbouncer(settings, tmp_path, mode) as pooled:
        with pytest.raises(UnsupportedPooler, match="PETPLUS_DATABASE_URL leads to a pooler"):
            await check_servers(pooled, ["order"])
        [finding] = [each async for each in examine(pooled) if each.what == "order database"]
        assert (finding.is_well, finding.fact) == (False, "pooled by transaction")
        for arguments in (["serve", "order"], ["worker", "order"]):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "petplus",
                *arguments,
                env=environment(pooled),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            _, said = await process.communicate()
            assert process.returncode == 1
            assert said.decode().startswith("PETPLUS_DATABASE_URL leads to a pooler that gives each transaction")


@pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed")
async def test_a_subgraph_runs_behind_pgbouncer_that_pools_sessions(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    async with pgbouncer(settings, tmp_path / "pool", "session") as pooled:
        command = Command(pooled, tmp_path / "order.log", "serve", "--migrate", "order")
        async with running(command):
            await command.until_ready("order")
            answer = await command.execute("order", "{ __typename }")
            assert answer.body == {"data": {"__typename": "Query"}}
            assert "interrupted" not in command.output
