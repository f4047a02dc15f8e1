"""What this room does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Handlers
from subgraphs.order.service import preferences, privacy
from subgraphs.user.events import UserDeleted, UserUpdated


async def forget_customer(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase the personal data of a deleted user from their orders."""
    # Who never proved that an address is theirs must not erase the orders of whoever it belongs to.
    digest = event.email_digest if event.email_verified else None
    await privacy.forget_customer(session, event.user_id, digest)


async def remember_wish(session: AsyncSession, event: UserUpdated, envelope: Envelope) -> None:
    """Keep whether a customer wants mails about their orders, where that has changed."""
    if event.order_emails is not None:
        await preferences.remember_wish(session, event.user_id, event.order_emails)


HANDLERS: Handlers = {UserDeleted: [forget_customer], UserUpdated: [remember_wish]}
