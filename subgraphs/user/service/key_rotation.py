"""How signing keys come and go: announced, signing, only verifying, retired; or voided at once if one has leaked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, NotFound
from shared.core.settings import Settings
from shared.database.database import Database
from shared.events.outbox import record
from shared.security.auth import CLOCK_LEEWAY_SECONDS
from subgraphs.user.events import KeyRevoked, KeyRotated
from subgraphs.user.models import SigningKey
from subgraphs.user.service.keys import ACCESS_TOKEN_SECONDS, lock_keys, make_key, usable_keys
from subgraphs.user.service.revocation import revoke

SIGNS_FOR = dt.timedelta(days=30)
ANNOUNCED_FOR = dt.timedelta(minutes=10)
"""Longer than anybody may keep a copy of the JWKS."""
VERIFIES_FOR = dt.timedelta(seconds=ACCESS_TOKEN_SECONDS + CLOCK_LEEWAY_SECONDS + 60)
"""How long a key is shown once another signs: as long as its last token, and a minute for clocks that differ."""


@dataclass(frozen=True)
class KeyState:
    """A key and where it stands in its life: `announced`, `signing`, `verifying`, `retired` or `revoked`."""

    kid: str
    state: str
    created_at: dt.datetime
    signs_from: dt.datetime


async def list_keys(database: Database) -> list[KeyState]:
    """Return all keys, newest first."""
    now = dt.datetime.now(dt.UTC)
    async with database.write() as session:
        rows = list(await session.scalars(select(SigningKey).order_by(SigningKey.signs_from.desc())))
    signing = _signing(rows, now)
    return [KeyState(row.kid, _state(row, signing, now), row.created_at, row.signs_from) for row in rows]


async def rotate_key(database: Database, settings: Settings, announced_for: dt.timedelta = ANNOUNCED_FOR) -> str:
    """Announce a new key and return its id; raises IllegalState while another is announced."""
    now = dt.datetime.now(dt.UTC)
    async with database.write() as session:
        await lock_keys(session)
        for row in await usable_keys(session):
            if row.signs_from > now:
                raise IllegalState(
                    f"{row.kid} is already announced and signs from {row.signs_from:%H:%M:%S} UTC; wait until then."
                )
        return await _announce(session, settings, now + announced_for)


async def revoke_key(database: Database, settings: Settings, kid: str) -> dict[str, float]:
    """Void a key that has leaked, with all that it has signed; if it signs, another takes its place at once.

    Returns what to publish on the revocation list. Raises NotFound, and IllegalState for a key that is void already.
    """
    now = dt.datetime.now(dt.UTC)
    async with database.write() as session:
        await lock_keys(session)
        rows = await usable_keys(session)
        row = await session.get(SigningKey, kid)
        if row is None:
            raise NotFound(f"There is no key {kid}.")
        if row.revoked_at is not None:
            raise IllegalState(f"{kid} is already revoked.")
        if row is _signing(rows, now):
            await _announce(session, settings, now)
        _drop(row, now)
        row.revoked_at = now
        await record(session, KeyRevoked(key_id=kid))
        return await revoke(session, [kid])


async def tend_keys(database: Database, settings: Settings) -> None:
    """Rotate a key that has signed for long enough, and retire those whose last token has ended."""
    now = dt.datetime.now(dt.UTC)
    async with database.write() as session:
        await lock_keys(session)
        rows = await usable_keys(session)
        signing = _signing(rows, now)
        if signing is None:
            return
        if signing is rows[0] and signing.signs_from + SIGNS_FOR <= now:
            await _announce(session, settings, now + ANNOUNCED_FOR)
        for row in rows:
            if row.signs_from < signing.signs_from and signing.signs_from + VERIFIES_FOR <= now:
                _drop(row, now)


async def _announce(session: AsyncSession, settings: Settings, signs_from: dt.datetime) -> str:
    row = await make_key(session, settings, signs_from)
    await record(session, KeyRotated(key_id=row.kid))
    return row.kid


def _drop(row: SigningKey, now: dt.datetime) -> None:
    """Take a key out of use; its private half is gone."""
    row.retired_at = row.retired_at or now
    row.sealed_pem = ""


def _signing(rows: Sequence[SigningKey], now: dt.datetime) -> SigningKey | None:
    """Return which of some keys, newest first, signs now; None before the first process has started."""
    usable = [row for row in rows if row.retired_at is None and row.revoked_at is None]
    due = [row for row in usable if row.signs_from <= now]
    return next(iter(due or usable[-1:]), None)


def _state(row: SigningKey, signing: SigningKey | None, now: dt.datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.retired_at is not None:
        return "retired"
    if row is signing:
        return "signing"
    return "announced" if row.signs_from > now else "verifying"
