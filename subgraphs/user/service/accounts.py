"""Makes and changes accounts: registration, profile, preferences and roles."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.errors import NotFound, VersionConflict
from shared.ids import new_id
from shared.outbox import record
from shared.validation import Checks
from subgraphs.user.enums import Role
from subgraphs.user.errors import email_taken
from subgraphs.user.events import UserCreated, UserUpdated
from subgraphs.user.inputs import AccountRegisterInput, PreferencesUpdateInput, ProfileUpdateInput
from subgraphs.user.models import UserCredential, UserPreferences, UserProfile
from subgraphs.user.service.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, Passwords

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)


async def register_account(database: Database, passwords: Passwords, given: AccountRegisterInput) -> Any:
    """Make a customer's account and return its profile row; raises InvalidInput."""
    checks = Checks()
    email = checks.email("email", given.email)
    name = checks.text("name", given.name, longest=100)
    if len(given.password) < SHORTEST_PASSWORD:
        checks.refuse("password", "TOO_SHORT", f"At least {SHORTEST_PASSWORD} characters are needed.")
    if len(given.password) > LONGEST_PASSWORD:
        checks.refuse("password", "TOO_LONG", f"At most {LONGEST_PASSWORD} characters are allowed.")
    checks.done()
    password_hash = await passwords.hash(given.password)
    user_id = new_id("usr")
    now = dt.datetime.now(dt.UTC)
    profile = UserProfile(
        id=user_id, email=email, name=name, roles=[Role.CUSTOMER.value], version=1, created_at=now, updated_at=now
    )
    try:
        async with database.write() as session:
            session.add(profile)
            await session.flush()
            session.add(UserCredential(user_id=user_id, password_hash=password_hash))
            session.add(UserPreferences(user_id=user_id))
            await record(session, UserCreated(user_id=user_id))
    except IntegrityError:
        raise email_taken() from None
    return profile


async def update_profile(database: Database, user_id: str, given: ProfileUpdateInput) -> Any:
    """Change name or picture and return the profile row; raises InvalidInput, VersionConflict or NotFound."""
    checks = Checks()
    changes: dict[str, Any] = {}
    if given.name is not None:
        changes["name"] = checks.text("name", given.name, longest=100)
    if given.avatar_url is not None:
        changes["avatar_url"] = checks.url("avatarUrl", given.avatar_url) if given.avatar_url else None
    if not changes:
        checks.refuse("name", "NOTHING_TO_CHANGE", "Send at least one field to change.")
    checks.done()
    async with database.write() as session:
        return await _change_profile(session, user_id, given.version, changes)


async def set_roles(database: Database, user_id: str, version: int, roles: Sequence[Role]) -> Any:
    """Give a user exactly these roles; raises InvalidInput, VersionConflict or NotFound."""
    checks = Checks()
    if not roles:
        checks.refuse("roles", "EMPTY", "A user has at least one role.")
    checks.done()
    names = sorted({role.value for role in roles})
    async with database.write() as session:
        return await _change_profile(session, user_id, version, {"roles": names})


async def _change_profile(session: AsyncSession, user_id: str, version: int, changes: dict[str, Any]) -> Any:
    statement = (
        update(UserProfile)
        .where(UserProfile.id == user_id, UserProfile.version == version)
        .values(**changes, version=UserProfile.version + 1, updated_at=dt.datetime.now(dt.UTC))
        .returning(*UserProfile.__table__.columns)
    )
    profile = (await session.execute(statement)).one_or_none()
    if profile is None:
        current = await session.scalar(select(UserProfile.version).where(UserProfile.id == user_id))
        raise _missed(current)
    await record(session, UserUpdated(user_id=user_id, fields=sorted(changes)))
    return profile


async def update_preferences(database: Database, user_id: str, given: PreferencesUpdateInput) -> Any:
    """Change the sent preferences and return their row; raises InvalidInput, VersionConflict or NotFound."""
    changes = given.changes()
    checks = Checks()
    if given.locale is not None and not _LOCALE.fullmatch(given.locale):
        checks.refuse("locale", "INVALID_LOCALE", "Send a language tag such as `en` or `en-GB`.")
    if given.pet_breed:
        changes["pet_breed"] = checks.text("petBreed", given.pet_breed, longest=80)
    if not changes:
        checks.refuse("locale", "NOTHING_TO_CHANGE", "Send at least one field to change.")
    checks.done()
    async with database.write() as session:
        statement = (
            update(UserPreferences)
            .where(UserPreferences.user_id == user_id, UserPreferences.version == given.version)
            .values(**changes, version=UserPreferences.version + 1)
            .returning(*UserPreferences.__table__.columns)
        )
        preferences = (await session.execute(statement)).one_or_none()
        if preferences is None:
            known = select(UserPreferences.version).where(UserPreferences.user_id == user_id)
            raise _missed(await session.scalar(known))
        order_emails = changes.get("order_emails")
        await record(session, UserUpdated(user_id=user_id, fields=sorted(changes), order_emails=order_emails))
    return preferences


def _missed(current_version: int | None) -> Exception:
    if current_version is None:
        return NotFound("This user does not exist.")
    return VersionConflict("Somebody changed this since you read it; read it again.", current_version)
