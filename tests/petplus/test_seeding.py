"""Demo data are in all databases or in none, wherever a seeding is killed and whoever writes meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from rich.console import Console
from typer.testing import CliRunner, Result

from petplus import seeding
from petplus.bulk_copy import NotEmpty, copy_rows
from petplus.cli.main import app
from shared.core.settings import Settings
from shared.database.database import Database
from subgraphs.audit.service.log import append
from subgraphs.audit.service.verification import verify_log
from tests.audit.factories import a_fact
from tests.support.replicas import Command, environment
from tests.support.servers import apart
from tests.support.waiting import TEST_TIMEOUT, eventually, soon

PLAN = seeding.Plan(users=6, designs=15, orders=20)
ARGUMENTS = ("seed", "--users", str(PLAN.users), "--designs", str(PLAN.designs), "--orders", str(PLAN.orders))
EXPECTED = {
    f'"{subgraph}".{table}': len(rows) for subgraph, tables in seeding.generate(PLAN) for table, rows in tables.items()
}
NOTHING = dict.fromkeys(EXPECTED, 0)
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
# Locks of other tests are on the same server, where it is given.
WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND locktype = $1 AND NOT granted"""
GATE = 7_001  # an advisory lock
# A row that is inserted waits until the test gives the lock back: at once, or when the transaction commits.
AT_ONCE = "CREATE TRIGGER gate BEFORE INSERT ON {} FOR EACH STATEMENT EXECUTE FUNCTION public.wait_at_gate()"
AT_COMMIT = """CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON {} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.wait_at_gate()"""


@pytest_asyncio.fixture
async def own(settings: Settings) -> AsyncIterator[Settings]:
    """Settings of an empty database of this test."""
    async with apart(settings) as made:
        yield made


@asynccontextmanager
async def connected(*settings: Settings) -> "AsyncIterator[list[asyncpg.Connection[asyncpg.Record]]]":
    async with AsyncExitStack() as stack:
        connections = []
        for each in settings:
            assert each.database_url is not None
            connection = await asyncpg.connect(each.database_url.replace("+asyncpg", ""))
            stack.push_async_callback(connection.close)
            connections.append(connection)
        yield connections


async def rows(connection: "asyncpg.Connection[asyncpg.Record]", tables: Iterable[str] = EXPECTED) -> dict[str, int]:
    """Count the rows of tables."""
    return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608


async def close_gate(connection: "asyncpg.Connection[asyncpg.Record]", trigger: str, table: str) -> None:
    """Make whoever inserts into a table wait for the end of the test's lock."""
    await connection.execute(
        "CREATE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$"
    )
    await connection.execute(trigger.format(table))
    await connection.execute(f"SELECT pg_advisory_lock({GATE})")


async def open_gate(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute(f"SELECT pg_advisory_unlock({GATE})")


async def until_waiting(connection: "asyncpg.Connection[asyncpg.Record]", kind: str = "advisory") -> None:
    """Return when somebody waits for a lock of a kind."""

    async def waits() -> bool:
        found = await connection.fetchval(WAITING, kind)
        return bool(found)

    await eventually(waits)


async def until_alone(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Return when the server has noticed that its other clients are gone."""

    async def alone() -> bool:
        others: int = await connection.fetchval(f"SELECT count(*) {OTHERS}")
        return others == 0

    await eventually(alone)


async def seed(settings: Settings, *arguments: str, **variables: str) -> Result:
    """Run `petplus seed` to its end, without a process of its own, whose start would take most of the time."""
    run = partial(CliRunner().invoke, app, env=environment(settings, **variables))
    return await asyncio.to_thread(run, [*ARGUMENTS, *arguments])


async def is_sound(settings: Settings, entries: int) -> bool:
    """Tell whether the audit log has so many entries, each chained to the one before."""
    database = Database.connect(settings, "audit")
    try:
        found = await verify_log(database)
    finally:
        await database.close()
    return found.complete and found.first_broken is None and found.checked_to == entries


async def test_a_killed_seeding_leaves_nothing_and_the_next_one_fills_all_once(own: Settings, tmp_path: Path) -> None:
    async with connected(own) as [connection]:
        await close_gate(connection, AT_ONCE, "audit.audit_log")  # the last subgraph: all others are written
        command = Command(own, tmp_path / "seed.log", *ARGUMENTS)
        await until_waiting(connection)
        command.kill()
        await open_gate(connection)
        await until_alone(connection)
        assert await rows(connection) == NOTHING

        next_one = await seed(own)
        assert next_one.exit_code == 0, next_one.output
        assert await rows(connection) == EXPECTED
        assert await is_sound(own, EXPECTED['"audit".audit_log'])

        again = await seed(own)
        assert again.exit_code == 1
        assert "There are rows in user.user_profile already" in again.output
        assert isinstance(again.exception, SystemExit)
        if_empty = await seed(own, "--if-empty")
        assert if_empty.exit_code == 0, if_empty.output
        assert await rows(connection) == EXPECTED


async def test_a_seeding_killed_between_the_commits_of_two_databases_is_completed(
    own: Settings, settings: Settings, tmp_path: Path
) -> None:
    async with apart(settings) as other, connected(own, other) as [first, second]:
        assert other.database_url is not None
        elsewhere = {f"PETPLUS_{name.upper()}_DATABASE_URL": other.database_url for name in ("order", "audit")}
        theirs = [table for table in EXPECTED if table.startswith(('"order"', '"audit"'))]
        ours = [table for table in EXPECTED if table not in theirs]
        await close_gate(first, AT_COMMIT, '"user".user_profile')
        command = Command(own, tmp_path / "seed.log", *ARGUMENTS, **elsewhere)
        await until_waiting(first)
        command.kill()
        # A server that has begun to commit would go on, whether or not its client is there.
        await first.execute(f"SELECT pg_terminate_backend(pid, {TEST_TIMEOUT * 1000:.0f}) {OTHERS}")
        await open_gate(first)
        await first.execute('DROP TRIGGER gate ON "user".user_profile')
        await until_alone(first)
        assert await rows(first, ours) == dict.fromkeys(ours, 0)
        assert await rows(second, theirs) == {table: EXPECTED[table] for table in theirs}

        # Another plan would not fit to what is there.
        completing = await seed(own, "--users", "200", "--number", "2", "--if-empty", **elsewhere)
        assert completing.exit_code == 0, completing.output
        assert await rows(first, ours) == {table: EXPECTED[table] for table in ours}
        assert await rows(second, theirs) == {table: EXPECTED[table] for table in theirs}
        buyers = {row[0] for row in await second.fetch('SELECT customer_id FROM "order".order_meta')}
        people = {row[0] for row in await first.fetch('SELECT id FROM "user".user_profile')}
        assert buyers
        assert buyers <= people


async def test_what_is_audited_during_a_seeding_is_chained_after_it(own: Settings) -> None:
    database = Database.connect(own, "audit")
    try:
        async with connected(own) as [connection]:
            await close_gate(connection, AT_ONCE, "audit.audit_log")
            filling = asyncio.create_task(seed(own))
            await until_waiting(connection)

            async def audit() -> None:
                async with database.write() as session:
                    await append(session, [a_fact("usr_1")])

            auditing = asyncio.create_task(audit())
            await until_waiting(connection, "relation")
            await open_gate(connection)
            await auditing
            done = await soon(filling)
            assert done.exit_code == 0, done.output
    finally:
        await database.close()
    assert await is_sound(own, EXPECTED['"audit".audit_log'] + 1)


async def test_rows_of_any_subgraph_keep_demo_data_away(own: Settings) -> None:
    tables = dict(seeding.generate(PLAN))
    await copy_rows(own, "audit", tables["audit"])
    async with connected(own) as [connection]:
        before = await rows(connection)
        with pytest.raises(NotEmpty) as refused:
            await seeding.seed(own, PLAN, Console(quiet=True))
        why = "demo data go into empty databases only (see `make clean`)."
        assert str(refused.value) == f"There are rows in audit.audit_log already: {why}"
        assert await rows(connection) == before
