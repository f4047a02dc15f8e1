"""Proofs: the rows behind mailed tokens of accounts. They are made, found, used once, and end with the password."""

import datetime as dt

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.ids import new_id
from shared.database.rows import one_or_none
from subgraphs.user.enums import ProofPurpose
from subgraphs.user.errors import invalid_token
from subgraphs.user.models import EmailProof, UserProfile
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.mailed_tokens import PROOF


async def mail_proof(
    session: AsyncSession,
    purpose: ProofPurpose,
    mail: MailKind,
    email: str,
    lasts: dt.timedelta,
    user_id: str | None = None,
) -> None:
    """Make a proof, and have its token mailed to an address."""
    expires_at = dt.datetime.now(dt.UTC) + lasts
    proof = EmailProof(id=new_id(PROOF), purpose=purpose, email=email, user_id=user_id, expires_at=expires_at)
    session.add(proof)
    await session.flush()
    await USER_MAIL.enqueue(session, {"kind": mail.value, "id": proof.id})


async def find_proof(session: AsyncSession | AsyncConnection, proof_id: str, *purposes: ProofPurpose) -> EmailProof:
    """Return a proof that can be used for one of some purposes; raises InvalidInput."""
    now = dt.datetime.now(dt.UTC)
    good = (EmailProof.purpose.in_(purposes), EmailProof.used_at.is_(None), EmailProof.expires_at > now)
    found = select(EmailProof.__table__).where(EmailProof.id == proof_id, *good)
    proof = await one_or_none(session, EmailProof, found)
    if proof is None:
        raise invalid_token()
    return proof


async def use_proof(session: AsyncSession, proof: EmailProof) -> None:
    """Use a proof up, and drop all others for the same; raises InvalidInput if it was used meanwhile."""
    now = dt.datetime.now(dt.UTC)
    good = (EmailProof.id == proof.id, EmailProof.used_at.is_(None), EmailProof.expires_at > now)
    used = update(EmailProof).where(*good).values(used_at=now).returning(EmailProof.id)
    if await session.scalar(used) is None:
        raise invalid_token()
    same = EmailProof.email == proof.email if proof.user_id is None else EmailProof.user_id == proof.user_id
    others = [EmailProof.purpose == proof.purpose, same, EmailProof.used_at.is_(None)]
    if proof.purpose is ProofPurpose.EMAIL_CHANGE_UNDO:
        # An earlier one belongs to who had the account before.
        others.append(EmailProof.created_at > proof.created_at)
    await session.execute(delete(EmailProof).where(*others))


async def drop_proofs(session: AsyncSession, profile: UserProfile) -> None:
    """Drop what was asked for with a password that is replaced, or in a session that ends.

    A change of address that was made can still be undone: otherwise whoever made it would set a new password next.
    """
    of_account = EmailProof.user_id == profile.id
    to_account = EmailProof.email == profile.email
    asked = or_(
        and_(of_account, EmailProof.purpose == ProofPurpose.EMAIL_CHANGE),
        and_(of_account, to_account, EmailProof.purpose == ProofPurpose.EMAIL_CHANGE_UNDO),
        and_(to_account, EmailProof.purpose == ProofPurpose.PASSWORD_RESET),
    )
    await session.execute(delete(EmailProof).where(asked, EmailProof.used_at.is_(None)))


async def drop_changes(session: AsyncSession, user_id: str) -> bool:
    """Drop the changes of address that an account may still make; returns whether there was any."""
    now = dt.datetime.now(dt.UTC)
    pending = (EmailProof.purpose == ProofPurpose.EMAIL_CHANGE, EmailProof.used_at.is_(None))
    dropped = (
        delete(EmailProof)
        .where(EmailProof.user_id == user_id, *pending, EmailProof.expires_at > now)
        .returning(EmailProof.id)
    )
    return bool((await session.scalars(dropped)).all())
