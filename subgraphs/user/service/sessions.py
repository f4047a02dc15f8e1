"""Logs people in: a password is exchanged for a session and its access token."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shared.database import Database
from shared.ids import new_id
from shared.outbox import record
from subgraphs.user.errors import WrongCredentials
from subgraphs.user.events import SessionStarted
from subgraphs.user.models import UserCredential, UserProfile, UserSession
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.passwords import LONGEST_PASSWORD, Passwords

SESSION_DAYS = 30
LONGEST_DEVICE = 200


@dataclass(frozen=True)
class StartedSession:
    """A new session: its access token, the token's lifetime in seconds, and the profile row of the user."""

    access_token: str
    expires_in: int
    profile: Any


async def start_session(
    database: Database, passwords: Passwords, keys: KeyRing, email: str, password: str, device: str
) -> StartedSession:
    """Check a password and start a session; raises WrongCredentials, in the same time for unknown accounts."""
    known = (
        select(UserProfile.__table__, UserCredential.password_hash)
        .join(UserCredential, UserCredential.user_id == UserProfile.id)
        .where(UserProfile.email == email.strip().lower())
    )
    async with database.read() as connection:
        profile = (await connection.execute(known)).one_or_none()
    stored = profile.password_hash if profile is not None else None
    if not await passwords.verify(password[: LONGEST_PASSWORD + 1], stored) or profile is None:
        raise WrongCredentials
    session_id = new_id("ses")
    now = dt.datetime.now(dt.UTC)
    async with database.write() as session:
        session.add(
            UserSession(
                id=session_id,
                user_id=profile.id,
                device=device[:LONGEST_DEVICE],
                expires_at=now + dt.timedelta(days=SESSION_DAYS),
            )
        )
        await record(session, SessionStarted(user_id=profile.id, session_id=session_id))
    token, seconds = keys.sign(profile.id, profile.roles, session_id)
    return StartedSession(token, seconds, profile)
