"""What the builder subgraph does when something happened in another subgraph."""

from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from subgraphs.builder.service import designs, preset_sales, products
from subgraphs.order.events import (
    OrderContentChanged,
    OrderCreated,
    OrderCustomerChanged,
    OrderLinked,
    OrderStatusChanged,
)
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.events import WebhookProductUpdated

_Ordered: TypeAlias = OrderCreated | OrderLinked | OrderContentChanged | OrderCustomerChanged


async def mark_ordered(session: AsyncSession, event: _Ordered, envelope: Envelope) -> None:
    """Freeze the designs of an order's customer, so that they stay what was bought.

    Those of others are refused, and those that were changed after their price was quoted.
    """
    named: dict[str, int | None] = {}
    for line in event.lines:
        if line.design_id is not None:
            quoted = [version for version in (named.get(line.design_id), line.design_version) if version is not None]
            named[line.design_id] = min(quoted, default=None)
    await designs.mark_ordered(session, event.order_id, event.customer_id, named)


async def count_lines(session: AsyncSession, event: OrderCreated | OrderContentChanged, envelope: Envelope) -> None:
    """Know which presets an order holds."""
    # Nobody buys anything by a test order.
    lines = [] if event.test else event.lines
    pieces = [preset_sales.Pieces(line.quantity, line.design_id, line.preset_id) for line in lines]
    await preset_sales.follow_lines(session, event.order_id, pieces)


async def count_sold(session: AsyncSession, event: OrderStatusChanged, envelope: Envelope) -> None:
    """Count the presets of an order once it is paid."""
    await preset_sales.follow_status(session, event.order_id, event.status)


async def erase_designs(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Forget somebody whose account was erased."""
    await designs.erase_designs_of(session, event.user_id)


async def mirror_product(session: AsyncSession, event: WebhookProductUpdated, envelope: Envelope) -> None:
    """Show a product as the shop does."""
    report = products.Report(
        external_id=event.external_product_id,
        told_at=event.occurred_at or envelope.time,
        active=event.active,
        shop=event.shop,
        sent_at=event.sent_at,
        handle=event.handle,
        title=event.title,
        description=event.description,
    )
    await products.mirror_product(session, report)


HANDLERS: dict[type[Event], list[Handler]] = {
    OrderCreated: [mark_ordered, count_lines],
    OrderLinked: [mark_ordered],
    OrderContentChanged: [mark_ordered, count_lines],
    OrderCustomerChanged: [mark_ordered],
    OrderStatusChanged: [count_sold],
    UserDeleted: [erase_designs],
    WebhookProductUpdated: [mirror_product],
}
