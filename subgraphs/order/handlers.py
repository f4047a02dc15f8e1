"""What this room does when something happened in another."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event
from subgraphs.order.service import privacy
from subgraphs.user.events import UserDeleted

Handler = Callable[[AsyncSession, UserDeleted, Envelope], Awaitable[None]]


async def forget_customer(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase the personal data of a deleted user from their orders."""
    await privacy.forget_customer(session, event.user_id)


HANDLERS: dict[type[Event], list[Handler]] = {UserDeleted: [forget_customer]}
