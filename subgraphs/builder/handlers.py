"""What the builder room does when other rooms tell what happened."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope
from subgraphs.builder import service
from subgraphs.user.events import UserDeleted


async def erase_designs(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Forget somebody whose account was erased."""
    await service.erase_designs_of(session, event.user_id)


HANDLERS = {UserDeleted: [erase_designs]}
