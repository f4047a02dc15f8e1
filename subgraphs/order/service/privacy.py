"""Forgets people: the order stays for the books, what tells who placed it goes."""

from sqlalchemy import case, delete, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared import idempotency
from shared.loaders import matches
from subgraphs.order.enums import ActorKind, NoteVisibility
from subgraphs.order.models import (
    CustomerPreference,
    Order,
    OrderFact,
    OrderMail,
    OrderNote,
    OrderRefund,
    OrderTimeline,
)
from subgraphs.order.service.linking import forget_addresses


async def forget_customer(session: AsyncSession, user_id: str) -> None:
    """Erase a user's personal data from their orders: customer, contact, address, what they wrote as reason, to where
    they were mailed, and what staff noted among themselves.

    What somebody told the customer as staff is the shop's word and stays.
    """
    theirs = select(Order.id).where(Order.customer_id == user_id)
    await _forget_told(session, user_id)
    internal = OrderNote.visibility == NoteVisibility.INTERNAL
    await session.execute(delete(OrderMail).where(OrderMail.order_id.in_(theirs)))
    await session.execute(delete(OrderNote).where(OrderNote.order_id.in_(theirs), internal))
    await session.execute(delete(CustomerPreference).where(CustomerPreference.customer_id == user_id))
    await idempotency.forget(session, user_id)
    erased = ("contact_email", "recipient", "address_line1", "address_line2", "city", "region", "postal_code", "phone")
    cleared = {"customer_id": None, "contact_digest": None, "erased_at": func.now(), **dict.fromkeys(erased)}
    await session.execute(update(Order).where(Order.customer_id == user_id).values(cleared))
    reason = case((OrderTimeline.actor_kind == ActorKind.CUSTOMER, null()), else_=OrderTimeline.reason)
    await session.execute(
        update(OrderTimeline).where(OrderTimeline.actor_id == user_id).values(actor_id=None, reason=reason)
    )
    await session.execute(update(OrderNote).where(OrderNote.author_id == user_id).values(author_id=None))
    await session.execute(update(OrderRefund).where(OrderRefund.actor_id == user_id).values(actor_id=None))


async def _forget_told(session: AsyncSession, user_id: str) -> None:
    """Drop what other shops told of a user: of their orders, and of orders that are not placed here yet."""
    digests = await forget_addresses(session, user_id)
    of_their_orders = OrderFact.order_id.in_(select(Order.id).where(Order.customer_id == user_id))
    named = matches(OrderFact.email_digest, digests) & OrderFact.order_id.is_(None)
    # The digest of what waits stays, by which it is known to be a forgotten person's once its order is placed.
    await session.execute(
        update(OrderFact)
        .where(or_(of_their_orders, named))
        .values(contact=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(OrderFact).where(of_their_orders).values(email_digest=None).execution_options(synchronize_session=False)
    )
