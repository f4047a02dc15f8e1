"""`petplus restore`: makes a shop of backups again, whole or not at all.

Each subgraph is loaded in one transaction. Its role and grants come last, with the migration, so no process reads
anything before all is there; and what was interrupted is known by its mark (`shared/database/restored.py`).
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from petplus import registry
from petplus.backup.adaptation import adaptation
from petplus.backup.ciphers import Cipher
from petplus.backup.compatibility import lost_events, require_none_lost, require_together
from petplus.backup.dump import databases_of
from petplus.backup.errors import CorruptBackup, NoBackup
from petplus.backup.manifest import DumpFacts, Manifest
from petplus.backup.snapshots import count_rows
from petplus.backup.target import LOADING_LOCK, Target, require_readable, targets
from petplus.backup.tools import Tools, environment_of, find_tools, running
from shared.core.settings import Settings
from shared.database.database import create_engine
from shared.database.migrations import migrate
from shared.events.broker import Broker

_COPY_BYTES = 2**20
# A newer pg_restore sets this, and a server before 17 does not know it.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


@dataclass(frozen=True)
class Dump:
    """One subgraph's dump, to be restored."""

    name: str
    path: Path
    moment: dt.datetime
    facts: DumpFacts
    cipher: Cipher | None


@dataclass(frozen=True)
class Restored:
    """What a restore has brought back: moments and rows by subgraph, and how many events were lost by receiver."""

    moments: Mapping[str, dt.datetime]
    rows: Mapping[str, int]
    lost: Mapping[str, int]


def read_backups(
    settings: Settings, directories: Sequence[Path], names: Iterable[str], passphrase: str | None
) -> dict[str, Dump]:
    """Return the newest dump of each subgraph, verified; of all that the backups hold unless named.

    Raises BackupError.
    """
    found: dict[str, Dump] = {}
    manifests = sorted(
        ((Manifest.read(directory, settings), directory) for directory in directories), key=lambda each: each[0].moment
    )
    wanted = set(names) or {name for manifest, _ in manifests for name in manifest.subgraphs}
    for manifest, directory in manifests:
        cipher = manifest.cipher(passphrase)
        manifest.verify(directory)
        for name in wanted & set(manifest.subgraphs):
            facts = manifest.subgraphs[name]
            found[name] = Dump(name, directory / facts.file, manifest.moment, facts, cipher)
    if missing := sorted(wanted - set(found)):
        raise NoBackup(f"{missing[0]} is in none of these backups.")
    return {name: found[name] for name in registry.NAMES if name in found}


async def restore(settings: Settings, dumps: Mapping[str, Dump], *, accept_lost_events: bool = False) -> Restored:
    """Restore subgraphs to databases where they have nothing; raises BackupError, and nothing is there then.

    A restore that was interrupted is begun again, or ended if all was loaded.
    """
    async with targets(databases_of(settings, dumps)) as places:
        for place in places:
            await place.require_unused()
        states = [state for place in places for state in (await place.states()).values()]
        if "loaded" not in states:
            for place in places:
                await place.clear()
            restored = await _load_all(settings, places, dumps, accept_lost_events)
        else:
            restored = Restored({name: dump.moment for name, dump in dumps.items()}, _rows(dumps), {})
        await _forget_broker(settings)
        for place in places:
            await place.unmark()
    for subgraph in registry.load_all(dumps):
        await migrate(subgraph, settings)
    return restored


async def _load_all(
    settings: Settings, places: Sequence[Target], dumps: Mapping[str, Dump], accept_lost_events: bool
) -> Restored:
    for place in places:
        await place.require_empty()
        for name in place.names:
            require_readable(place, name, dumps[name].facts.postgres)
    async with AsyncExitStack() as stack:
        others = await _others(settings, dumps, stack)
        now = await places[0].connection.scalar(text("SELECT now()"))
        assert isinstance(now, dt.datetime)  # noqa: S101
        moments = {name: dump.moment for name, dump in dumps.items()} | dict.fromkeys(others, now)
        require_together(moments)
        try:
            for place in places:
                await place.mark()
            shifted = {name: max(now - dump.moment, dt.timedelta()) for name, dump in dumps.items()}
            for place in places:
                for name in place.names:
                    await _load(place, dumps[name], shifted[name])
            loaded = {name: place.connection for place in places for name in place.names}
            lost = await lost_events(moments, loaded | others, shifted)
            if not accept_lost_events:
                require_none_lost(lost, moments)
        except BaseException:
            # Cancelled too: what remains of it is known by its mark.
            with suppress(Exception):
                for place in places:
                    await place.clear()
            raise
        for place in places:
            await place.mark_loaded()
    return Restored({name: moments[name] for name in dumps}, _rows(dumps), lost)


async def _others(settings: Settings, dumps: Mapping[str, Dump], stack: AsyncExitStack) -> dict[str, AsyncConnection]:
    """Connect to the subgraphs that stay as they are; raises NoBackup for one that has nothing."""
    found: dict[str, AsyncConnection] = {}
    for url, names in databases_of(settings, [name for name in registry.NAMES if name not in dumps]).items():
        engine = create_engine(url, "pg_catalog", pool_size=1)
        stack.push_async_callback(engine.dispose)
        connection = await stack.enter_async_context(engine.connect())
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in names:
            if await connection.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{name}".inbox'}) is None:
                raise NoBackup(f"{name} is in none of these backups, and has nothing in its database.")
            found[name] = connection
    return found


async def _load(place: Target, dump: Dump, age: dt.timedelta) -> None:
    """Load one subgraph in one transaction, and compare what is there with what was dumped."""
    tools = find_tools(place.postgres)
    arguments = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
    async with running(
        tools,
        "psql",
        [*arguments, "--file=-"],
        environment_of(place.url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    ) as psql:
        assert psql.process.stdin is not None  # noqa: S101
        sink = psql.process.stdin
        try:
            sink.write(f"BEGIN;\nSELECT pg_advisory_xact_lock({LOADING_LOCK});\n".encode())
            sink.write(f'DROP SCHEMA IF EXISTS "{dump.name}";\n'.encode())
            await _script(tools, place, dump, ["pre-data", "data"], sink)
            sink.write(adaptation(dump.name, age).encode())
            await _script(tools, place, dump, ["post-data"], sink)
            # Without this line all of it is rolled back.
            sink.write(b"COMMIT;\n")
            await sink.drain()
            sink.close()
        except (BrokenPipeError, ConnectionResetError):
            pass  # psql has ended, and says why
        await psql.finished()
    found = await count_rows(place.connection, dump.name, dump.facts.rows)
    if found != dump.facts.rows:
        raise CorruptBackup(f"{dump.name} has other rows after its restore than its backup names.")
    await place.connection.execute(text("ANALYZE"))


async def _script(tools: Tools, place: Target, dump: Dump, sections: Sequence[str], sink: asyncio.StreamWriter) -> None:
    """Send the SQL of some sections of a dump to psql."""
    chosen = [f"--section={section}" for section in sections]
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", *chosen, "--file=-"]
    source = asyncio.subprocess.DEVNULL if dump.cipher is None else asyncio.subprocess.PIPE
    arguments += [str(dump.path)] if dump.cipher is None else []
    async with running(tools, "pg_restore", arguments, environment_of(place.url), stdin=source) as tool:
        feeding = None if dump.cipher is None else asyncio.create_task(_feed(dump, dump.cipher, tool.process.stdin))
        try:
            assert tool.process.stdout is not None  # noqa: S101
            is_first = True
            while part := await tool.process.stdout.read(_COPY_BYTES):
                if is_first and place.postgres < 17:
                    part = part.replace(_UNKNOWN_BEFORE_17, b"")
                is_first = False
                sink.write(part)
                await sink.drain()
            if feeding is not None:
                await feeding
            await tool.finished()
        finally:
            if feeding is not None:
                feeding.cancel()


async def _feed(dump: Dump, cipher: Cipher, sink: asyncio.StreamWriter | None) -> None:
    assert sink is not None  # noqa: S101
    with dump.path.open("rb") as file, suppress(BrokenPipeError, ConnectionResetError):
        parts = cipher.decrypt(dump.name, file)
        while (part := await asyncio.to_thread(_next, parts)) is not None:
            sink.write(part)
            await sink.drain()
    sink.close()


def _next(parts: Iterator[bytes]) -> bytes | None:
    return next(parts, None)


async def _forget_broker(settings: Settings) -> None:
    """Empty the broker: it may hold events of after the backup, which have never happened now."""
    async with Redis.from_url(settings.required_redis_url) as redis:
        await Broker(redis).clear()


def _rows(dumps: Mapping[str, Dump]) -> dict[str, int]:
    return {name: sum(dump.facts.rows.values()) for name, dump in dumps.items()}
