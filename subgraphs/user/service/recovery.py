"""Passwords and addresses anew: a password is changed by the old one or by mail, an address by proving the new one."""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.after_commit import savepoint
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import ProofPurpose, SessionEnd
from subgraphs.user.errors import email_taken, invalid_token, unknown_account
from subgraphs.user.events import EmailChanged, EmailVerified, PasswordChanged, UserUpdated
from subgraphs.user.models import EmailProof, UserCredential, UserProfile, UserSession
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.mailed_tokens import PROOF
from subgraphs.user.service.mails import CHANGE_LASTS, RESET_LASTS
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.registration import MailLimits
from subgraphs.user.service.revocation import SessionRevoker, end_sessions


class Recovery:
    """Changes the credentials of accounts."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._passwords = runtime.resource(Passwords)
        self._check = runtime.resource(PasswordCheck)
        self._limits = runtime.resource(MailLimits)
        self._pseudonymizer = runtime.resource(Pseudonymizer)
        self._revoker = runtime.resource(SessionRevoker)

    async def change_password(self, user_id: str, session_id: str | None, current: str, new: str) -> None:
        """Set a new password and end all other sessions; raises InvalidInput, WrongPassword or TooManyRequests."""
        account = await self._check.own_password(user_id, current)
        checks = Checks()
        await self._passwords.check(checks, "newPassword", new, account.email, account.name)
        checks.raise_if_any()
        new_hash = await self._passwords.hash(new)
        async with self._database.write() as session:
            others = UserSession.id != (session_id or "")
            await self._set(session, user_id, new_hash)
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
        await self._limits.check(email, address)
        await self._ask(ProofPurpose.PASSWORD_RESET, MailKind.PASSWORD_RESET, email, RESET_LASTS)

    async def reset_password(self, proof_id: str, new: str) -> UserProfile:
        """Set a new password by a mailed proof, end all sessions, and return the profile row; raises InvalidInput."""
        checks = Checks()
        await self._passwords.check(checks, "password", new)
        checks.raise_if_any()
        new_hash = await self._passwords.hash(new)
        now = dt.datetime.now(dt.UTC)
        async with self._database.write() as session:
            proof = await _use(session, proof_id, ProofPurpose.PASSWORD_RESET)
            found = select(UserProfile.__table__).where(UserProfile.email == proof.email).with_for_update()
            profile = await one_or_none(session, UserProfile, found)
            if profile is None:
                raise invalid_token()
            await self._set(session, profile.id, new_hash)
            ends = await end_sessions(session, profile.id, SessionEnd.PASSWORD_CHANGED)
            await record(session, PasswordChanged(user_id=profile.id, by_mail=True))
            if profile.email_verified_at is None:
                verified = update(UserProfile).where(UserProfile.id == profile.id).values(email_verified_at=now)
                await session.execute(verified)
                digest = self._pseudonymizer.of_email(proof.email)
                await record(session, EmailVerified(user_id=profile.id, email_digest=digest))
        await self._revoker.publish(ends)
        return profile

    async def ask_for_change(self, user_id: str, email: str, password: str, address: str) -> None:
        """Have a token mailed to a new address; raises InvalidInput, WrongPassword or TooManyRequests.

        Whether another account has the address is known only to the reader of its mails.
        """
        checks = Checks()
        email = checks.email("email", email)
        checks.raise_if_any()
        await self._check.own_password(user_id, password)
        await self._limits.check(email, address)
        await self._ask(ProofPurpose.EMAIL_CHANGE, MailKind.EMAIL_CHANGE, email, CHANGE_LASTS, user_id)

    async def change_email(self, session: AsyncSession, proof_id: str) -> str:
        """Move an account to a proved address, mail the old one, and return whose it is; raises InvalidInput."""
        proof = await _use(session, proof_id, ProofPurpose.EMAIL_CHANGE)
        user_id = proof.user_id
        assert user_id is not None  # noqa: S101 (`ask_for_change` names whose address it is)
        known = select(UserProfile.email).where(UserProfile.id == user_id).with_for_update()
        previous: str = (await session.execute(known)).scalar_one()
        now = dt.datetime.now(dt.UTC)
        changes = {"email": proof.email, "email_verified_at": now, "updated_at": now}
        try:
            async with savepoint(session):
                await session.execute(
                    update(UserProfile)
                    .where(UserProfile.id == user_id)
                    .values(**changes, version=UserProfile.version + 1)
                )
        except IntegrityError:
            raise email_taken() from None
        reported = update(EmailProof).where(EmailProof.id == proof_id).values(previous_email=previous)
        await session.execute(reported)
        await session.execute(
            delete(EmailProof).where(EmailProof.email == previous, EmailProof.purpose == ProofPurpose.PASSWORD_RESET)
        )
        digests = {
            "email_digest": self._pseudonymizer.of_email(proof.email),
            "previous_digest": self._pseudonymizer.of_email(previous),
        }
        await record(
            session,
            UserUpdated(user_id=user_id, fields=["email"]),
            EmailChanged(user_id=user_id),
            EmailVerified(user_id=user_id, **digests),
        )
        await USER_MAIL.enqueue(session, {"kind": MailKind.EMAIL_CHANGED.value, "id": proof_id})
        return user_id

    async def _ask(
        self, purpose: ProofPurpose, mail: MailKind, email: str, lasts: dt.timedelta, user_id: str | None = None
    ) -> None:
        expires_at = dt.datetime.now(dt.UTC) + lasts
        proof = EmailProof(id=new_id(PROOF), purpose=purpose, email=email, user_id=user_id, expires_at=expires_at)
        async with self._database.write() as session:
            session.add(proof)
            await session.flush()
            await USER_MAIL.enqueue(session, {"kind": mail.value, "id": proof.id})

    async def _set(self, session: AsyncSession, user_id: str, new_hash: str) -> None:
        changed = (
            update(UserCredential)
            .where(UserCredential.user_id == user_id)
            .values(password_hash=new_hash, changed_at=dt.datetime.now(dt.UTC))
            .returning(UserCredential.user_id)
        )
        if await session.scalar(changed) is None:
            raise unknown_account()
        await USER_MAIL.enqueue(session, {"kind": MailKind.PASSWORD_CHANGED.value, "id": user_id})


async def _use(session: AsyncSession, proof_id: str, purpose: ProofPurpose) -> EmailProof:
    """Use a proof up, and with it all others for the same; raises InvalidInput for one that is used or too old."""
    now = dt.datetime.now(dt.UTC)
    good = (EmailProof.id == proof_id, EmailProof.purpose == purpose, EmailProof.used_at.is_(None))
    used = (
        update(EmailProof)
        .where(*good, EmailProof.expires_at > now)
        .values(used_at=now)
        .returning(*EmailProof.__table__.columns)
    )
    proof = await one_or_none(session, EmailProof, used)
    if proof is None:
        raise invalid_token()
    same = EmailProof.email == proof.email if proof.user_id is None else EmailProof.user_id == proof.user_id
    others = (EmailProof.purpose == purpose, same, EmailProof.id != proof_id, EmailProof.used_at.is_(None))
    await session.execute(delete(EmailProof).where(*others))
    return proof
