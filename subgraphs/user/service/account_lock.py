"""Locks an account: whatever rests on its password, roles or address is decided and written under this lock.

A transaction locks the account before its proofs and sessions, so that no two wait for each other.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import as_row
from subgraphs.user.errors import unknown_account
from subgraphs.user.models import UserCredential, UserProfile


@dataclass(frozen=True)
class LockedAccount:
    """An account as it is until the transaction ends; `password_changed_at` tells its passwords apart."""

    profile: UserProfile
    password_changed_at: dt.datetime


async def lock_account(session: AsyncSession, user_id: str) -> LockedAccount:
    """Lock profile and credential of a user until the transaction ends; raises NotFound."""
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
    return LockedAccount(as_row(UserProfile, row), row.changed_at)
