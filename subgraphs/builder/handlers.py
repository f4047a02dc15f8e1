"""What the builder room does when other rooms tell what happened."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event, Handler
from subgraphs.builder.service import designs
from subgraphs.order.events import OrderCreated
from subgraphs.user.events import UserDeleted


async def mark_ordered(session: AsyncSession, event: OrderCreated, envelope: Envelope) -> None:
    """Freeze the designs of a new order, so that they stay what was bought."""
    await designs.mark_ordered(session, {line.design_id for line in event.lines if line.design_id is not None})


async def erase_designs(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Forget somebody whose account was erased."""
    await designs.erase_designs_of(session, event.user_id)


HANDLERS: dict[type[Event], list[Handler]] = {
    OrderCreated: [mark_ordered],
    UserDeleted: [erase_designs],
}
