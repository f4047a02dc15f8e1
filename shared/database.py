"""PostgreSQL for one subgraph: a short read connection per batch, one write session per mutation.

Each subgraph has a schema of its own name, a role that sees nothing else, and its own `search_path`, so that
tables need no prefix and a database per subgraph is only another URL.
"""

import base64
import datetime as dt
import enum
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from sqlalchemy import URL, DateTime, Enum, Text, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from shared.settings import Settings

LEASES = 4
"""Connections that relay, consumers and jobs of a process keep for themselves (`shared.leases`)."""

RECORDED = "recorded"
"""Set in the `info` of a session that has recorded events."""


class Base(DeclarativeBase):
    """Column types by annotation. Each room derives its own base, and with it its own metadata."""

    __abstract__ = True
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own form)
        str: Text,
        dt.datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=40),
    }


def role_of(subgraph: str) -> str:
    """Return the name of the role that a subgraph logs in as."""
    return f"petplus_{subgraph}"


def role_password(settings: Settings, subgraph: str) -> str:
    """Return the password of a subgraph's role; it is derived, so no process needs to store it."""
    return base64.urlsafe_b64encode(settings.derive_key(f"database role {subgraph}")).decode().rstrip("=")


def role_url(settings: Settings, subgraph: str) -> URL:
    """Return the URL by which a subgraph reaches its database: the owner's, with the subgraph's own role."""
    owner = make_url(settings.database_url_of(subgraph))
    return owner.set(username=role_of(subgraph), password=role_password(settings, subgraph))


def create_engine(url: URL, schema: str, *, pool_size: int = 10) -> AsyncEngine:
    """Open a pool whose connections look up tables in `schema` alone."""
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size + LEASES,
        # An error's text reaches logs and dead letters: what was to be stored must not.
        hide_parameters=True,
        pool_timeout=10,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 10,
            "server_settings": {"search_path": f'"{schema}"', "application_name": f"petplus-{schema}"},
        },
    )


class Database:
    """One subgraph's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # Reads need no transaction: without BEGIN and ROLLBACK a batch is a single round trip.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self.on_recorded: Callable[[], None] = _nothing

    @classmethod
    def connect(cls, settings: Settings, subgraph: str) -> "Database":
        """Make the database of a subgraph; the first statement opens the first connection."""
        url = role_url(settings, subgraph)
        return cls(create_engine(url, subgraph, pool_size=settings.database_pool_size))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for a batch of reads. Return it soon: never hold it across other awaits."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open the one transaction of a mutation: it commits at the end of the block, or not at all."""
        async with self._sessions.begin() as session:
            yield session
        if RECORDED in session.info:
            self.on_recorded()

    async def close(self) -> None:
        await self.engine.dispose()


def _nothing() -> None:
    """Stand in for the doorbell where nobody listens, such as in a command that seeds."""
