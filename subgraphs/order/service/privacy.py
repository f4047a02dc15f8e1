"""Forgets people: the order stays for the books, what tells who placed it goes."""

from sqlalchemy import case, null, update
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.order.enums import ActorKind
from subgraphs.order.models import Order, OrderTimeline


async def forget_customer(session: AsyncSession, user_id: str) -> None:
    """Erase a user's personal data from their orders: customer, contact, address, and what they wrote as reason.

    What somebody wrote as staff is the shop's word to its customer and stays.
    """
    erased = ("contact_email", "recipient", "address_line1", "address_line2", "city", "region", "postal_code", "phone")
    await session.execute(
        update(Order).where(Order.customer_id == user_id).values(customer_id=None, **dict.fromkeys(erased))
    )
    reason = case((OrderTimeline.actor_kind == ActorKind.CUSTOMER, null()), else_=OrderTimeline.reason)
    await session.execute(
        update(OrderTimeline).where(OrderTimeline.actor_id == user_id).values(actor_id=None, reason=reason)
    )
