"""Root fields that change webhooks, each below what it answers: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import CreateProblem, IllegalStateProblem, NotFoundProblem
from shared.security.sealing import Sealer
from subgraphs.webhook.inputs import WebhookDiscardInput, WebhookReplayInput
from subgraphs.webhook.service.deliveries import Replay, discard_delivery, replay_deliveries
from subgraphs.webhook.types import READ, WRITE, WebhookDelivery

MOST_SHOWN = 100


@strawberry.type(description="The delivery was discarded.")
class WebhookDiscardSuccess:
    delivery: WebhookDelivery | None = strawberry.field(
        description="The discarded delivery; null without the scope `webhooks:read`.", extensions=scoped(READ)
    )


WebhookDiscardResult: TypeAlias = Annotated[
    WebhookDiscardSuccess | NotFoundProblem | IllegalStateProblem,
    strawberry.union("WebhookDiscardResult", description="The discarded delivery, or why it was not discarded."),
]


@strawberry.type(description="The deliveries are being applied again, or would be if `dryRun` is true.")
class WebhookReplaySuccess:
    matched: int = strawberry.field(
        description="Number of deliveries that match and can be replayed. If it is larger than `replayed`, send "
        "the request again once those are applied."
    )
    replayed: int = strawberry.field(
        description="Number of deliveries that are applied again by this request; 0 if `dryRun` is true."
    )
    deliveries: list[WebhookDelivery] | None = strawberry.field(
        description="The first 100 of these deliveries, oldest first; null without the scope `webhooks:read`.",
        extensions=scoped(READ),
    )

    @classmethod
    def of(cls, replay: Replay, *, dry_run: bool) -> "WebhookReplaySuccess":
        shown = [WebhookDelivery.from_row(row) for row in replay.deliveries[:MOST_SHOWN]]
        return cls(matched=replay.matched, replayed=0 if dry_run else len(replay.deliveries), deliveries=shown)


WebhookReplayResult: TypeAlias = Annotated[
    WebhookReplaySuccess | CreateProblem,
    strawberry.union(
        "WebhookReplayResult", description="The deliveries that are applied again, or why there are none."
    ),
]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Discard a delivery that is RECEIVED, FAILED or DEAD, so that it has no effect. Requires the "
        "scope `webhooks:write`.",
        extensions=scoped(WRITE),
    )
    async def webhook_discard(
        self,
        info: Info,
        input: Annotated[WebhookDiscardInput, strawberry.argument(description="The delivery to discard.")],
    ) -> WebhookDiscardResult:
        context = info.context
        row = await discard_delivery(context.database, context.resource(Sealer), input.id, context.user_id)
        return WebhookDiscardSuccess(delivery=WebhookDelivery.from_row(row))

    @strawberry.mutation(
        description="Apply deliveries again, with a new series of attempts. What was applied before has no second "
        "effect, so it is safe to replay too many. Requires the scope `webhooks:write`.",
        extensions=scoped(WRITE),
    )
    async def webhook_replay(
        self,
        info: Info,
        input: Annotated[WebhookReplayInput, strawberry.argument(description="The deliveries to apply again.")],
    ) -> WebhookReplayResult:
        context = info.context
        replay = await replay_deliveries(context.database, input)
        return WebhookReplaySuccess.of(replay, dry_run=input.dry_run)
