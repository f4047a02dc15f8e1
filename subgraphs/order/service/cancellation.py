"""What follows when an order is cancelled, whoever cancels it and why: the one place to add to."""

from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.order.models import Order
from subgraphs.order.service.discount_codes import release_discount
from subgraphs.order.service.job_types import PAYMENT_CLOSING


async def after_cancellation(session: AsyncSession, order: Order) -> None:
    """Give up what was held for an order, which is CANCELLED by now, in the transaction that cancels it."""
    if order.paid_at is None:
        await release_discount(session, order.id)
    await PAYMENT_CLOSING.enqueue(session, {"order_id": order.id})
