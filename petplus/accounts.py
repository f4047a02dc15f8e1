"""The roles of accounts as an operator sets them: nobody in the graph can appoint the first administrator."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from petplus.local.process import ServiceError
from shared.core.settings import Settings, SettingsError

if TYPE_CHECKING:
    from shared.database.database import Database
    from subgraphs.user.models import UserProfile


async def roles_of(settings: Settings, email: str) -> Sequence[str]:
    """Return the roles of an account; raises ServiceError where there is none."""
    async with _opened(settings) as database:
        return (await _profile(database, email)).roles


async def set_roles_of(settings: Settings, email: str, roles: Sequence[str]) -> Sequence[str]:
    """Give an account exactly these roles, end its sessions where they change, and return the roles.

    Raises SettingsError for a role that is none, and what `accounts.set_roles` raises.
    """
    from redis.asyncio import Redis

    from shared.security.revocation import RevocationList, Revocations
    from subgraphs.user.enums import Role
    from subgraphs.user.service.accounts import set_roles
    from subgraphs.user.service.revocation import SessionRevoker

    known = {role.value: role for role in Role}
    if unknown := [name for name in roles if name not in known]:
        raise SettingsError(f"There is no role `{unknown[0]}`; choose from {', '.join(known)}.")
    async with _opened(settings) as database, Redis.from_url(settings.required_cache_redis_url) as redis:
        profile = await _profile(database, email)
        revoker = SessionRevoker(database, RevocationList(redis), Revocations())
        changed = await set_roles(database, revoker, profile.id, profile.version, [known[name] for name in roles])
    return changed.roles


@asynccontextmanager
async def _opened(settings: Settings) -> "AsyncIterator[Database]":
    from shared.database.database import Database

    database = Database.connect(settings, "user")
    try:
        yield database
    finally:
        await database.close()


async def _profile(database: "Database", email: str) -> "UserProfile":
    from sqlalchemy import select

    from shared.core.email_addresses import normal_email
    from shared.database.rows import one_or_none
    from subgraphs.user.models import UserProfile

    async with database.read() as connection:
        found = select(UserProfile.__table__).where(UserProfile.email == normal_email(email))
        profile = await one_or_none(connection, UserProfile, found)
    if profile is None:
        raise ServiceError("There is no account with this address.")
    return profile
