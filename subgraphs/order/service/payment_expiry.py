"""Cancels orders that were placed here and are not paid in time: first at the provider, so that nobody pays meanwhile.

Each order is placed with a job that looks at it; orders of earlier versions have none, and stay.
"""

import datetime as dt

from sqlalchemy import select

from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.runtime import Runtime
from subgraphs.order.enums import OrderStatus, PaymentState
from subgraphs.order.models import Order
from subgraphs.order.service.decisions import decide
from subgraphs.order.service.job_types import FIRST_LOOK_SECONDS, PAYMENT_EXPIRY
from subgraphs.order.service.ledger import balance_of
from subgraphs.order.service.payments import Payments, cancel_payment, payments_of
from subgraphs.order.service.transitions import SYSTEM, locked_order
from subgraphs.order.settings import PaymentSettings

REASON = "It was not paid in time."


class PaymentExpiry:
    """Cancels what is not paid within some hours."""

    def __init__(self, database: Database, payments: Payments, hours: float) -> None:
        self._database = database
        self._payments = payments
        self._limit = dt.timedelta(hours=hours)

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "PaymentExpiry":
        """Make it for a running subgraph."""
        return cls(runtime.database, runtime.resource(Payments), PaymentSettings.load().payment_hours)

    async def look(self, order_id: str) -> None:
        """Cancel an order that is due, or look again later while it waits for its payment. Raises ProviderAway."""
        async with self._database.read() as connection:
            order = await one_or_none(connection, Order, select(Order.__table__).where(Order.id == order_id))
        # Where staff take the payments, it is theirs to say when it is too late.
        if order is None or not _waits(order) or self._payments.current is None:
            return
        due_in = (order.placed_at + self._limit - dt.datetime.now(dt.UTC)).total_seconds()
        if due_in > 0:
            await self._look_again(order_id, due_in)
        elif order.status is OrderStatus.ON_HOLD or not await self._end_payments(order_id):
            # Its question is not answered, or a webhook will tell of the payment that was made.
            await self._look_again(order_id, FIRST_LOOK_SECONDS)
        else:
            await self._cancel(order_id)

    async def _end_payments(self, order_id: str) -> bool:
        async with self._database.write() as session:
            rows = await payments_of(session, order_id)
        ended = [await cancel_payment(self._database, self._payments, row) for row in rows]
        return all(ended)

    async def _cancel(self, order_id: str) -> None:
        async with self._database.write() as session:
            order = await locked_order(session, order_id)
            rows = await payments_of(session, order_id)
            if order.status is not OrderStatus.PENDING or balance_of(order).received:
                return
            if any(row.state is not PaymentState.CANCELLED for row in rows):
                # The customer has begun to pay again.
                await PAYMENT_EXPIRY.enqueue(session, {"order_id": order_id}, delay=FIRST_LOOK_SECONDS)
                return
            await decide(session, order, order.version, OrderStatus.CANCELLED, SYSTEM, REASON)

    async def _look_again(self, order_id: str, delay: float) -> None:
        async with self._database.write() as session:
            await PAYMENT_EXPIRY.enqueue(session, {"order_id": order_id}, delay=delay)


def _waits(order: Order) -> bool:
    is_pending = OrderStatus.PENDING in (order.status, order.held_from)
    return is_pending and balance_of(order).received == 0
