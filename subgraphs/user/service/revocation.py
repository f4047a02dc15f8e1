"""Ends sessions, and sees to it that all processes learn what is revoked (`shared/security/revocation.py`)."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shared.core.errors import Unavailable
from shared.core.tasks import stop
from shared.database.database import Database
from shared.events.outbox import record
from shared.graph.loaders import in_keys
from shared.runtime import Runtime
from shared.security.auth import CLOCK_LEEWAY_SECONDS
from shared.security.revocation import LOOK_SECONDS, RevocationList, Revocations
from subgraphs.user.enums import SessionEnd
from subgraphs.user.events import SessionEnded, SessionsEnded
from subgraphs.user.models import Device, Revocation, UserSession
from subgraphs.user.service.keys import ACCESS_TOKEN_SECONDS

MATTERS_FOR = dt.timedelta(seconds=ACCESS_TOKEN_SECONDS + CLOCK_LEEWAY_SECONDS + 60)
"""How long a revocation matters: as long as any token that it voids."""


class SessionRevoker:
    """Publishes what this subgraph has revoked: at once, and every second whatever the list has lost."""

    def __init__(self, database: Database, revocation_list: RevocationList, revocations: Revocations) -> None:
        self._database = database
        self._revocation_list = revocation_list
        self._revocations = revocations

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["SessionRevoker"]:
        """Look after the list until the end of the block."""
        revoker = cls(runtime.database, RevocationList(runtime.redis), runtime.revocations)
        looking = asyncio.create_task(revoker._look_after())
        try:
            yield revoker
        finally:
            await stop([looking])

    async def publish(self, ends: Mapping[str, float]) -> None:
        """Publish revocations that were committed: to this process at once, the others within a second."""
        self._revocations.add(ends)
        await self._revocation_list.publish(ends)

    async def _look_after(self) -> None:
        current = select(Revocation.__table__).where(Revocation.ends_at > func.now())
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                async with self._database.read() as connection:
                    rows = (await connection.execute(current, execution_options={"by_itself": True})).all()
            except Unavailable:
                continue
            await self.publish({row.id: row.ends_at.timestamp() for row in rows})


async def revoke(session: AsyncSession, ids: Sequence[str]) -> dict[str, float]:
    """Void all access tokens of some sessions or keys, in the session's transaction.

    Returns what `SessionRevoker.publish` is to be given once it is committed.
    """
    if not ids:
        return {}
    ends_at = dt.datetime.now(dt.UTC) + MATTERS_FOR
    rows = [{"id": key, "ends_at": ends_at} for key in ids]
    await session.execute(insert(Revocation).on_conflict_do_nothing(), rows)
    return dict.fromkeys(ids, ends_at.timestamp())


async def end_sessions(
    session: AsyncSession, user_id: str, why: SessionEnd, *which: ColumnElement[bool]
) -> dict[str, float]:
    """End the open sessions of a user, all or some, in the session's transaction; returns what `revoke` does."""
    now = dt.datetime.now(dt.UTC)
    ended = (
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now, *which)
        .values(revoked_at=now, refresh_hash=None)
        .returning(UserSession.id)
    )
    ids = sorted(await session.scalars(ended))
    if ids:
        await session.execute(delete(Device).where(in_keys(Device.session_id, ids)))
        await record(session, _ended(user_id, ids, why))
    return await revoke(session, ids)


def _ended(user_id: str, ids: Sequence[str], why: SessionEnd) -> SessionEnded | SessionsEnded:
    """Return the one event that tells of all that ended: an event for each would make a long transaction."""
    if len(ids) == 1:
        return SessionEnded(user_id=user_id, session_id=ids[0], why=why.value)
    return SessionsEnded(user_id=user_id, count=len(ids), why=why.value)
