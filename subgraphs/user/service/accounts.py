"""Changes accounts: profile, preferences and roles."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound, VersionConflict
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.graph.languages import check_locale
from subgraphs.user.enums import Role, SessionEnd
from subgraphs.user.errors import last_admin
from subgraphs.user.events import RolesSet, UserUpdated
from subgraphs.user.inputs import PreferencesUpdateInput, ProfileUpdateInput
from subgraphs.user.models import Avatar, UserPreferences, UserProfile
from subgraphs.user.service.revocation import SessionRevoker, end_sessions


async def update_profile(database: Database, user_id: str, given: ProfileUpdateInput) -> UserProfile:
    """Change name or picture and return the profile row; raises InvalidInput, VersionConflict or NotFound."""
    checks = Checks()
    changes = given.changes(checks, removable={"avatar_url"})
    if isinstance(given.name, str):
        changes["name"] = checks.text("name", given.name, longest=100)
    if isinstance(given.avatar_url, str):
        changes["avatar_url"] = checks.url("avatarUrl", given.avatar_url) if given.avatar_url else None
    checks.raise_if_any()
    async with database.write() as session:
        if "avatar_url" not in changes:
            return await change_profile(session, user_id, given.version, changes)
        profile = await change_profile(session, user_id, given.version, {**changes, "avatar_name": None})
        await session.execute(delete(Avatar).where(Avatar.user_id == user_id))
        return profile


async def set_roles(
    database: Database, revoker: SessionRevoker, user_id: str, version: int, roles: Sequence[Role]
) -> UserProfile:
    """Give a user exactly these roles, and end the sessions whose tokens say otherwise.

    Raises InvalidInput, VersionConflict, NotFound, or IllegalState where nobody would be an administrator any more.
    """
    checks = Checks()
    if not roles:
        checks.refuse("roles", "EMPTY", "Send at least one role.")
    checks.raise_if_any()
    names = sorted({role.value for role in roles})
    ends: dict[str, float] = {}
    async with database.write() as session:
        if Role.ADMIN.value not in names:
            await keep_an_admin(session, but=user_id)
        known = select(UserProfile.roles).where(UserProfile.id == user_id).with_for_update()
        previous = await session.scalar(known)
        profile = await change_profile(session, user_id, version, {"roles": names})
        if previous is not None and sorted(previous) != names:
            ends = await end_sessions(session, user_id, SessionEnd.ROLES_CHANGED)
            await record(session, RolesSet(user_id=user_id, roles=names, previous_roles=sorted(previous)))
    await revoker.publish(ends)
    return profile


async def keep_an_admin(session: AsyncSession, *, but: str) -> None:
    """Raise IllegalState if a user is the only administrator; nobody else can step down before the transaction ends."""
    is_active = UserProfile.suspended_at.is_(None)
    admins = select(UserProfile.id).where(UserProfile.roles.contains([Role.ADMIN.value]), is_active)
    ids = list(await session.scalars(admins.order_by(UserProfile.id).with_for_update()))
    if ids == [but]:
        raise last_admin()


async def change_profile(
    session: AsyncSession, user_id: str, version: int, changes: Mapping[str, object]
) -> UserProfile:
    """Change columns of a profile and return its row; raises VersionConflict or NotFound."""
    statement = (
        update(UserProfile)
        .where(UserProfile.id == user_id, UserProfile.version == version)
        .values(**changes, version=UserProfile.version + 1, updated_at=dt.datetime.now(dt.UTC))
        .returning(*UserProfile.__table__.columns)
    )
    profile = await one_or_none(session, UserProfile, statement)
    if profile is None:
        current = await session.scalar(select(UserProfile.version).where(UserProfile.id == user_id))
        raise _missed(current)
    await record(session, UserUpdated(user_id=user_id, fields=sorted(changes)))
    return profile


async def update_preferences(database: Database, user_id: str, given: PreferencesUpdateInput) -> UserPreferences:
    """Change the sent preferences and return their row; raises InvalidInput, VersionConflict or NotFound."""
    checks = Checks()
    changes = given.changes(checks, removable={"pet_species", "pet_breed", "pet_size"})
    if isinstance(given.locale, str):
        check_locale(checks, "locale", given.locale)
    if isinstance(given.pet_breed, str):
        changes["pet_breed"] = checks.text("petBreed", given.pet_breed, longest=80) if given.pet_breed else None
    checks.raise_if_any()
    async with database.write() as session:
        statement = (
            update(UserPreferences)
            .where(UserPreferences.user_id == user_id, UserPreferences.version == given.version)
            .values(**changes, version=UserPreferences.version + 1)
            .returning(*UserPreferences.__table__.columns)
        )
        preferences = await one_or_none(session, UserPreferences, statement)
        if preferences is None:
            known = select(UserPreferences.version).where(UserPreferences.user_id == user_id)
            raise _missed(await session.scalar(known))
        emails = given.order_emails if "order_emails" in changes else None
        locale = given.locale if "locale" in changes else None
        event = UserUpdated(user_id=user_id, fields=sorted(changes), order_emails=emails, locale=locale)
        await record(session, event)
    return preferences


async def stop_order_mails(session: AsyncSession, user_id: str) -> None:
    """Turn the mails about orders off, unless they are off or there is no such user (any more)."""
    stopped = (
        update(UserPreferences)
        .where(UserPreferences.user_id == user_id, UserPreferences.order_emails)
        .values(order_emails=False, version=UserPreferences.version + 1)
        .returning(UserPreferences.user_id)
    )
    if await session.scalar(stopped) is not None:
        await record(session, UserUpdated(user_id=user_id, fields=["order_emails"], order_emails=False))


def _missed(current_version: int | None) -> Exception:
    if current_version is None:
        return NotFound("This user does not exist.")
    return VersionConflict("This has changed since you read it; read it again and retry.", current_version)
