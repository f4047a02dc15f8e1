"""What is pushed to staff."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.service.delivery_feed import DeliveryFeed, follow_deliveries, read_cursor
from subgraphs.webhook.types import READ, WebhookFeedItem


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="Follow all deliveries: each is pushed in its current state when it arrives and when it "
        "changes; changes in quick succession are pushed as one. When the access token expires, the "
        "stream ends with `UNAUTHENTICATED`: subscribe again with the last cursor. Requires the scope "
        "`webhooks:read`.",
        extensions=scoped(READ),
    )
    async def webhook_feed(
        self,
        info: Info,
        after_cursor: Annotated[
            str | None,
            strawberry.argument(
                description="The last cursor seen, or one from `webhookFeedCursor`: the deliveries that changed "
                "since then come first. Default: start with new changes."
            ),
        ] = None,
        filter: Annotated[
            WebhookDeliveryFilter | None, strawberry.argument(description="Which deliveries to follow.")
        ] = None,
    ) -> AsyncIterator[WebhookFeedItem]:
        context = info.context
        after = await read_cursor(context.database, after_cursor) if after_cursor is not None else None
        feed = context.resource(DeliveryFeed)
        async with aclosing(follow_deliveries(context.database, feed, context.viewer, after, filter)) as changes:
            async for row, position in changes:
                yield WebhookFeedItem.of(row, position, context.database)
