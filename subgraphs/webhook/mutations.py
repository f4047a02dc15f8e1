"""Root fields that change webhooks, each below what it answers: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import (
    CreateProblem,
    IllegalStateProblem,
    NotFoundProblem,
)
from subgraphs.webhook.inputs import WebhookDiscardInput, WebhookReplayInput
from subgraphs.webhook.service.deliveries import Replay, discard_delivery, replay_deliveries
from subgraphs.webhook.types import READ, WRITE, WebhookDelivery

MOST_SHOWN = 100


@strawberry.type(description="A delivery was discarded.")
class WebhookDiscardSuccess:
    delivery: WebhookDelivery | None = strawberry.field(
        description="The delivery as it is now.", extensions=scoped(READ)
    )


WebhookDiscardResult: TypeAlias = Annotated[
    WebhookDiscardSuccess | NotFoundProblem | IllegalStateProblem,
    strawberry.union("WebhookDiscardResult", description="The discarded delivery, or why it stays as it was."),
]


@strawberry.type(description="Deliveries are applied again, or with `dryRun` would be.")
class WebhookReplaySuccess:
    matched: int = strawberry.field(
        description="How many can be replayed. Where it is more than were, ask again once those are through."
    )
    replayed: int = strawberry.field(description="How many are applied again now; 0 with `dryRun`.")
    deliveries: list[WebhookDelivery] | None = strawberry.field(
        description="The first hundred of them as they are now, oldest first.", extensions=scoped(READ)
    )

    @classmethod
    def of(cls, replay: Replay, *, dry_run: bool) -> "WebhookReplaySuccess":
        shown = [WebhookDelivery.from_row(row) for row in replay.deliveries[:MOST_SHOWN]]
        return cls(matched=replay.matched, replayed=0 if dry_run else len(replay.deliveries), deliveries=shown)


WebhookReplayResult: TypeAlias = Annotated[
    WebhookReplaySuccess | CreateProblem,
    strawberry.union("WebhookReplayResult", description="What is applied again, or why nothing is."),
]


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
