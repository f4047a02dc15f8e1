"""Guests' orders find their customer: by the digest of an e-mail address that the customer has proved to be theirs."""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.order.models import KnownEmail, Order
from subgraphs.order.service.ordered_designs import judge_anew


async def link_guest_orders(session: AsyncSession, email_digest: str, user_id: str) -> None:
    """Give a user the orders, past and to come, that nobody has and whose contact is their verified address."""
    known = insert(KnownEmail).values(email_digest=email_digest, user_id=user_id)
    now_theirs = {"user_id": user_id, "forgotten_at": None}
    await session.execute(known.on_conflict_do_update(index_elements=["email_digest"], set_=now_theirs))
    theirs = (Order.contact_digest == email_digest, Order.customer_id.is_(None), Order.erased_at.is_(None))
    linked = await session.scalars(update(Order).where(*theirs).values(customer_id=user_id).returning(Order.id))
    await judge_anew(session, linked.all())


async def release_address(session: AsyncSession, email_digest: str, user_id: str) -> None:
    """Note that a user no longer has an address; what was linked by it stays theirs."""
    await session.execute(
        delete(KnownEmail).where(KnownEmail.email_digest == email_digest, KnownEmail.user_id == user_id)
    )


async def customer_with(session: AsyncSession, email_digest: str | None) -> str | None:
    """Return whose verified address has a digest."""
    if email_digest is None:
        return None
    return await session.scalar(select(KnownEmail.user_id).where(KnownEmail.email_digest == email_digest))


async def forget_addresses(session: AsyncSession, user_id: str) -> list[str]:
    """Note that the addresses of a user are nobody's any more; returns their digests."""
    forgotten = (
        update(KnownEmail)
        .where(KnownEmail.user_id == user_id)
        .values(user_id=None, forgotten_at=dt.datetime.now(dt.UTC))
        .returning(KnownEmail.email_digest)
    )
    return list(await session.scalars(forgotten))
