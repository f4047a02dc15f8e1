"""Deletes accounts: all personal data here at once, and by event in every other subgraph."""

from sqlalchemy import delete, select

from shared.database import idempotency
from shared.database.database import Database
from shared.events.outbox import record
from shared.security.auth import Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.errors import unknown_account
from subgraphs.user.events import UserDeleted
from subgraphs.user.models import EmailProof, Registration, UserProfile, UserSession
from subgraphs.user.service.account_lock import confirm
from subgraphs.user.service.accounts import keep_an_admin
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.revocation import SessionRevoker, revoke


async def delete_account(
    database: Database,
    check: PasswordCheck,
    pseudonymizer: Pseudonymizer,
    revoker: SessionRevoker,
    viewer: Viewer,
    password: str,
    address: str,
) -> None:
    """Erase an account with its credentials, preferences, sessions and proofs, and void its tokens.

    Raises WrongPassword, TooManyRequests, NotFound, or IllegalState for the last administrator.
    """
    proven = await check.own_password(viewer, password, address)
    user_id = proven.profile.id
    async with database.write() as session:
        await keep_an_admin(session, but=user_id)
        await confirm(session, proven)
        ends = await revoke(
            session, list(await session.scalars(select(UserSession.id).where(UserSession.user_id == user_id)))
        )
        erased = delete(UserProfile).where(UserProfile.id == user_id)
        row = (await session.execute(erased.returning(UserProfile.email, UserProfile.email_verified_at))).one_or_none()
        if row is None:
            raise unknown_account()
        for table in (Registration, EmailProof):
            await session.execute(delete(table).where(table.email == row.email))
        await idempotency.forget(session, user_id)
        digest, verified = pseudonymizer.of_email(row.email), row.email_verified_at is not None
        await record(session, UserDeleted(user_id=user_id, email_digest=digest, email_verified=verified))
    await revoker.publish(ends)
