"""Root fields that change webhooks."""

from typing import Annotated

import strawberry

from shared.access import scoped
from shared.context import Info
from subgraphs.webhook.inputs import WebhookDiscardInput
from subgraphs.webhook.service.deliveries import discard_delivery
from subgraphs.webhook.types import WRITE, WebhookDelivery, WebhookDiscardResult, WebhookDiscardSuccess


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Decide that a delivery which waits, failed or is dead shall have no effect.",
        extensions=scoped(WRITE),
    )
    async def webhook_discard(
        self, info: Info, input: Annotated[WebhookDiscardInput, strawberry.argument(description="The delivery.")]
    ) -> WebhookDiscardResult:
        row = await discard_delivery(info.context.database, input.id, info.context.user_id)
        return WebhookDiscardSuccess(delivery=WebhookDelivery.from_row(row))
