"""Passwords anew: by the old one, or by a mailed token."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import ProofPurpose, SessionEnd
from subgraphs.user.errors import invalid_token
from subgraphs.user.events import EmailVerified, PasswordChanged
from subgraphs.user.models import EmailProof, UserCredential, UserProfile, UserSession
from subgraphs.user.service.account_lock import confirm, lock_account
from subgraphs.user.service.code_check import unlock_codes
from subgraphs.user.service.email_change import EmailChange
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.log_in import Challenge, LogIn
from subgraphs.user.service.mails import RESET_LASTS
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.proofs import drop_proofs, find_proof, mail_proof, use_proof
from subgraphs.user.service.registration import MailLimits
from subgraphs.user.service.revocation import SessionRevoker, end_sessions
from subgraphs.user.service.sessions import Sessions, Tokens

SETS_PASSWORD = (ProofPurpose.PASSWORD_RESET, ProofPurpose.EMAIL_CHANGE_UNDO)


class Recovery:
    """Sets the passwords of accounts anew."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._passwords = runtime.resource(Passwords)
        self._check = runtime.resource(PasswordCheck)
        self._email_change = runtime.resource(EmailChange)
        self._limits = runtime.resource(MailLimits)
        self._pseudonymizer = runtime.resource(Pseudonymizer)
        self._revoker = runtime.resource(SessionRevoker)
        self._sessions = runtime.resource(Sessions)
        self._log_in = runtime.resource(LogIn)

    async def change_password(self, viewer: Viewer, current: str, new: str, address: str) -> None:
        """Set a new password, end all other sessions and drop what was asked for with the old one.

        Raises InvalidInput, WrongPassword or TooManyRequests.
        """
        proven = await self._check.own_password(viewer, current, address)
        user_id = proven.profile.id
        checks = Checks()
        await self._passwords.check(
            checks, "newPassword", new, proven.profile.email, proven.profile.name, caller=address
        )
        checks.raise_if_any()
        new_hash = await self._passwords.hash(new, caller=address)
        async with self._database.write() as session:
            profile = await confirm(session, proven)
            others = UserSession.id != (viewer.session_id or "")
            await _set_password(session, profile, new_hash)
            # Whoever knew the old password may have done this, and may have used up the mails that set another.
            reset = ProofPurpose.PASSWORD_RESET
            await mail_proof(session, reset, MailKind.PASSWORD_CHANGED, profile.email, RESET_LASTS)
            ends = await end_sessions(session, user_id, SessionEnd.PASSWORD_CHANGED, others)
            await record(session, PasswordChanged(user_id=user_id))
        await self._revoker.publish(ends)

    async def ask_for_reset(self, email: str, address: str) -> None:
        """Have a token mailed to an address, if an account has it; raises InvalidInput or TooManyRequests.

        The same is done, and takes the same time, whether one has it or not.
        """
        checks = Checks()
        email = checks.email("email", email)
        checks.raise_if_any()
        await self._limits.check_reset(await self._check.subject_of(email, address), address)
        async with self._database.write() as session:
            reset = ProofPurpose.PASSWORD_RESET
            await mail_proof(session, reset, MailKind.PASSWORD_RESET, email, RESET_LASTS)

    async def reset_password(self, proof_id: str, new: str, device: str, address: str) -> Tokens | Challenge:
        """Set a new password by a mailed proof, end all sessions and begin one, or return a challenge (`LogIn.begin`).

        Raises InvalidInput or TooManyRequests; a token that is good for nothing is refused before any work is done.

        A proof that undoes a change of address does so too.
        """
        async with self._database.read() as connection:
            await _owner(connection, await find_proof(connection, proof_id, *SETS_PASSWORD))
        await self._check.count_token(proof_id, address)
        checks = Checks()
        await self._passwords.check(checks, "password", new, caller=address)
        checks.raise_if_any()
        new_hash = await self._passwords.hash(new, caller=address)
        await self._sessions.prepare()
        async with self._database.write() as session:
            proof = await find_proof(session, proof_id, *SETS_PASSWORD)
            known = await lock_account(session, await _owner(session, proof))
            await use_proof(session, proof)
            if proof.purpose is ProofPurpose.EMAIL_CHANGE_UNDO:
                await self._email_change.undo(session, proof, known)
            elif known.email != proof.email:
                raise invalid_token()
            await self._prove(session, known)
            profile = await one(session, UserProfile, select(UserProfile.__table__).where(UserProfile.id == known.id))
            await _set_password(session, profile, new_hash)
            ends = await end_sessions(session, profile.id, SessionEnd.PASSWORD_CHANGED)
            await unlock_codes(session, profile.id)
            begun = await self._log_in.begin(session, profile, device, address)
            await record(session, PasswordChanged(user_id=profile.id, by_mail=True))
            await USER_MAIL.enqueue(session, {"kind": MailKind.PASSWORD_CHANGED.value, "id": profile.id})
        await self._revoker.publish(ends)
        return await self._log_in.finish(begun)

    async def _prove(self, session: AsyncSession, profile: UserProfile) -> None:
        """Note that an address is its account's, where that was never proved."""
        if profile.email_verified_at is not None:
            return
        now = dt.datetime.now(dt.UTC)
        await session.execute(update(UserProfile).where(UserProfile.id == profile.id).values(email_verified_at=now))
        digest = self._pseudonymizer.of_email(profile.email)
        await record(session, EmailVerified(user_id=profile.id, email_digest=digest))


async def _owner(session: AsyncSession | AsyncConnection, proof: EmailProof) -> str:
    """Return whose password a proof sets; raises InvalidInput where its address has no account."""
    found = select(UserProfile.id).where(UserProfile.email == proof.email)
    user_id = proof.user_id or await session.scalar(found)
    if user_id is None:
        raise invalid_token()
    return user_id


async def _set_password(session: AsyncSession, profile: UserProfile, new_hash: str) -> None:
    changed = {"password_hash": new_hash, "changed_at": dt.datetime.now(dt.UTC)}
    await session.execute(update(UserCredential).where(UserCredential.user_id == profile.id).values(changed))
    await drop_proofs(session, profile)
