"""PostgreSQL for one subgraph: a short read connection per batch, one write session per mutation.

Each subgraph has a schema of its own name, a role that sees nothing else, and its own `search_path`, so that
tables need no prefix and a database per subgraph is only another URL.
"""

import datetime as dt
import enum
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, TypeAlias, cast

import asyncpg
import orjson
from sqlalchemy import URL, DateTime, Enum, Table, Text, event, exc, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from shared.core import base64url
from shared.core.errors import Unavailable
from shared.core.observability import log
from shared.core.settings import Settings
from shared.database.after_commit import Hook, actions_of, run_actions
from shared.database.identity import identity_of

BACKGROUND_CONNECTIONS = 4
"""Connections that relay, consumers and jobs of a process keep for themselves (`shared.database.advisory_locks`)."""

POOL_TIMEOUT_SECONDS = 30
"""How long a request waits for one of the pool's connections while all are lent."""

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_AWAY = (
    OSError,
    TimeoutError,
    exc.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


class Base(DeclarativeBase):
    """Column types by annotation. Each subgraph derives its own base, and with it its own metadata."""

    __abstract__ = True
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own form)
        str: Text,
        dt.datetime: DateTime(timezone=True),
        dict[str, object]: JSONB,
        list[object]: JSONB,
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=40),
    }
    if TYPE_CHECKING:
        # Every model here is mapped to a table.
        __table__: ClassVar[Table]


def role_of(subgraph: str) -> str:
    """Return the name of the role that a subgraph logs in as."""
    return f"petplus_{subgraph}"


def role_password(settings: Settings, subgraph: str) -> str:
    """Return the password of a subgraph's role; it is derived, so no process needs to store it."""
    return base64url.encode(settings.derive_key(f"database role {subgraph}"))


def role_url(settings: Settings, subgraph: str) -> URL:
    """Return the URL by which a subgraph reaches its database: the owner's, with the subgraph's own role."""
    owner = make_url(settings.database_url_of(subgraph))
    return owner.set(username=role_of(subgraph), password=role_password(settings, subgraph))


def create_engine(url: URL, schema: str, *, pool_size: int = 10) -> AsyncEngine:
    """Open a pool whose connections look up tables in `schema` alone."""
    engine = create_async_engine(
        url,
        # Those beyond a fixed number would be closed after each use: under load it cost more to open them than to work.
        pool_size=2 * pool_size + BACKGROUND_CONNECTIONS,
        max_overflow=0,
        # An error's text reaches logs and dead letters: what was to be stored must not.
        hide_parameters=True,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        # The one used last has its statements prepared: a connection's first of a kind takes 10 ms.
        pool_use_lifo=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={"timeout": 10, "server_settings": {"application_name": f"petplus-{schema} {os.getpid()}"}},
    )

    def look_up_in_schema(connection: AdaptedConnection, _record: object) -> None:
        connection.run_async(lambda driver: driver.execute(f'SET search_path TO "{schema}"'))

    # Poolers refuse it among what a connection begins with.
    event.listen(engine.sync_engine, "connect", look_up_in_schema)
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: AdaptedConnection, *_: object) -> None:
    """Have the pool replace a connection that its server has closed meanwhile, as when it was restarted.

    Unlike a ping it costs no round trip, and nothing else notices before a request has failed.
    """
    if connection.driver_connection.is_closed():
        raise exc.DisconnectionError


def lost_connection(error: BaseException) -> bool:
    """Tell whether a statement or a commit failed because its connection broke."""
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def is_away(error: BaseException) -> bool:
    """Tell whether no connection could be had, or it broke, so that trying again later may help."""
    # SQLAlchemy translates what the driver raises, the refusals of a server that is starting among them: once for its
    # own connections, and not at all for the driver's (`driver_connection`).
    reported = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
    return isinstance(reported, _AWAY) or isinstance(reported.__cause__, _AWAY) or lost_connection(error)


class Database:
    """One subgraph's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # Reads need no transaction: without BEGIN and ROLLBACK a batch is a single round trip.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self.hooks: dict[str, Hook] = {}
        self._is_away = False
        self._identity: str | None = None
        event.listen(engine.sync_engine, "connect", self._note_identity)

    @classmethod
    def connect(cls, settings: Settings, subgraph: str) -> "Database":
        """Make the database of a subgraph; the first statement opens the first connection."""
        url = role_url(settings, subgraph)
        return cls(create_engine(url, subgraph, pool_size=settings.database_pool_size))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for a batch of reads. Return it soon: never hold it across other awaits.

        Raises Unavailable, as `write` does, where there is none to be had or it breaks.
        """
        lent = False
        try:
            async with self._reader.connect() as connection:
                lent = True
                self._note_presence()
                yield connection
        except Exception as error:
            self._check_absence(error, lent)
            raise

    @asynccontextmanager
    async def driver_connection(self) -> AsyncIterator[Driver]:
        """Lend the driver's own connection for one statement of `shared.database.prepared`; raises as `read` does.

        SQLAlchemy's, made anew for each loan, took a tenth of a request. Without it nothing begins a transaction.
        """
        lent = False
        try:
            proxy = await self.engine.raw_connection()
            try:
                lent = True
                self._note_presence()
                yield cast("Driver", proxy.driver_connection)
            finally:
                # There is no transaction to be rolled back, so this waits for nothing.
                proxy.close()
        except Exception as error:
            self._check_absence(error, lent)
            raise

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open the one transaction of a mutation: it commits at the end of the block, or not at all.

        What the block has registered (`shared.database.after_commit`) runs after the commit.
        """
        lent = False
        try:
            async with self._sessions.begin() as session:
                await session.connection()
                lent = True
                self._note_presence()
                yield session
        except Exception as error:
            self._check_absence(error, lent)
            raise
        await run_actions(actions_of(session), self.hooks)

    async def identify(self) -> str:
        """Return the name of the database's present life (`shared.database.identity`); raises Unavailable."""
        if self._identity is None:
            async with self.read():
                pass
        return self.identity

    @property
    def identity(self) -> str:
        """The name of the database's life as its newest connection has found it; known after the first one."""
        if self._identity is None:
            raise RuntimeError("the database has no identity before its first connection")
        return self._identity

    def _note_identity(self, connection: AdaptedConnection, _record: object) -> None:
        self._identity = connection.run_async(identity_of)

    def _note_presence(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("database answers again", role=self.engine.url.username)

    def _check_absence(self, error: Exception, lent: bool) -> None:
        """Raise Unavailable for an error that means so. What a borrower's own work raises may look the same."""
        if not (lost_connection(error) if lent else is_away(error)):
            return
        # An outage fails thousands of requests for one reason.
        if not self._is_away:
            self._is_away = True
            log.warning("database unavailable", role=self.engine.url.username, reason=repr(error))
        raise Unavailable from error

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
