"""Forgets people: the order stays for the books, what tells who placed it goes."""

from sqlalchemy import case, delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared import idempotency
from subgraphs.order.enums import ActorKind, NoteVisibility
from subgraphs.order.models import CustomerPreference, Order, OrderMail, OrderNote, OrderRefund, OrderTimeline


async def forget_customer(session: AsyncSession, user_id: str) -> None:
    """Erase a user's personal data from their orders: customer, contact, address, what they wrote as reason, to where
    they were mailed, and what staff noted among themselves.

    What somebody told the customer as staff is the shop's word and stays.
    """
    theirs = select(Order.id).where(Order.customer_id == user_id)
    internal = OrderNote.visibility == NoteVisibility.INTERNAL
    await session.execute(delete(OrderMail).where(OrderMail.order_id.in_(theirs)))
    await session.execute(delete(OrderNote).where(OrderNote.order_id.in_(theirs), internal))
    await session.execute(delete(CustomerPreference).where(CustomerPreference.customer_id == user_id))
    await idempotency.forget(session, user_id)
    erased = ("contact_email", "recipient", "address_line1", "address_line2", "city", "region", "postal_code", "phone")
    await session.execute(
        update(Order).where(Order.customer_id == user_id).values(customer_id=None, **dict.fromkeys(erased))
    )
    reason = case((OrderTimeline.actor_kind == ActorKind.CUSTOMER, null()), else_=OrderTimeline.reason)
    await session.execute(
        update(OrderTimeline).where(OrderTimeline.actor_id == user_id).values(actor_id=None, reason=reason)
    )
    await session.execute(update(OrderNote).where(OrderNote.author_id == user_id).values(author_id=None))
    await session.execute(update(OrderRefund).where(OrderRefund.actor_id == user_id).values(actor_id=None))
