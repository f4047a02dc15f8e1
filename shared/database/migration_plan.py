"""`petplus migrate --plan`: the migrations that a database lacks, who survives them, and who waits for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.settings import Settings
from shared.database.database import create_engine
from shared.database.expansion import CONTRACTING, Lock, contractions, locks
from shared.database.migrations import MigratedSubgraph, Revisions, alembic_config, revisions

_SIZES = text("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(:name)")


@dataclass(frozen=True)
class Planned:
    """One migration that is to be done. `sizes` estimates the rows of each table that it locks."""

    name: str
    purpose: str
    contracts: Sequence[str]
    locks: Sequence[Lock]
    sizes: Sequence[int]

    def lines(self) -> Iterator[str]:
        """Yield it as text."""
        yield f"  {self.name}: {self.purpose}"
        if self.contracts:
            yield f"    contracts ({', '.join(self.contracts)}): stop the version before first"
        else:
            yield "    expands: the version before runs on it"
        for lock, size in zip(self.locks, self.sizes, strict=True):
            yield f"    locks {lock}, about {size} rows"


@dataclass(frozen=True)
class Plan:
    """What is to be done to one subgraph's database."""

    subgraph: str
    revisions: Revisions
    pending: Sequence[Planned]

    def lines(self) -> Iterator[str]:
        """Yield it as text."""
        if not self.pending:
            yield f"{self.subgraph}: {self.revisions}"
            return
        if self.revisions.database is None:
            yield f"{self.subgraph}: a new database, {len(self.pending)} migrations, which nobody waits for"
            return
        yield f"{self.subgraph}: {len(self.pending)} to do, of which none waits for a lock for long"
        for each in self.pending:
            yield from each.lines()


async def plan_of(subgraph: MigratedSubgraph, settings: Settings) -> Plan:
    """Return what `migrate` would do to a subgraph's database; nothing is changed."""
    found = await revisions(subgraph, settings)
    if found.is_current:
        return Plan(subgraph.name, found, [])
    engine = create_engine(make_url(settings.database_url_of(subgraph.name)), subgraph.name, pool_size=1)
    try:
        async with engine.connect() as connection:
            pending = [await _planned(connection, subgraph, *each) for each in _pending(subgraph, found)]
    finally:
        await engine.dispose()
    return Plan(subgraph.name, found, pending)


def _pending(subgraph: MigratedSubgraph, found: Revisions) -> list[tuple[str, str, str]]:
    """Return file, purpose and source of each, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config(subgraph))
    upwards = reversed(list(scripts.iterate_revisions(found.code, found.database or "base")))
    return [(Path(script.path).stem, script.doc, Path(script.path).read_text()) for script in upwards]


async def _planned(
    connection: AsyncConnection, subgraph: MigratedSubgraph, name: str, purpose: str, source: str
) -> Planned:
    taken = locks(source)
    sizes = [int(await connection.scalar(_SIZES, {"name": f'"{lock.table}"'}) or 0) for lock in taken]
    reasons = sorted(set(contractions(source)))
    if f"{subgraph.name}/{name}" in CONTRACTING and not reasons:
        reasons = ["as its list says"]
    return Planned(name, purpose, reasons, taken, sizes)
