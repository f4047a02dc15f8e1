"""Root fields that change orders."""

from typing import Annotated

import strawberry

from shared.access import scoped, signed_in
from shared.context import Info
from subgraphs.order.inputs import OrderCancelInput, OrderStatusAdvanceInput
from subgraphs.order.service.changes import WRITE, advance_status, cancel_order
from subgraphs.order.service.feed import StatusFeed
from subgraphs.order.types import (
    Order,
    OrderCancelResult,
    OrderCancelSuccess,
    OrderStatusAdvanceResult,
    OrderStatusAdvanceSuccess,
)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Move an order to another status, as far as its present status allows that. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_status_advance(
        self, info: Info, input: Annotated[OrderStatusAdvanceInput, strawberry.argument(description="The next status.")]
    ) -> OrderStatusAdvanceResult:
        context = info.context
        row = await advance_status(context.database, context.resource(StatusFeed), context.viewer, input)
        return OrderStatusAdvanceSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Cancel an order: one's own while it is `cancellable`; staff may do so until it is shipped.",
        extensions=signed_in(),
    )
    async def order_cancel(
        self, info: Info, input: Annotated[OrderCancelInput, strawberry.argument(description="The order.")]
    ) -> OrderCancelResult:
        context = info.context
        row = await cancel_order(context.database, context.resource(StatusFeed), context.viewer, input)
        return OrderCancelSuccess(order=Order.from_row(row))
