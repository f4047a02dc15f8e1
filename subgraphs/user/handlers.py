"""What this subgraph does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from subgraphs.order.events import OrderMailsStopped
from subgraphs.user.service import accounts


async def stop_order_mails(session: AsyncSession, event: OrderMailsStopped, envelope: Envelope) -> None:
    """Turn the mails about orders off for a customer who followed the link of one."""
    await accounts.stop_order_mails(session, event.customer_id)


HANDLERS: dict[type[Event], list[Handler]] = {OrderMailsStopped: [stop_order_mails]}
