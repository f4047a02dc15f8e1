"""Suspends accounts: their sessions end, and nobody can log in until staff end the suspension. Their owners are mailed
both."""

import datetime as dt

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from shared.security.auth import Viewer
from subgraphs.user.enums import SessionEnd
from subgraphs.user.errors import not_suspended, own_suspension, suspended_already
from subgraphs.user.events import UserReinstated, UserSuspended
from subgraphs.user.models import UserProfile
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.challenges import drop_challenges
from subgraphs.user.service.job_types import MailKind, mail_account
from subgraphs.user.service.revocation import SessionRevoker, end_sessions

LONGEST_REASON = 500


async def suspend(database: Database, revoker: SessionRevoker, viewer: Viewer, user_id: str, why: str) -> UserProfile:
    """Suspend an account and return its profile row.

    Whoever logs in at the same time waits for it or is ended by it. Raises InvalidInput, NotFound, or IllegalState for
    the viewer's own account and one that is suspended.
    """
    checks = Checks()
    reason = checks.text("reason", why, longest=LONGEST_REASON)
    checks.raise_if_any()
    if user_id == viewer.id:
        raise own_suspension()
    async with database.write() as session:
        profile = await _lock(session, user_id)
        if profile.suspended_at is not None:
            raise suspended_already()
        suspended = await _change(session, user_id, dt.datetime.now(dt.UTC), reason)
        await drop_challenges(session, user_id)
        await record(session, UserSuspended(user_id=user_id))
        ends = await end_sessions(session, user_id, SessionEnd.SUSPENDED)
        await mail_account(session, MailKind.ACCOUNT_SUSPENDED, user_id)
    await revoker.publish(ends)
    return suspended


async def reinstate(database: Database, user_id: str) -> UserProfile:
    """End the suspension of an account and return its profile row; raises NotFound, or IllegalState without one."""
    async with database.write() as session:
        profile = await _lock(session, user_id)
        if profile.suspended_at is None:
            raise not_suspended()
        await record(session, UserReinstated(user_id=user_id))
        await mail_account(session, MailKind.ACCOUNT_REINSTATED, user_id)
        return await _change(session, user_id, None, None)


async def _lock(session: AsyncSession, user_id: str) -> UserProfile:
    try:
        return await lock_account(session, user_id)
    except NotFound:
        raise NotFound("This user does not exist.") from None


async def _change(session: AsyncSession, user_id: str, at: dt.datetime | None, reason: str | None) -> UserProfile:
    changed = (
        update(UserProfile)
        .where(UserProfile.id == user_id)
        .values(suspended_at=at, suspension_reason=reason)
        .returning(*UserProfile.__table__.columns)
    )
    return await one(session, UserProfile, changed)
