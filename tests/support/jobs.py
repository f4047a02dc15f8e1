"""A tiny subgraph with jobs: a queue and a table of effects, in a schema of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypedDict

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, make_url, text

from shared.core.backoff import Backoff
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database, create_engine
from shared.database.job_tables import create_job_tables
from shared.jobs.jobs import Job, Jobs
from shared.runtime import Runtime
from shared.security.auth import TokenVerifier


class Numbered(TypedDict):
    number: int


NOTE = Job[Numbered]("note", attempts=3, retries=Backoff(first=0.01, longest=0.02), seconds=5)


@dataclass
class Workshop:
    """Notes each run of its job as an effect, and fails as often as it is told to."""

    runtime: Runtime
    failures: dict[int, int] = field(default_factory=dict)

    @property
    def jobs(self) -> Jobs:
        return dict([NOTE.does(self.note)])

    async def note(self, runtime: Runtime, payload: Numbered) -> None:
        """Write the number of the payload, unless it is to fail."""
        number = payload["number"]
        if self.failures.get(number, 0) > 0:
            self.failures[number] -= 1
            raise ValueError(f"{number} is broken")
        async with runtime.database.write() as session:
            await session.execute(text("INSERT INTO effect VALUES (:number)"), {"number": number})

    async def rows(self, statement: str) -> list[Any]:
        async with self.runtime.database.read() as connection:
            return list((await connection.execute(text(statement))).scalars())

    async def effects(self) -> list[int]:
        return sorted(await self.rows("SELECT number FROM effect"))


def _make_tables(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        create_job_tables()
    connection.execute(text("CREATE TABLE effect (number int NOT NULL)"))


@asynccontextmanager
async def workshop(settings: Settings) -> AsyncIterator[Workshop]:
    """Make the subgraph with tables of its own; they are dropped at the end."""
    name = new_id("job")
    database = Database(create_engine(make_url(settings.database_url_of(name)), name, pool_size=5))
    async with database.engine.begin() as connection:
        await connection.execute(text(f'CREATE SCHEMA "{name}"'))
        await connection.run_sync(_make_tables)
    try:
        async with TokenVerifier.open(settings) as verifier:
            yield Workshop(Runtime(name, settings, database, None, verifier))  # type: ignore[arg-type]
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        await database.close()
