"""Root fields that change webhooks."""

from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from subgraphs.webhook.inputs import WebhookDiscardInput, WebhookReplayInput
from subgraphs.webhook.results import (
    WebhookDiscardResult,
    WebhookDiscardSuccess,
    WebhookReplayResult,
    WebhookReplaySuccess,
)
from subgraphs.webhook.service.deliveries import discard_delivery, replay_deliveries
from subgraphs.webhook.types import WRITE, WebhookDelivery


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Decide that a delivery which waits, failed or is dead shall have no effect.",
        extensions=scoped(WRITE),
    )
    async def webhook_discard(
        self, info: Info, input: Annotated[WebhookDiscardInput, strawberry.argument(description="The delivery.")]
    ) -> WebhookDiscardResult:
        context = info.context
        row = await discard_delivery(context.database, input.id, context.user_id)
        return WebhookDiscardSuccess(delivery=WebhookDelivery.from_row(row))

    @strawberry.mutation(
        description="Have deliveries applied again, with all their attempts. What they told before has no second "
        "effect, so it is safe to replay too many.",
        extensions=scoped(WRITE),
    )
    async def webhook_replay(
        self, info: Info, input: Annotated[WebhookReplayInput, strawberry.argument(description="The deliveries.")]
    ) -> WebhookReplayResult:
        context = info.context
        replay = await replay_deliveries(context.database, input)
        return WebhookReplaySuccess.of(replay, dry_run=input.dry_run)
