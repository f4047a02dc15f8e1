"""Passkeys of an account: registered, renamed and removed by its owner, who is told by mail."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import many, one, one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.user.errors import last_factor, passkey_taken, too_many_passkeys, unknown_account, unknown_passkey
from subgraphs.user.events import PasskeyAdded, PasskeyRemoved, PasskeyRenamed
from subgraphs.user.models import Passkey, UserProfile
from subgraphs.user.service.account_lock import lock_account, require_open
from subgraphs.user.service.code_check import find_factor
from subgraphs.user.service.job_types import USER_MAIL, MailKind, mail_account
from subgraphs.user.service.own_rows import change_own_row
from subgraphs.user.service.passkey_ceremonies import Attested, creation_options, read_registration, verify_registration
from subgraphs.user.service.passkey_challenges import Ceremony, PasskeyChallenges
from subgraphs.user.service.scopes import grant_of
from subgraphs.user.settings import PasskeySettings

MOST = 20
"""Of one account."""
LONGEST_NAME = 60
MOST_CHANGES = 40
"""Passkeys that an account adds and removes in an hour: each is told by mail."""
_HOUR = 3600


class Passkeys:
    """Keeps the passkeys of accounts."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._challenges = runtime.resource(PasskeyChallenges)
        self._party = PasskeySettings.load().relying_party(runtime.settings)
        self._is_production = runtime.settings.is_production
        self._changes = FixedWindowLimiter(runtime.redis, "passkey-changes", most=MOST_CHANGES, seconds=_HOUR)

    async def start_registration(self, viewer: Viewer) -> str:
        """Return the options for a new passkey as JSON; raises IllegalState for an account that has enough."""
        user_id, session_id = who(viewer)
        async with self._database.read() as connection:
            known = select(UserProfile.__table__).where(UserProfile.id == user_id)
            profile = await one_or_none(connection, UserProfile, known)
            passkeys = await passkeys_of(connection, user_id)
        if profile is None:
            raise unknown_account()
        if len(passkeys) >= MOST:
            raise too_many_passkeys(MOST)
        challenge = self._challenges.make(Ceremony.REGISTRATION, user_id, session_id)
        return creation_options(self._party, profile, passkeys, challenge)

    async def register(self, viewer: Viewer, response: str, name: str) -> Passkey:
        """Add the passkey that an authenticator has made and return its row.

        Raises InvalidInput, ChallengeRefused, TooManyRequests or IllegalState.
        """
        user_id, session_id = who(viewer)
        name = _check_name(name)
        given = read_registration(response)
        self._challenges.check(given.challenge, Ceremony.REGISTRATION, user_id, session_id)
        attested = verify_registration(self._party, given)
        await self._changes.check(user_id)
        async with self._database.write() as session:
            await lock_account(session, user_id)
            await require_open(session, session_id)
            await self._challenges.use(session, given.challenge)
            if await _count(session, user_id) >= MOST:
                raise too_many_passkeys(MOST)
            passkey_id = await _add(session, user_id, attested, name)
            await record(session, PasskeyAdded(user_id=user_id, passkey_id=passkey_id))
            await USER_MAIL.enqueue(session, {"kind": MailKind.PASSKEY_ADDED.value, "id": passkey_id})
            return await one(session, Passkey, select(Passkey.__table__).where(Passkey.id == passkey_id))

    async def rename(self, viewer: Viewer, passkey_id: str, version: int, name: str) -> Passkey:
        """Give a passkey another name and return its row; raises InvalidInput, NotFound or VersionConflict."""
        user_id, _ = who(viewer)
        name = _check_name(name)
        changes = {"name": name}
        async with self._database.write() as session:
            passkey = await change_own_row(session, Passkey, user_id, passkey_id, version, changes, unknown_passkey)
            await record(session, PasskeyRenamed(user_id=user_id, passkey_id=passkey_id))
        return passkey

    async def remove(self, viewer: Viewer, passkey_id: str) -> None:
        """Remove a passkey of the viewer; raises NotFound, TooManyRequests or IllegalState."""
        user_id, session_id = who(viewer)
        await self._changes.check(user_id)
        async with self._database.write() as session:
            profile = await lock_account(session, user_id)
            await require_open(session, session_id)
            if not await remove_passkeys(session, user_id, passkey_id):
                raise unknown_passkey()
            await self._require_factor(session, profile)

    async def _require_factor(self, session: AsyncSession, profile: UserProfile) -> None:
        """Raise IllegalState where the roles of an account need a second factor that it has lost."""
        grant = grant_of(profile.roles, (), is_production=self._is_production)
        if not grant.second_factor_required or await _count(session, profile.id):
            return
        if await find_factor(session, profile.id) is None:
            raise last_factor()


async def passkeys_of(session: AsyncSession | AsyncConnection, user_id: str) -> Sequence[Passkey]:
    """Return the rows of an account's passkeys, oldest first."""
    found = select(Passkey.__table__).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return await many(session, Passkey, found)


async def remove_passkeys(session: AsyncSession, user_id: str, *ids: str) -> int:
    """Remove some passkeys of a locked account, or all of them, tell its owner, and return how many there were."""
    which = [Passkey.id.in_(ids)] if ids else []
    removed = delete(Passkey).where(Passkey.user_id == user_id, *which).returning(Passkey.id)
    removed_ids = sorted(await session.scalars(removed))
    if removed_ids:
        await record(session, *[PasskeyRemoved(user_id=user_id, passkey_id=each) for each in removed_ids])
        await mail_account(session, MailKind.PASSKEY_REMOVED, user_id)
    return len(removed_ids)


async def _add(session: AsyncSession, user_id: str, attested: Attested, name: str) -> str:
    """Store a passkey and return its id; raises InvalidInput if any account has it."""
    values = {
        "id": new_id("pky"),
        "user_id": user_id,
        "credential_id": attested.credential_id,
        "public_key": attested.public_key,
        "name": name,
        "sign_count": attested.sign_count,
        "transports": list(attested.transports),
        "backup_eligible": attested.backup_eligible,
        "backed_up": attested.backed_up,
        "created_at": dt.datetime.now(dt.UTC),
        "version": 1,
    }
    added = insert(Passkey).values(values).on_conflict_do_nothing().returning(Passkey.id)
    passkey_id = await session.scalar(added)
    if passkey_id is None:
        raise passkey_taken()
    return passkey_id


async def _count(session: AsyncSession, user_id: str) -> int:
    return await session.scalar(select(func.count()).where(Passkey.user_id == user_id)) or 0


def _check_name(name: str) -> str:
    checks = Checks()
    name = checks.text("name", name, longest=LONGEST_NAME)
    checks.raise_if_any()
    return name


def who(viewer: Viewer) -> tuple[str, str]:
    """Return the account and the session of a caller; raises Unauthenticated."""
    if viewer.id is None or viewer.session_id is None:
        raise Unauthenticated("Log in first.")
    return viewer.id, viewer.session_id
