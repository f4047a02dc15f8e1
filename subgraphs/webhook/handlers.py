"""What this room does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Handlers
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.service import privacy


async def forget_person(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase what the outside world told of a deleted user."""
    if event.email_digest is not None:
        await privacy.forget_person(session, event.email_digest)


HANDLERS: Handlers = {UserDeleted: [forget_person]}
