"""What is shown of webhooks."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from strawberry import federation

from shared.graph.access import rule, scoped
from shared.graph.context import Info
from shared.graph.pagination import Connection, Page, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.webhook import models
from subgraphs.webhook.enums import WAITING, WebhookSource, WebhookState, WebhookVerdict
from subgraphs.webhook.loaders import (
    AttemptsByDelivery,
    BodyByDelivery,
    DeliveriesByOrder,
    DeliveryById,
    DeliveryCountByOrder,
    Tally,
)
from subgraphs.webhook.service.delivery_feed import Position

READ = "webhooks:read"
WRITE = "webhooks:write"
MOST_TOPICS = 100
ADVICE: Mapping[WebhookState, str] = {
    WebhookState.RECEIVED: "Nothing yet: a worker applies it. If it stays like this for minutes, no worker runs.",
    WebhookState.PROCESSED: "Nothing. `webhookReplay` would have no second effect.",
    WebhookState.FAILED: "Nothing yet: it is tried again by itself; `attemptLog` tells when. Once the cause that "
    "`error` names is gone, `webhookReplay` applies it at once.",
    WebhookState.DEAD: "Remove the cause that `error` names, then apply it with `webhookReplay`. What shall have no "
    "effect is given up with `webhookDiscard`.",
    WebhookState.IGNORED: "Nothing. If it was discarded by mistake, apply it with `webhookReplay`.",
    WebhookState.REJECTED: "Compare the sender's secret with ours and have it sent anew: this one is never applied.",
}


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")


@strawberry.type(description="One try to apply a delivery.")
class WebhookAttempt(RowType[models.WebhookRetry]):
    number: int = strawberry.field(description="Counts the attempts, from 1.")
    at: dt.datetime = strawberry.field(description="When it was tried.")
    error: str | None = strawberry.field(description="Why it failed; null where it succeeded.")
    next_attempt_at: dt.datetime | None = strawberry.field(
        description="When it is to be tried again; null after the last attempt."
    )


@strawberry.type(description="An event by which a delivery was passed on to the other subgraphs.")
class WebhookEvent:
    id: strawberry.ID = strawberry.field(description="The event's id, `evt_…`; `petplus events show` follows it.")
    type: str = strawberry.field(description="What it tells, such as `webhook.payment_succeeded`.")
    subject: str = strawberry.field(description="What it is about, by the sender's id.")


@federation.type(keys=["id"], description="One webhook as it arrived, and what became of it. Open to staff alone.")
class WebhookDelivery(RowType[models.WebhookLog], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")
    source: WebhookSource = strawberry.field(description="Who is said to have sent it.")
    topic: str | None = strawberry.field(description="The sender's word for what happened, such as `orders/create`.")
    shop: str | None = strawberry.field(description="The shop or account of the sender, where it has several.")
    delivery_id: str | None = strawberry.field(description="The sender's own id of the delivery.")
    verdict: WebhookVerdict = strawberry.field(description="What the signature proved.")
    state: WebhookState = strawberry.field(description="How far it has come.")
    attempts: int = strawberry.field(description="How often it was tried to apply it.")
    error: str | None = strawberry.field(description="Why it was rejected, or why the last attempt failed.")
    occurred_at: dt.datetime | None = strawberry.field(description="When it happened, by the sender's clock.")
    received_at: dt.datetime = strawberry.field(description="When it arrived.")
    processed_at: dt.datetime | None = strawberry.field(description="When it was applied.")
    order_id: strawberry.Private[str | None]
    discarded_by_id: strawberry.Private[str | None]
    told: strawberry.Private[list[Any]]

    @strawberry.field(description="What it told the other subgraphs; empty until it is applied.")
    def events(self) -> list[WebhookEvent]:
        return [WebhookEvent(**event) for event in self.told]

    @strawberry.field(description="What to do about it in its present state, in a sentence for staff.")
    def advice(self) -> str:
        return ADVICE[self.state]

    @strawberry.field(
        description="The body as it was sent: text, because JSON numbers above 2^53 lose digits in many clients. "
        "Of rejected deliveries only the first 4,096 bytes are kept; it is empty once the person whom it told of has "
        "deleted their account."
    )
    def payload(self, info: Info) -> str:
        return info.context.loader(BodyByDelivery).then(self.id, lambda body: body.decode(errors="replace"))

    @strawberry.field(description="Each attempt to apply it, in order.")
    def attempt_log(self, info: Info) -> list[WebhookAttempt]:
        return info.context.loader(AttemptsByDelivery).then(self.id, WebhookAttempt.from_rows)

    @strawberry.field(description="The order that it is about, once that is known.")
    def order(self) -> "Order | None":
        return Order.of(self.order_id)

    @strawberry.field(description="The member of staff who discarded it, if somebody did.")
    def discarded_by(self) -> User | None:
        return User.of(self.discarded_by_id)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[WebhookDelivery | None]":
        if not info.context.viewer.has_scope(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(DeliveryById).load_many(ids)]


WebhookDeliveryConnection = Connection[WebhookDelivery]


@federation.type(keys=["id"])
class Order(Stub, prefix="ord"):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")

    @strawberry.field(description="The webhooks about the order, newest first.", extensions=scoped(READ))
    @paged
    def webhook_deliveries(self, info: Info, page: Page) -> WebhookDeliveryConnection | None:
        counter = info.context.loader(DeliveryCountByOrder)
        return info.context.loader(DeliveriesByOrder).connection(self.id, page, WebhookDelivery.from_row, counter)


@strawberry.type(description="How many deliveries are in one state.")
class WebhookStateCount:
    state: WebhookState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many deliveries came from one sender.")
class WebhookSourceCount:
    source: WebhookSource = strawberry.field(description="The sender.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many deliveries of one topic are in one state.")
class WebhookTopicCount:
    source: WebhookSource = strawberry.field(description="The sender.")
    topic: str | None = strawberry.field(description="The sender's word for what happened; null where it gave none.")
    state: WebhookState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many.")
    oldest_at: dt.datetime = strawberry.field(description="When the oldest of them arrived.")


@strawberry.type(description="Deliveries in numbers.")
class WebhookStats:
    total: int = strawberry.field(description="How many deliveries there are.")
    by_state: list[WebhookStateCount] = strawberry.field(description="How many are in each state, zeros included.")
    by_source: list[WebhookSourceCount] = strawberry.field(description="How many came from each sender.")
    by_topic: list[WebhookTopicCount] = strawberry.field(
        description="How many of each topic are in each state, most first; the hundred largest of them."
    )
    oldest_waiting_at: dt.datetime | None = strawberry.field(
        description="When the oldest that still waits to be applied arrived; null when none waits."
    )

    @classmethod
    def of(cls, tally: Sequence[Tally]) -> "WebhookStats":
        """Sum up rows of source, topic, state, count and oldest."""
        states: Counter[WebhookState] = Counter()
        sources: Counter[WebhookSource] = Counter()
        for row in tally:
            states[row.state] += row.size
            sources[row.source] += row.size
        return cls(
            total=states.total(),
            by_state=[WebhookStateCount(state=state, count=states[state]) for state in WebhookState],
            by_source=[WebhookSourceCount(source=source, count=sources[source]) for source in WebhookSource],
            by_topic=[
                WebhookTopicCount(
                    source=row.source, topic=row.topic, state=row.state, count=row.size, oldest_at=row.oldest
                )
                for row in sorted(tally, key=_by_size)[:MOST_TOPICS]
            ],
            oldest_waiting_at=min((row.oldest for row in tally if row.state in WAITING), default=None),
        )


def _by_size(row: Tally) -> tuple[int, str, str, str]:
    return (-row.size, row.source.value, row.topic or "", row.state.value)


@strawberry.type(description="A delivery that arrived or changed, as it is pushed to staff.")
class WebhookFeedItem:
    cursor: str = strawberry.field(description="The place of this change; resume with it as `afterCursor`.")
    delivery: WebhookDelivery = strawberry.field(description="The delivery as it is by now.")

    @classmethod
    def of(cls, row: models.WebhookLog, position: Position) -> "WebhookFeedItem":
        return cls(cursor=position.cursor(), delivery=WebhookDelivery.from_row(row))
