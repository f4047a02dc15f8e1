"""One batch loader per key."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from shared.graph.loaders import RowByKey, RowsByKey
from shared.graph.pagination import Page, Slice, Sort, order_by, slice_of
from subgraphs.user.inputs import UserFilter
from subgraphs.user.models import UserPreferences, UserProfile, UserSession

USERS = Sort(UserProfile.created_at)


class ProfileById(RowByKey):
    key = UserProfile.id


class PreferencesByUser(RowByKey):
    key = UserPreferences.user_id


class SessionsByUser(RowsByKey):
    key = UserSession.user_id
    order = UserSession.id.desc()


async def page_of_users(connection: AsyncConnection, wanted: UserFilter | None, page: Page) -> Slice:
    """Fetch one page of all users."""
    statement = select(UserProfile.__table__).where(*_conditions(wanted))
    rows = (await connection.execute(order_by(statement, USERS, page))).all()
    return slice_of(rows, page)


async def count_users(connection: AsyncConnection, wanted: UserFilter | None) -> int:
    """Count the users that a filter lets pass."""
    count: int = await connection.scalar(select(func.count(UserProfile.id)).where(*_conditions(wanted))) or 0
    return count


def _conditions(wanted: UserFilter | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted is not None and wanted.search:
        matching = UserProfile.name.icontains(wanted.search, autoescape=True)
        conditions.append(matching | UserProfile.email.icontains(wanted.search, autoescape=True))
    if wanted is not None and wanted.role is not None:
        conditions.append(UserProfile.roles.contains([wanted.role.value]))
    return conditions
