"""Removes what has expired: sessions, registrations, proofs, log-ins without their code, revocations, and notes."""

import datetime as dt

from sqlalchemy import delete, func, or_

from shared.database.database import Database
from subgraphs.user.models import (
    EmailProof,
    LogInChallenge,
    Registration,
    Revocation,
    SentPush,
    TotpFactor,
    UsedChallenge,
    UserSession,
)

ENDED_SESSIONS_SHOWN_FOR = dt.timedelta(days=30)
PROOFS_KEPT_FOR = dt.timedelta(days=1)
"""Once they are over: as long as a mail about them may still have to be written."""
PUSHES_KEPT_FOR = dt.timedelta(days=30)
"""Longer than anything sends a change again."""


async def remove_expired(database: Database) -> None:
    """Delete what nobody can use any more; sessions that were ended early are shown for a month."""
    over = (
        (
            UserSession,
            or_(UserSession.expires_at <= func.now(), UserSession.revoked_at <= func.now() - ENDED_SESSIONS_SHOWN_FOR),
        ),
        (Registration, Registration.expires_at <= func.now()),
        (EmailProof, EmailProof.expires_at <= func.now() - PROOFS_KEPT_FOR),
        # A factor that was confirmed does not expire.
        (TotpFactor, TotpFactor.expires_at <= func.now()),
        (LogInChallenge, LogInChallenge.expires_at <= func.now()),
        (Revocation, Revocation.ends_at <= func.now()),
        (SentPush, SentPush.sent_at <= func.now() - PUSHES_KEPT_FOR),
        (UsedChallenge, UsedChallenge.expires_at <= func.now()),
    )
    async with database.write() as session:
        for table, condition in over:
            await session.execute(delete(table).where(condition))
