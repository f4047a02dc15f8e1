"""What this subgraph does when something happened in another."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from subgraphs.order.events import OrderMailsStopped, OrderStatusChanged
from subgraphs.user.service import accounts, order_pushes


async def stop_order_mails(session: AsyncSession, event: OrderMailsStopped, envelope: Envelope) -> None:
    """Turn the mails about orders off for a customer who followed the link of one."""
    await accounts.stop_order_mails(session, event.customer_id)


async def push_status(session: AsyncSession, event: OrderStatusChanged, envelope: Envelope) -> None:
    """Have a change of an order sent to the devices of its customer."""
    if event.customer_id is not None:
        change = (event.order_id, event.version, event.status, envelope.time)
        await order_pushes.announce(session, event.customer_id, *change)


HANDLERS: dict[type[Event], list[Handler]] = {OrderMailsStopped: [stop_order_mails], OrderStatusChanged: [push_status]}
