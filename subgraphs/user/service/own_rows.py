"""Rows of which an account has several, such as addresses: each is read and changed by its owner alone."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, NotFound, VersionConflict
from shared.database.rows import one_or_none
from subgraphs.user.models import Base

M = TypeVar("M", bound=Base)


async def own_row(session: AsyncSession, kind: type[M], user_id: str, key: str, unknown: Callable[[], NotFound]) -> M:
    """Return a row of an account by its id; raises what `unknown` returns."""
    columns = kind.__table__.c
    found = select(kind.__table__).where(columns.id == key, columns.user_id == user_id)
    row = await one_or_none(session, kind, found)
    if row is None:
        raise unknown()
    return row


async def change_own_row(
    session: AsyncSession,
    kind: type[M],
    user_id: str,
    key: str,
    version: int,
    changes: Mapping[str, object],
    unknown: Callable[[], NotFound],
) -> M:
    """Change a row of an account and return it; raises VersionConflict, or what `unknown` returns."""
    columns = kind.__table__.c
    this = (columns.id == key, columns.user_id == user_id)
    changed = (
        update(kind)
        .where(*this, columns.version == version)
        .values(**changes, version=columns.version + 1)
        .returning(*columns)
    )
    row = await one_or_none(session, kind, changed)
    if row is None:
        current = await session.scalar(select(columns.version).where(*this))
        if current is None:
            raise unknown()
        raise VersionConflict("This has changed since you read it; read it again and retry.", current)
    return row


async def count_own_rows(
    session: AsyncSession, kind: type[M], user_id: str, most: int, too_many: Callable[[int], IllegalState]
) -> int:
    """Return how many rows a locked account has; raises what `too_many` returns where no other has room."""
    count = await session.scalar(select(func.count()).where(kind.__table__.c.user_id == user_id)) or 0
    if count >= most:
        raise too_many(most)
    return count
