"""Locks an account: whatever rests on its password, roles or address is decided and written under this lock.

A password takes long to check. Meanwhile it may be replaced, and the session that asks may be ended: so what follows
from a right password is confirmed once the account is locked. A transaction locks the account before its proofs and
sessions, so that no two wait for each other.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import Unauthenticated
from shared.database.rows import as_row
from subgraphs.user.errors import WrongPassword, unknown_account
from subgraphs.user.models import UserCredential, UserProfile, UserSession


@dataclass(frozen=True)
class ProvenPassword:
    """A right password: whose, which of theirs, and in which session it was given.

    `better_hash` is the hash to store instead, where it was hashed with parameters of the past.
    """

    profile: UserProfile
    password_changed_at: dt.datetime
    session_id: str | None = None
    better_hash: str | None = None


async def lock_account(session: AsyncSession, user_id: str) -> UserProfile:
    """Lock an account until the transaction ends and return its profile row; raises NotFound."""
    return (await _lock(session, user_id))[0]


async def confirm(session: AsyncSession, proven: ProvenPassword) -> UserProfile:
    """Lock the account of somebody who has given its password and return its profile row as it is now.

    Raises WrongPassword if the password was replaced meanwhile, Unauthenticated if the session that asks was ended,
    and NotFound if the account is gone.
    """
    profile, password_changed_at = await _lock(session, proven.profile.id)
    if password_changed_at != proven.password_changed_at:
        raise WrongPassword
    if proven.session_id is not None:
        await require_open(session, proven.session_id)
    return profile


async def require_open(session: AsyncSession, session_id: str | None) -> None:
    """Raise Unauthenticated if the session that asks was ended; call it once the account is locked."""
    ended = select(UserSession.revoked_at).where(UserSession.id == (session_id or ""))
    if await session.scalar(ended) is not None:
        raise Unauthenticated("This session has ended; log in again.")


async def _lock(session: AsyncSession, user_id: str) -> tuple[UserProfile, dt.datetime]:
    # Both are locked: a row that is only joined would be as old as the statement, whose lock may have taken long.
    locked = (
        select(UserProfile.__table__, UserCredential.changed_at)
        .join(UserCredential, UserCredential.user_id == UserProfile.id)
        .where(UserProfile.id == user_id)
        .with_for_update(of=(UserProfile, UserCredential), key_share=True)
    )
    row = (await session.execute(locked)).one_or_none()
    if row is None:
        raise unknown_account()
    return as_row(UserProfile, row), row.changed_at
