"""Changes of an account's address: asked for with the password, told to the present address, made by the new one.

For a week the present address can undo the change, before it is made and after, together with a new password.
"""

import datetime as dt

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.validation import Checks
from shared.database.after_commit import savepoint
from shared.database.database import Database
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import ProofPurpose
from subgraphs.user.errors import email_taken, invalid_token
from subgraphs.user.events import EmailChanged, EmailChangeRequested, EmailVerified, UserUpdated
from subgraphs.user.models import EmailProof, UserProfile
from subgraphs.user.service.account_lock import confirm, lock_account
from subgraphs.user.service.job_types import MailKind
from subgraphs.user.service.mails import CHANGE_LASTS, UNDO_LASTS
from subgraphs.user.service.passkeys import remove_passkeys
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.proofs import drop_changes, find_proof, mail_proof, use_proof
from subgraphs.user.service.registration import MailLimits


class EmailChange:
    """Moves accounts to other addresses, and back."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._check = runtime.resource(PasswordCheck)
        self._limits = runtime.resource(MailLimits)
        self._pseudonymizer = runtime.resource(Pseudonymizer)

    async def request(self, viewer: Viewer, email: str, password: str, address: str) -> None:
        """Have a token mailed to a new address, and the present one told; raises InvalidInput, WrongPassword or
        TooManyRequests.

        Whether another account has the address is known only to the reader of its mails.
        """
        checks = Checks()
        email = checks.email("email", email)
        checks.raise_if_any()
        proven = await self._check.own_password(viewer, password, address)
        user_id = proven.profile.id
        await self._limits.check_change(user_id, email, address)
        change, undo = ProofPurpose.EMAIL_CHANGE, ProofPurpose.EMAIL_CHANGE_UNDO
        async with self._database.write() as session:
            present = (await confirm(session, proven)).email
            await mail_proof(session, change, MailKind.EMAIL_CHANGE, email, CHANGE_LASTS, user_id)
            await mail_proof(session, undo, MailKind.EMAIL_CHANGE_REQUESTED, present, UNDO_LASTS, user_id)
            await record(session, EmailChangeRequested(user_id=user_id))

    async def make(self, session: AsyncSession, proof_id: str) -> str:
        """Move an account to a proved address, mail the old one, and return whose it is; raises InvalidInput."""
        proof = await find_proof(session, proof_id, ProofPurpose.EMAIL_CHANGE)
        profile = await lock_account(session, _owner(proof))
        await use_proof(session, proof)
        previous = profile.email
        await self._move(session, profile, proof.email)
        await session.execute(
            delete(EmailProof).where(EmailProof.email == previous, EmailProof.purpose == ProofPurpose.PASSWORD_RESET)
        )
        undo = ProofPurpose.EMAIL_CHANGE_UNDO
        await mail_proof(session, undo, MailKind.EMAIL_CHANGED, previous, UNDO_LASTS, profile.id)
        return profile.id

    async def undo(self, session: AsyncSession, proof: EmailProof, profile: UserProfile) -> None:
        """Give a locked account its former address back, or keep the one that it is to lose, and remove its passkeys.

        The proof is used.

        Raises InvalidInput where there is no change to undo: the token of such a mail does nothing else.
        """
        was_pending = await drop_changes(session, profile.id)
        if profile.email != proof.email:
            await self._move(session, profile, proof.email)
        elif not was_pending:
            raise invalid_token()
        # Whoever asked for the change had the account, and may have added one.
        await remove_passkeys(session, profile.id)

    async def _move(self, session: AsyncSession, profile: UserProfile, email: str) -> None:
        now = dt.datetime.now(dt.UTC)
        changes = {"email": email, "email_verified_at": now, "updated_at": now}
        moved = update(UserProfile).where(UserProfile.id == profile.id)
        try:
            async with savepoint(session):
                await session.execute(moved.values(**changes, version=UserProfile.version + 1))
        except IntegrityError:
            raise email_taken() from None
        digests = {
            "email_digest": self._pseudonymizer.of_email(email),
            "previous_digest": self._pseudonymizer.of_email(profile.email),
        }
        await record(
            session,
            UserUpdated(user_id=profile.id, fields=["email"]),
            EmailChanged(user_id=profile.id),
            EmailVerified(user_id=profile.id, **digests),
        )


def _owner(proof: EmailProof) -> str:
    assert proof.user_id is not None  # noqa: S101 (a proof about a change names whose address it is)
    return proof.user_id
