"""Devices that get push messages: one for each session that has registered one, for as long as it lasts."""

import datetime as dt
import hashlib

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from shared.security.auth import Viewer
from subgraphs.user.errors import unknown_device
from subgraphs.user.events import UserUpdated
from subgraphs.user.inputs import DeviceRegisterInput
from subgraphs.user.models import Device, UserSession
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.passkeys import who

MOST = 20
"""Of one account; one more takes the place of the oldest."""
LONGEST_TOKEN = 4096


async def register_device(database: Database, viewer: Viewer, given: DeviceRegisterInput) -> Device:
    """Have the app of a session get push messages, and return the device's row.

    The token is this session's from now on, whoever had it: people share devices, and log in on them anew. Raises
    InvalidInput, Unauthenticated or NotFound.
    """
    user_id, session_id = who(viewer)
    checks = Checks()
    token = checks.text("pushToken", given.push_token, longest=LONGEST_TOKEN)
    checks.raise_if_any()
    digest = hashlib.sha256(token.encode()).hexdigest()
    columns = {
        "id": new_id("dev"),
        "user_id": user_id,
        "session_id": session_id,
        "platform": given.platform,
        "push_token": token,
        "token_digest": digest,
        "registered_at": dt.datetime.now(dt.UTC),
    }
    new = insert(Device).values(columns)
    changed = {name: new.excluded[name] for name in ("platform", "push_token", "token_digest", "registered_at")}
    kept = new.on_conflict_do_update(index_elements=["session_id"], set_=changed)
    async with database.write() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(digest, 0))))
        await lock_account(session, user_id)
        await _require_session(session, user_id, session_id)
        before = await session.scalar(select(Device.token_digest).where(Device.session_id == session_id))
        taken = delete(Device).where(Device.token_digest == digest, Device.session_id != session_id)
        await session.execute(taken)
        device = await one(session, Device, kept.returning(*Device.__table__.columns))
        newest = select(Device.id).where(Device.user_id == user_id).order_by(Device.registered_at.desc()).limit(MOST)
        await session.execute(delete(Device).where(Device.user_id == user_id, Device.id.not_in(newest)))
        # Apps register at each start: what is as it was is no news.
        if before != digest:
            await _record_change(session, user_id)
    return device


async def unregister_device(database: Database, user_id: str, device_id: str) -> None:
    """Send a device of a user nothing any more; raises NotFound."""
    removed = delete(Device).where(Device.id == device_id, Device.user_id == user_id).returning(Device.id)
    async with database.write() as session:
        if await session.scalar(removed) is None:
            raise unknown_device()
        await _record_change(session, user_id)


async def _require_session(session: AsyncSession, user_id: str, session_id: str) -> None:
    """Raise Unauthenticated if the session that asks is over; until the transaction ends it is not removed."""
    is_open = (UserSession.revoked_at.is_(None), UserSession.expires_at > func.now())
    found = select(UserSession.id).where(UserSession.id == session_id, UserSession.user_id == user_id, *is_open)
    if await session.scalar(found.with_for_update(read=True, key_share=True)) is None:
        raise Unauthenticated("This session has ended; log in again.")


async def _record_change(session: AsyncSession, user_id: str) -> None:
    await record(session, UserUpdated(user_id=user_id, fields=["devices"]))
