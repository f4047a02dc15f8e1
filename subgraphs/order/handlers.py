"""What this room does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Handlers
from subgraphs.order.service import privacy
from subgraphs.user.events import UserDeleted


async def forget_customer(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase the personal data of a deleted user from their orders."""
    await privacy.forget_customer(session, event.user_id)


HANDLERS: Handlers = {UserDeleted: [forget_customer]}
