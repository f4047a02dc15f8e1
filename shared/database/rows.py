"""Typed fetches: a row has its columns as attributes, so its static type is the mapped class whose columns it has.

`select(Order.__table__)` returns rows, not instances, since instances cost more to make. The casts stand here and
nowhere else; they change neither the statement nor what it returns.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Executable, Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

M = TypeVar("M")

Statement: TypeAlias = Select[Any]
"""A SELECT of whatever columns. SQLAlchemy's parameter is a tuple of their types, which rows are not read by here."""

AnyRow: TypeAlias = Row[Any]
"""A row of whatever columns, which are read by name."""

Values: TypeAlias = Mapping[str, object]
"""The values of a statement's parameters, or of a row's columns, by name."""


def as_row(kind: type[M], row: AnyRow) -> M:
    """Return a row that has the columns of `kind`, and others beside them."""
    return cast("M", row)


async def one(
    session: AsyncSession | AsyncConnection, kind: type[M], statement: Executable, values: Values | None = None
) -> M:
    """Return the only row, which must exist."""
    return cast("M", (await session.execute(statement, values)).one())


async def one_or_none(
    session: AsyncSession | AsyncConnection, kind: type[M], statement: Executable, values: Values | None = None
) -> M | None:
    """Return the only row, or None."""
    return cast("M | None", (await session.execute(statement, values)).one_or_none())


async def many(
    session: AsyncSession | AsyncConnection, kind: type[M], statement: Executable, values: Values | None = None
) -> list[M]:
    """Return all rows."""
    return cast("list[M]", (await session.execute(statement, values)).all())
