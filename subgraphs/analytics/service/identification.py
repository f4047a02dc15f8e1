"""Says which user a visitor turned out to be. The first user who says so has the visitor for good."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one
from subgraphs.analytics.errors import TooManyVisitors, visitor_taken
from subgraphs.analytics.models import VisitorLink
from subgraphs.analytics.service.subjects import read_visitor, unless_forgotten

MOST_A_DAY = 20
"""How many visitors a user may say that they were, in a day: more than anybody has browsers."""
_DAY = dt.timedelta(days=1)


async def identify_visitor(database: Database, user_id: str, given: str) -> VisitorLink:
    """Link a visitor to a user and return the link's row; again changes nothing.

    Raises InvalidInput for what is no visitor's id or belongs to somebody else, and TooManyVisitors.
    """
    checks = Checks()
    visitor = read_visitor(checks, given, user_id) or ""
    checks.raise_if_any()
    async with database.write() as session:
        if not await link_visitor(session, user_id, visitor):
            raise visitor_taken()
        return await one(session, VisitorLink, select(VisitorLink.__table__).where(VisitorLink.visitor == visitor))


async def link_visitor(session: AsyncSession, user_id: str, visitor: str) -> bool:
    """Link a visitor to a user and tell whether the visitor is now theirs; raises TooManyVisitors."""
    owner = await owner_of(session, visitor)
    if owner is not None:
        return owner == user_id
    if await unless_forgotten(session, user_id) is None:
        return False
    since = dt.datetime.now(dt.UTC) - _DAY
    recent = select(func.count()).where(VisitorLink.user_id == user_id, VisitorLink.linked_at > since)
    if (await session.scalar(recent) or 0) >= MOST_A_DAY:
        raise TooManyVisitors
    link = insert(VisitorLink).values(visitor=visitor, user_id=user_id, linked_at=dt.datetime.now(dt.UTC))
    await session.execute(link.on_conflict_do_nothing())
    return await owner_of(session, visitor) == user_id


async def owner_of(session: AsyncSession, visitor: str) -> str | None:
    """Return the user whom a visitor turned out to be."""
    return await session.scalar(select(VisitorLink.user_id).where(VisitorLink.visitor == visitor))
