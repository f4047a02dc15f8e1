"""What is pushed to clients."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import strawberry

from shared.context import Info
from subgraphs.order.service.feed import StatusFeed
from subgraphs.order.service.following import follow_status
from subgraphs.order.types import OrderStatusChange


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="Follow an order: its present status at once, then every change, each once and in order. Open to "
        "its customer and to holders of `orders:read`; other orders, like unknown ones, are `NOT_FOUND`. The stream "
        "completes after a change that nothing can follow, such as REFUNDED. It ends with `UNAUTHENTICATED` when the "
        "access token expires and with `SUBSCRIBER_TOO_SLOW` when too much waits to be read: subscribe again with "
        "the last version seen."
    )
    async def order_status_changed(
        self,
        info: Info,
        order_id: Annotated[strawberry.ID, strawberry.argument(description="The order to follow.")],
        after_version: Annotated[
            int | None,
            strawberry.argument(
                description="The last version seen, or 0: all that followed comes first. A version that the order "
                "has not reached is refused with `INVALID_INPUT`."
            ),
        ] = None,
    ) -> AsyncIterator[OrderStatusChange]:
        context = info.context
        feed = context.resource(StatusFeed)
        async with aclosing(follow_status(context.database, feed, context.viewer, order_id, after_version)) as changes:
            async for change in changes:
                context.forget()
                yield OrderStatusChange.of(change)
