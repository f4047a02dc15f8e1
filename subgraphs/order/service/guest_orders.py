"""Guests' orders find their customer: by the digest of an e-mail address that the customer has proved to be theirs."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.after_commit import notify_after_commit
from shared.database.rows import many
from shared.events.outbox import record
from subgraphs.order.events import OrderLinked
from subgraphs.order.fact_models import KnownEmail
from subgraphs.order.models import Order
from subgraphs.order.service.ordered_designs import judge_anew, lines_of
from subgraphs.order.service.status_feed import CHANNEL


async def link_guest_orders(session: AsyncSession, email_digest: str, user_id: str) -> None:
    """Give a user the orders, past and to come, that nobody has and whose contact is their verified address."""
    known = insert(KnownEmail).values(email_digest=email_digest, user_id=user_id)
    now_theirs = {"user_id": user_id, "forgotten_at": None}
    await session.execute(known.on_conflict_do_update(index_elements=["email_digest"], set_=now_theirs))
    theirs = (Order.contact_digest == email_digest, Order.customer_id.is_(None), Order.erased_at.is_(None))
    linked = update(Order).where(*theirs).values(customer_id=user_id).returning(*Order.__table__.columns)
    await announce_links(session, await many(session, Order, linked), None)


async def announce_links(session: AsyncSession, orders: Sequence[Order], previous: str | None) -> None:
    """Publish that orders, whose rows were just changed, have another customer than `previous`."""
    if not orders:
        return
    lines = await lines_of(session, [order.id for order in orders])
    await judge_anew(session, list(lines))
    events = [
        OrderLinked(
            order_id=order.id,
            customer_id=order.customer_id,
            previous_customer_id=previous,
            lines=lines[order.id],
            placed_at=order.placed_at,
            test=order.test,
        )
        for order in orders
    ]
    await record(session, *events)
    for order in orders:
        notify_after_commit(session, CHANNEL, order.id)


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
