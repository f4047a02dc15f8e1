"""Root fields that read webhooks."""

import dataclasses
import datetime as dt
from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.webhook.enums import WebhookDeliverySort
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.loaders import DELIVERIES, SORTS, tally_deliveries
from subgraphs.webhook.service.delivery_feed import present
from subgraphs.webhook.types import READ, WebhookDelivery, WebhookDeliveryConnection, WebhookStats


@strawberry.type
class Query:
    @strawberry.field(
        description="A webhook delivery by id; null if there is none. Requires the scope `webhooks:read`.",
        extensions=scoped(READ),
    )
    async def webhook_delivery(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The delivery's id.")]
    ) -> WebhookDelivery | None:
        return (await WebhookDelivery.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="All webhook deliveries. Requires the scope `webhooks:read`.", extensions=scoped(READ)
    )
    @paged
    async def webhook_deliveries(
        self,
        info: Info,
        page: Page,
        filter: Annotated[
            WebhookDeliveryFilter | None, strawberry.argument(description="Which deliveries to list.")
        ] = None,
        sort: Annotated[
            WebhookDeliverySort, strawberry.argument(description="The order of the list; default: NEWEST.")
        ] = WebhookDeliverySort.NEWEST,
    ) -> WebhookDeliveryConnection | None:
        return await DELIVERIES.connection(info, filter, page, WebhookDelivery.from_row, SORTS[sort])

    @strawberry.field(
        description="Counts of webhook deliveries, by state, sender and topic. Requires the scope `webhooks:read`.",
        extensions=scoped(READ),
    )
    async def webhook_stats(
        self,
        info: Info,
        received_from: Annotated[
            dt.datetime | None, strawberry.argument(description="Only deliveries received at or after this time.")
        ] = None,
        received_before: Annotated[
            dt.datetime | None, strawberry.argument(description="Only deliveries received before this time.")
        ] = None,
        filter: Annotated[
            WebhookDeliveryFilter | None,
            strawberry.argument(
                description="Which deliveries to count. The arguments `receivedFrom` and `receivedBefore` take "
                "precedence over the filter's own."
            ),
        ] = None,
    ) -> WebhookStats | None:
        given = filter or WebhookDeliveryFilter()
        wanted = dataclasses.replace(
            given,
            received_from=received_from or given.received_from,
            received_before=received_before or given.received_before,
        )
        async with info.context.database.read() as connection:
            return WebhookStats.of(await tally_deliveries(connection, wanted))

    @strawberry.field(
        description="The current position of `webhookFeed`: read it before you list deliveries, then follow the "
        "feed from it. Requires the scope `webhooks:read`.",
        extensions=scoped(READ),
    )
    async def webhook_feed_cursor(self, info: Info) -> str | None:
        return (await present(info.context.database)).cursor(info.context.database)
