"""What this subgraph does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from subgraphs.order.events import OrderDeliveryTaken
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.service import deliveries, privacy


async def forget_person(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase what the outside world reported about a deleted user."""
    if event.email_digest is not None:
        await privacy.forget_person(session, event.email_digest)


async def name_order(session: AsyncSession, event: OrderDeliveryTaken, envelope: Envelope) -> None:
    """Note which order a delivery turned out to be about; one of a forgotten customer is emptied."""
    await deliveries.name_order(session, event.delivery_id, event.order_id)
    if event.erased:
        await privacy.forget_delivery(session, event.delivery_id)


HANDLERS: dict[type[Event], list[Handler]] = {UserDeleted: [forget_person], OrderDeliveryTaken: [name_order]}
