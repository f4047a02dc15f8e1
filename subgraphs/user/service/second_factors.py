"""Second factors of accounts: enrolled, confirmed by a code, and removed.

A change ends what rests on the old state: other sessions, which have not given the new factor, and open log-ins.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound, Unauthenticated
from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from subgraphs.user.enums import SessionEnd
from subgraphs.user.errors import (
    WrongCode,
    no_second_factor,
    nothing_to_confirm,
    own_second_factor,
    second_factor_exists,
)
from subgraphs.user.events import RecoveryCodesReplaced, SecondFactorAdded, SecondFactorRemoved
from subgraphs.user.models import TotpFactor, UserProfile, UserSession
from subgraphs.user.service.account_lock import lock_account, require_open
from subgraphs.user.service.authentication import HARDWARE_KEY, MULTIPLE_FACTORS, ONE_TIME_CODE
from subgraphs.user.service.challenges import drop_challenges
from subgraphs.user.service.code_check import CodeCheck, find_factor
from subgraphs.user.service.job_types import MailKind, mail_account
from subgraphs.user.service.recovery_codes import drop_codes, replace_codes
from subgraphs.user.service.revocation import SessionRevoker, end_sessions
from subgraphs.user.service.sessions import Sessions, Tokens
from subgraphs.user.service.totp import TotpSecrets

ENROLMENT_LASTS = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Enrolment:
    """A secret that is not a factor yet: in base32, as an `otpauth://` address, and for how many seconds it waits."""

    secret: str
    uri: str
    expires_in: int


class SecondFactors:
    """Changes the second factors of accounts."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._secrets = runtime.resource(TotpSecrets)
        self._check = runtime.resource(CodeCheck)
        self._sessions = runtime.resource(Sessions)
        self._revoker = runtime.resource(SessionRevoker)

    async def enrol(self, viewer: Viewer) -> Enrolment:
        """Return a new secret, which `confirm` makes the viewer's second factor; one that waits already is replaced.

        Raises IllegalState where there is a factor, NotFound or Unauthenticated.
        """
        secret = self._secrets.make()
        async with self._database.write() as session:
            profile = await self._lock(session, viewer)
            values = {
                "id": new_id("tfa"),
                "sealed_secret": self._secrets.seal(secret, profile.id),
                "expires_at": dt.datetime.now(dt.UTC) + ENROLMENT_LASTS,
            }
            waiting = insert(TotpFactor).values(
                user_id=profile.id, last_step=0, wrong_codes=0, wrong_in_row=0, **values
            )
            replaced = waiting.on_conflict_do_update(
                index_elements=["user_id"],
                set_={**values, "created_at": func.now()},
                where=TotpFactor.confirmed_at.is_(None),
            )
            if await session.scalar(replaced.returning(TotpFactor.user_id)) is None:
                raise second_factor_exists()
        uri = self._secrets.uri(secret, profile.email)
        return Enrolment(secret, uri, int(ENROLMENT_LASTS.total_seconds()))

    async def confirm(self, viewer: Viewer, code: str) -> tuple[Tokens, list[str]]:
        """Make the secret that waits the viewer's second factor; returns new tokens of the session, and recovery codes.

        All other sessions end. Raises WrongCode, IllegalState, NotFound or Unauthenticated.
        """
        await self._sessions.prepare()
        async with self._database.write() as session:
            profile = await self._lock(session, viewer)
            found = select(TotpFactor.__table__).where(
                TotpFactor.user_id == profile.id, TotpFactor.expires_at > dt.datetime.now(dt.UTC)
            )
            waiting = await one_or_none(session, TotpFactor, found)
            if waiting is None:
                raise nothing_to_confirm()
            step = self._secrets.step_of(waiting, "".join(code.split()))
            if step is None:
                raise WrongCode
            confirmed = {"confirmed_at": dt.datetime.now(dt.UTC), "expires_at": None, "last_step": step}
            await session.execute(update(TotpFactor).where(TotpFactor.user_id == profile.id).values(confirmed))
            codes = await replace_codes(session, profile.id)
            others = UserSession.id != (viewer.session_id or "")
            ends = await end_sessions(session, profile.id, SessionEnd.SECOND_FACTOR_CHANGED, others)
            begun = await self._sessions.renew(session, viewer, profile, [ONE_TIME_CODE, MULTIPLE_FACTORS])
            await record(session, SecondFactorAdded(user_id=profile.id))
            await mail_account(session, MailKind.SECOND_FACTOR_ADDED, profile.id)
        await self._revoker.publish(ends)
        return await self._sessions.finish(begun), codes

    async def remove(self, viewer: Viewer, code: str, address: str) -> Tokens:
        """Remove the viewer's second factor by a code of it, end all sessions, and begin one without it.

        Raises WrongCode, CodesLocked, TooManyRequests, IllegalState, NotFound or Unauthenticated.
        """
        await self._sessions.prepare()
        async with self._database.write() as session:
            profile = await self._lock(session, viewer)
            factor = await find_factor(session, profile.id)
            if factor is None:
                raise no_second_factor()
            refusal = await self._check.refusal_of(session, factor, code)
            if refusal is None:
                current = select(UserSession.device).where(UserSession.id == (viewer.session_id or ""))
                device = await session.scalar(current) or ""
                ends = await _remove(session, profile.id, by_staff=False)
                begun = await self._sessions.begin(session, profile, device, address, _without_code(viewer))
        if refusal is not None:
            raise refusal
        await self._revoker.publish(ends)
        return await self._sessions.finish(begun)

    async def remove_for(self, viewer: Viewer, user_id: str) -> UserProfile:
        """Remove the second factor of a person who has lost it, as staff; returns their profile row.

        All their sessions end. Raises NotFound, and IllegalState without a factor or for the viewer's own.
        """
        if user_id == viewer.id:
            raise own_second_factor()
        async with self._database.write() as session:
            try:
                await lock_account(session, user_id)
            except NotFound:
                raise NotFound("This user does not exist.") from None
            if await find_factor(session, user_id) is None:
                raise no_second_factor()
            ends = await _remove(session, user_id, by_staff=True)
            profile = await one(session, UserProfile, select(UserProfile.__table__).where(UserProfile.id == user_id))
        await self._revoker.publish(ends)
        return profile

    async def replace_recovery_codes(self, viewer: Viewer) -> list[str]:
        """Return new recovery codes of the viewer; those before are good for nothing.

        Raises IllegalState, NotFound or Unauthenticated.
        """
        async with self._database.write() as session:
            profile = await self._lock(session, viewer)
            if await find_factor(session, profile.id) is None:
                raise no_second_factor()
            codes = await replace_codes(session, profile.id)
            await record(session, RecoveryCodesReplaced(user_id=profile.id))
            await mail_account(session, MailKind.RECOVERY_CODES_REPLACED, profile.id)
        return codes

    async def _lock(self, session: AsyncSession, viewer: Viewer) -> UserProfile:
        if viewer.id is None:
            raise Unauthenticated("Log in first.")
        profile = await lock_account(session, viewer.id)
        await require_open(session, viewer.session_id)
        return profile


async def _remove(session: AsyncSession, user_id: str, *, by_staff: bool) -> dict[str, float]:
    """Remove the factor of a locked account and end all that rests on it; returns what `end_sessions` does."""
    await session.execute(delete(TotpFactor).where(TotpFactor.user_id == user_id))
    await drop_codes(session, user_id)
    await drop_challenges(session, user_id)
    await record(session, SecondFactorRemoved(user_id=user_id, by_staff=by_staff))
    await mail_account(session, MailKind.SECOND_FACTOR_REMOVED, user_id)
    return await end_sessions(session, user_id, SessionEnd.SECOND_FACTOR_CHANGED)


def _without_code(viewer: Viewer) -> set[str]:
    """Return by which methods somebody has authenticated without a code; a passkey counts for two by itself."""
    codes = {ONE_TIME_CODE} if HARDWARE_KEY in viewer.methods else {ONE_TIME_CODE, MULTIPLE_FACTORS}
    return set(viewer.methods) - codes
