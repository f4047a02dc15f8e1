"""What mutations of webhooks answer: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.problems import IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.webhook.service.deliveries import Replay
from subgraphs.webhook.types import READ, WebhookDelivery

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
    WebhookReplaySuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("WebhookReplayResult", description="What is applied again, or why nothing is."),
]
