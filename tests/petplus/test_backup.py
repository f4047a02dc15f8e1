"""Backups hold all of one moment, appear whole or not at all, and come back as they were."""

import asyncio
import datetime as dt
import json
import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from petplus import registry
from petplus.backup.dump import back_up
from petplus.backup.errors import (
    BackupError,
    CorruptBackup,
    IncompatibleMoments,
    NewerBackup,
    NoBackup,
    TargetInUse,
    TargetNotEmpty,
    WriteFailed,
    WrongKey,
)
from petplus.backup.manifest import FILE, Manifest
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.database.migrations import migrate, revisions
from shared.database.restored import UnfinishedRestore
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.audit.service.verification import verify_log
from subgraphs.order.service.placement import place_order
from tests.order.factories import new_order
from tests.petplus.backups import backup_of, digests, empty, is_empty, restored, rows_of, seeded
from tests.support.replicas import Command, environment, running
from tests.support.shop import ROOT
from tests.support.waiting import eventually

PASSPHRASE = "correct horse battery staple"


@pytest_asyncio.fixture(scope="module")
async def shop(settings: Settings) -> AsyncIterator[Settings]:
    async with seeded(settings) as made:
        yield made


@pytest_asyncio.fixture
async def target(shop: Settings) -> AsyncIterator[Settings]:
    async with empty(shop) as made:
        yield made


def content(directory: Path) -> list[Path]:
    return list(directory.iterdir())


def content_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def written_again(directory: Path, settings: Settings, **changes: object) -> None:
    """Change a manifest as its own installation could."""
    manifest = Manifest.read(directory, settings).model_copy(update=changes)
    (directory / FILE).unlink()
    manifest.model_copy(update={"mac": manifest._mac(settings)}).write(directory)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
async def test_a_restored_shop_holds_what_was_there(
    shop: Settings, target: Settings, tmp_path: Path, passphrase: str | None
) -> None:
    before = await digests(shop)
    made = await backup_of(shop, tmp_path / "backup", passphrase=passphrase)
    assert set(made.subgraphs) == set(registry.NAMES)
    done = await restored(target, tmp_path / "backup", passphrase=passphrase)
    assert await digests(target) == before
    assert (done.lost, set(done.moments.values())) == ({}, {made.moment})
    assert sum(done.rows.values()) == sum(sum(dump.rows.values()) for dump in made.subgraphs.values()) > 300
    for subgraph in registry.load_all():
        assert (await revisions(subgraph, target)).is_current
    # Each role may do again what it could.
    database = Database.connect(target, "audit")
    proof = await verify_log(database)
    await database.close()
    assert (proof.complete, proof.first_broken) == (True, None)
    with pytest.raises(TargetNotEmpty):
        await restored(target, tmp_path / "backup", passphrase=passphrase)
    assert await digests(target) == before


async def test_only_its_user_reads_a_backup(shop: Settings, tmp_path: Path) -> None:
    os.umask(0o022)
    await backup_of(shop, tmp_path / "backups" / "first", "audit")
    assert stat.S_IMODE((tmp_path / "backups").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "backups" / "first").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "backups" / "first").iterdir()}
    assert modes == {0o600}


async def test_an_encrypted_backup_shows_nothing(shop: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "open", "user")
    await backup_of(shop, tmp_path / "closed", "user", passphrase=PASSPHRASE)
    # pg_dump's own head, and the names in the list of contents.
    assert b"PGDMP" in (tmp_path / "open" / "user.dump").read_bytes()
    [name] = {path.name for path in (tmp_path / "closed").iterdir()} - {FILE}
    closed = (tmp_path / "closed" / name).read_bytes()
    assert (b"PGDMP" in closed, b"user_profile" in closed, PASSPHRASE.encode() in closed) == (False, False, False)
    assert PASSPHRASE not in (tmp_path / "closed" / FILE).read_text()


async def test_a_backup_holds_no_secret_of_the_installation(shop: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "backup")
    everything = b"".join(content_of(tmp_path / "backup").values())
    assert shop.secret_key.get_secret_value().encode() not in everything
    assert b"SCRAM-SHA-256" not in everything


async def test_an_existing_directory_is_no_target(shop: Settings, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(TargetNotEmpty, match="exists already"):
        await backup_of(shop, tmp_path / "backup", "audit")
    assert content_of(tmp_path / "backup") == {}
    assert [path.name for path in content(tmp_path)] == ["backup"]


async def test_what_has_no_tables_is_not_backed_up(target: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="user has no tables"):
        await backup_of(target, tmp_path / "backup")
    assert content(tmp_path) == []


async def refused(
    target: Settings, directory: Path, kind: type[BackupError], words: str, passphrase: str | None = None
) -> None:
    """Expect that a restore is refused with a sentence, and that nothing is changed by it."""
    before = content_of(directory)
    with pytest.raises(kind, match=words):
        await restored(target, directory, passphrase=passphrase)
    assert await is_empty(target)
    assert content_of(directory) == before


async def test_a_directory_that_is_no_backup_is_refused(target: Settings, tmp_path: Path) -> None:
    await refused(target, tmp_path, NoBackup, "is no backup")


async def test_keys_must_be_those_of_the_backup(shop: Settings, target: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "backup", passphrase=PASSPHRASE)
    other = target.model_copy(update={"secret_key": type(shop.secret_key)("another secret of this length or more")})
    await refused(other, tmp_path / "backup", WrongKey, "another PETPLUS_SECRET_KEY", passphrase=PASSPHRASE)
    await refused(target, tmp_path / "backup", WrongKey, "set PETPLUS_BACKUP_PASSPHRASE")
    await refused(target, tmp_path / "backup", WrongKey, "is not the one", passphrase="correct horse battery stapler")


async def test_a_backup_that_was_changed_is_refused(shop: Settings, target: Settings, tmp_path: Path) -> None:
    whole = tmp_path / "backup"
    await backup_of(shop, whole, passphrase=PASSPHRASE)
    file, manifest = whole / "order.dump.encrypted", whole / FILE
    content, described = file.read_bytes(), manifest.read_text()
    for changed in (content[:-1], content[:-2] + b"xx", content + b"x", b""):
        file.write_bytes(changed)
        await refused(target, whole, CorruptBackup, "order.dump.encrypted is not as it was", passphrase=PASSPHRASE)
    file.unlink()
    await refused(target, whole, CorruptBackup, "cannot be read", passphrase=PASSPHRASE)
    file.write_bytes(content)
    for changed_text in (described.replace('"unpublished"', '"other"', 1), described[:-10], "[]", "{}", "\x00"):
        manifest.write_text(changed_text)
        await refused(target, whole, CorruptBackup, f"{FILE} is not as it was", passphrase=PASSPHRASE)
    rows = json.loads(described)
    rows["subgraphs"]["order"]["rows"]["order_meta"] += 1
    manifest.write_text(json.dumps(rows))
    await refused(target, whole, CorruptBackup, f"{FILE} is not as it was", passphrase=PASSPHRASE)
    manifest.write_text(described)
    await restored(target, whole, passphrase=PASSPHRASE)


async def test_a_backup_of_a_later_format_is_refused(shop: Settings, target: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "backup")
    content = json.loads((tmp_path / "backup" / FILE).read_text())
    (tmp_path / "backup" / FILE).write_text(json.dumps({**content, "format": 2, "subgraphs": "of another form"}))
    await refused(target, tmp_path / "backup", NewerBackup, "format 2, and this version reads up to 1")


async def test_rows_that_do_not_come_back_are_noticed(shop: Settings, target: Settings, tmp_path: Path) -> None:
    made = await backup_of(shop, tmp_path / "backup")
    facts = made.subgraphs["audit"]
    other = facts.model_copy(update={"rows": {**facts.rows, "audit_log": facts.rows["audit_log"] + 1}})
    written_again(tmp_path / "backup", shop, subgraphs={**made.subgraphs, "audit": other})
    await refused(target, tmp_path / "backup", CorruptBackup, "audit has other rows")


async def test_a_full_disk_leaves_no_backup(shop: Settings, tmp_path: Path) -> None:
    # No file of this process may become longer than 16 blocks of 512 or 1,024 bytes.
    argv = ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh", sys.executable, "-m", "petplus", "backup", "backups/full")
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=tmp_path,
        env=environment(shop, PYTHONPATH=str(ROOT)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (
        1,
        f"{tmp_path / 'backups' / 'full'} cannot be written: File too large. No backup was made.\n",
    )
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_place_that_cannot_be_written_is_named(shop: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteFailed, match="cannot be written: File exists"):
        await back_up(shop, tmp_path / "file" / "backup", ["audit"], None)


async def test_a_killed_backup_is_none_and_the_next_one_removes_it(shop: Settings, tmp_path: Path) -> None:
    dsn = shop.database_url_of("audit").replace("+asyncpg", "")
    holder = await asyncpg.connect(dsn)
    holding = holder.transaction()
    await holding.start()
    await holder.execute("LOCK TABLE audit.audit_log IN ACCESS EXCLUSIVE MODE")
    command = Command(shop, tmp_path / "log", "backup", str(tmp_path / "backups" / "first"))
    async with running(command):

        async def has_begun() -> Path | None:
            found = list((tmp_path / "backups").glob(".first.partial-*/analytics.dump"))
            return found[0] if found else None

        part = await eventually(has_begun, about=lambda: command.output)
        assert part is not None
        command.kill()
    await holding.rollback()
    await holder.close()
    assert not (tmp_path / "backups" / "first").exists()
    with pytest.raises(NoBackup, match="was not finished"):
        Manifest.read(part.parent, shop)
    await backup_of(shop, tmp_path / "backups" / "first")
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["first"]


async def test_a_killed_restore_is_begun_again(shop: Settings, target: Settings, tmp_path: Path) -> None:
    before = await digests(shop)
    await backup_of(shop, tmp_path / "backup")
    dsn = target.database_url_of("webhook").replace("+asyncpg", "")
    holder = await asyncpg.connect(dsn)
    holding = holder.transaction()
    await holding.start()
    # Whoever makes the same schema waits for the end of this.
    await holder.execute("CREATE SCHEMA webhook")
    command = Command(target, tmp_path / "log", "restore", str(tmp_path / "backup"))
    async with running(command):

        async def waits() -> bool:
            assert command.process.poll() is None, command.output
            return bool(
                await rows_of(target, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'"
                " AND query LIKE 'CREATE SCHEMA%' AND datname = current_database()")
            )  # fmt: skip

        await eventually(waits, about=lambda: command.output)
        command.kill()
    await holding.rollback()
    await holder.close()
    # What is there is whole by itself, and is not taken for a shop.
    assert await rows_of(target, 'SELECT count(*) > 0 FROM "user".user_profile') == [(True,)]
    for name in ("user", "webhook"):
        with pytest.raises(UnfinishedRestore, match=f"The restore of {name} has not ended"):
            await migrate(registry.load(name), target)
    database = Database.connect(target, "user")
    with pytest.raises(Exception, match="user_profile"):
        async with database.read() as connection:
            await connection.exec_driver_sql("SELECT * FROM user_profile")
    await database.close()
    await restored(target, tmp_path / "backup")
    assert await digests(target) == before


async def test_a_restore_that_was_killed_at_its_end_is_ended(shop: Settings, target: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "backup")
    await restored(target, tmp_path / "backup")
    for statement in (
        "CREATE SCHEMA petplus_restore",
        "CREATE TABLE petplus_restore.unfinished AS"
        " SELECT nspname::text AS subgraph, 'loaded' AS state FROM pg_namespace",
        'CREATE TABLE "user".kept ()',
    ):
        await rows_of(target, statement)
    await restored(target, tmp_path / "backup")
    await migrate(registry.load("user"), target)
    assert await rows_of(target, """SELECT to_regclass('"user".kept') IS NOT NULL""") == [(True,)]


async def test_a_shop_that_runs_is_not_restored(shop: Settings, target: Settings, tmp_path: Path) -> None:
    await backup_of(shop, tmp_path / "backup")
    database = Database.connect(target, "order")
    async with database.read():
        await refused(target, tmp_path / "backup", TargetInUse, "stop them first")
    await database.close()


async def test_moments_beyond_what_events_are_kept_for_are_refused(
    shop: Settings, target: Settings, tmp_path: Path
) -> None:
    await backup_of(shop, tmp_path / "old", "audit")
    await backup_of(shop, tmp_path / "new", *[name for name in registry.NAMES if name != "audit"])
    newer = Manifest.read(tmp_path / "new", shop).moment
    written_again(tmp_path / "old", shop, moment=newer - dt.timedelta(days=7))
    with pytest.raises(IncompatibleMoments, match=r"audit is of .*: events are kept for 7 days"):
        await restored(target, tmp_path / "old", tmp_path / "new")
    assert await is_empty(target)
    written_again(tmp_path / "old", shop, moment=newer - dt.timedelta(days=6))
    await restored(target, tmp_path / "old", tmp_path / "new")


async def test_the_newest_of_several_backups_is_restored(shop: Settings, target: Settings, tmp_path: Path) -> None:
    older = await backup_of(shop, tmp_path / "older")
    newer = await backup_of(shop, tmp_path / "newer", "audit", "order")
    done = await restored(target, tmp_path / "newer", tmp_path / "older")
    of_newer = {name for name, moment in done.moments.items() if moment == newer.moment}
    assert (of_newer, set(done.moments.values())) == ({"audit", "order"}, {older.moment, newer.moment})


async def test_all_subgraphs_of_an_empty_shop_must_be_in_the_backups(
    shop: Settings, target: Settings, tmp_path: Path
) -> None:
    await backup_of(shop, tmp_path / "backup", "audit", "order")
    await refused(target, tmp_path / "backup", NoBackup, "user is in none of these backups")


async def test_a_publisher_that_lost_events_is_refused_unless_they_are_given_up(
    settings: Settings, tmp_path: Path
) -> None:
    async with seeded(settings) as shop, empty(shop) as target:
        await backup_of(shop, tmp_path / "early")
        # After that an order is placed, and audit has handled what order published.
        event_id = await placed(shop)
        await rows_of(shop, "INSERT INTO audit.inbox (event_id) VALUES (:id)", id=event_id)
        await backup_of(shop, tmp_path / "late", "audit")
        with pytest.raises(IncompatibleMoments, match=r"audit, of .*, has handled 1 events that no outbox holds"):
            await restored(target, tmp_path / "early", tmp_path / "late")
        assert await is_empty(target)
        done = await restored(target, tmp_path / "early", tmp_path / "late", accept_lost_events=True)
        assert done.lost == {"audit": 1}


async def placed(settings: Settings) -> str:
    """Place an order; returns the id of its event."""
    database = Database.connect(settings, "order")
    async with database.write() as session:
        made = await place_order(session, Pseudonymizer(settings), new_order(new_id("usr")))
    await database.close()
    [(event_id,)] = await rows_of(settings, 'SELECT event_id FROM "order".outbox WHERE subject = :id', id=made.id)
    return str(event_id)


async def test_events_and_numbers_of_a_backup_are_those_of_the_new_server(
    shop: Settings, target: Settings, tmp_path: Path
) -> None:
    await placed(shop)
    await rows_of(shop, 'UPDATE "order".outbox SET published_at = now()')
    received = "INSERT INTO audit.inbox (event_id, received_at) VALUES ('evt_received', now() - interval '1 hour')"
    await rows_of(shop, received)
    await backup_of(shop, tmp_path / "backup")
    moment = Manifest.read(tmp_path / "backup", shop).moment - dt.timedelta(days=90)
    written_again(tmp_path / "backup", shop, moment=moment)
    numbers = 'SELECT xid FROM "order".order_timeline ORDER BY xid, seq'
    before = [int(str(xid)) for (xid,) in await rows_of(shop, numbers)]
    await restored(target, tmp_path / "backup")
    after = [int(str(xid)) for (xid,) in await rows_of(target, numbers)]
    assert after[-1] <= 0
    assert [xid - after[0] for xid in after] == [xid - before[0] for xid in before]
    # All is published again, and known to have been received for as long as before.
    unpublished = 'SELECT count(*) > 0, bool_and(published_at IS NULL) FROM "order".outbox'
    assert await rows_of(target, unpublished) == [(True, True)]
    kept = "SELECT received_at > now() - interval '2 hours' FROM audit.inbox WHERE event_id = 'evt_received'"
    assert await rows_of(target, kept) == [(True,)]


async def test_one_subgraph_comes_back_beside_the_others(settings: Settings, tmp_path: Path) -> None:
    async with seeded(settings) as shop:
        await backup_of(shop, tmp_path / "backup")
        before = await digests(shop)
        await rows_of(shop, "DROP SCHEMA audit CASCADE")
        done = await restored(shop, tmp_path / "backup", names=["audit"])
        assert (await digests(shop), set(done.moments)) == (before, {"audit"})
