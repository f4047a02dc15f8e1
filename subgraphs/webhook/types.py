"""What is shown of webhooks."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from strawberry import federation

from shared.database.database import Database
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
    WebhookState.RECEIVED: "Wait: a worker applies the delivery. If it stays RECEIVED for minutes, check that a "
    "worker is running.",
    WebhookState.PROCESSED: "Nothing to do. `webhookReplay` would have no second effect.",
    WebhookState.FAILED: "Wait: it is tried again automatically at the time in `attemptLog`. Once the cause in `error` "
    "is removed, `webhookReplay` applies the delivery at once.",
    WebhookState.DEAD: "Remove the cause in `error`, then apply the delivery with `webhookReplay`. If it must have no "
    "effect, discard it with `webhookDiscard`.",
    WebhookState.IGNORED: "Nothing to do. If it was discarded by mistake, apply it with `webhookReplay`.",
    WebhookState.REJECTED: "Compare the sender's secret with the configured one, then have the sender send the webhook "
    "again: a rejected delivery is never applied.",
}


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")


@strawberry.type(description="One attempt to apply a delivery.")
class WebhookAttempt(RowType[models.WebhookRetry]):
    number: int = strawberry.field(description="The number of the attempt, from 1.")
    at: dt.datetime = strawberry.field(description="When the attempt was made.")
    error: str | None = strawberry.field(
        description="Why the attempt failed; null if it succeeded or its content was erased."
    )
    next_attempt_at: dt.datetime | None = strawberry.field(
        description="When the next attempt is due; null after a success and after the last attempt."
    )
    duration_ms: int | None = strawberry.field(
        description="How long the attempt took, in milliseconds, without the time that it waited for its turn; null "
        "for attempts of before it was kept."
    )


@strawberry.type(description="An event by which a delivery was passed on to the other subgraphs.")
class WebhookEvent:
    event_id: strawberry.ID = strawberry.field(
        description="The event's id, `evt_…`. The command `petplus events show` shows what became of the event."
    )
    type: str = strawberry.field(description="The type of the event, such as `webhook.payment_succeeded`.")
    subject: str = strawberry.field(description="What the event is about, by the sender's id.")


@federation.type(
    keys=["id"],
    tags=["id/whd"],
    description="A webhook as it arrived, and what became of it. Readable with the scope `webhooks:read`.",
)
class WebhookDelivery(RowType[models.WebhookLog], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")
    source: WebhookSource = strawberry.field(
        description="The sender whose endpoint received the delivery. Only `verdict` tells whether it is genuine."
    )
    topic: str | None = strawberry.field(
        description="The sender's name for what happened, such as `orders/create`; null if it is not known, as for "
        "some rejected deliveries."
    )
    shop: str | None = strawberry.field(
        description="The shop or account of the sender, such as `pets.myshopify.com`; null if it names none."
    )
    delivery_id: str | None = strawberry.field(
        description="The sender's own id of the delivery; null if it is not known."
    )
    verdict: WebhookVerdict = strawberry.field(description="The result of checking the signature.")
    state: WebhookState = strawberry.field(description="The current state of the delivery.")
    attempts: int = strawberry.field(description="Number of attempts to apply the delivery so far.")
    error: str | None = strawberry.field(
        description="Why the delivery was rejected or not taken, or why the last attempt failed; null if neither, or "
        "if its content was erased."
    )
    occurred_at: dt.datetime | None = strawberry.field(
        description="When the event happened, by the sender's clock; null if the sender does not say."
    )
    received_at: dt.datetime = strawberry.field(description="When the delivery arrived.")
    stored_at: dt.datetime | None = strawberry.field(
        description="When the delivery was stored, after its signature was checked and before its sender was answered; "
        "null for deliveries of before it was kept."
    )
    processed_at: dt.datetime | None = strawberry.field(
        description="When the delivery was last applied; null until it is applied."
    )
    repeats: int = strawberry.field(
        description="How often the sender delivered the same again, without effect: with the same id, or for the same "
        "event with the same body."
    )
    request_id: str | None = strawberry.field(
        description="The id of the request that brought the delivery, as the sender got it in `x-request-id`: it finds "
        "the request's lines in the log, and the audit entries of what followed. Null for deliveries of before it was "
        "kept."
    )
    trace_id: str | None = strawberry.field(
        description="The trace of that request, 32 hexadecimal digits; null if the sender or a proxy sent none."
    )
    order_id: strawberry.Private[str | None]
    discarded_by_id: strawberry.Private[str | None]
    told: strawberry.Private[list[Any]]

    @strawberry.field(
        description="The events that were published to the other subgraphs when the delivery was applied; empty "
        "until then."
    )
    def events(self) -> list[WebhookEvent]:
        return [WebhookEvent(event_id=told["id"], type=told["type"], subject=told["subject"]) for told in self.told]

    @strawberry.field(description="What staff can do about the delivery in its current state, in one or two sentences.")
    def advice(self) -> str:
        return ADVICE[self.state]

    @strawberry.field(
        description="The body as it was sent, as text, because JSON numbers above 2^53 lose digits in many "
        "clients. The body of a delivery that is rejected or has no effect is not kept, and a body is empty once a "
        "person named in it, or in another delivery about the same order, has deleted their account."
    )
    def payload(self, info: Info) -> str:
        return info.context.loader(BodyByDelivery).then(self.id, lambda body: body.decode(errors="replace"))

    @strawberry.field(description="The attempts to apply the delivery, oldest first.")
    def attempt_log(self, info: Info) -> list[WebhookAttempt]:
        return info.context.loader(AttemptsByDelivery).then(self.id, WebhookAttempt.from_rows)

    @strawberry.field(description="The order that the delivery is about; null until that is known.")
    def order(self) -> "Order | None":
        return Order.of(self.order_id)

    @strawberry.field(description="The member of staff who discarded the delivery; null if it was not discarded.")
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

    @strawberry.field(
        description="The webhook deliveries about the order, newest first; null without the scope `webhooks:read`.",
        extensions=scoped(READ),
    )
    @paged
    def webhook_deliveries(self, info: Info, page: Page) -> WebhookDeliveryConnection | None:
        counter = info.context.loader(DeliveryCountByOrder)
        return info.context.loader(DeliveriesByOrder).connection(self.id, page, WebhookDelivery.from_row, counter)


@strawberry.type(description="The number of deliveries in one state.")
class WebhookStateCount:
    state: WebhookState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="Number of deliveries.")


@strawberry.type(description="The number of deliveries from one sender.")
class WebhookSourceCount:
    source: WebhookSource = strawberry.field(description="The sender.")
    count: int = strawberry.field(description="Number of deliveries.")


@strawberry.type(description="The number of deliveries of one topic in one state.")
class WebhookTopicCount:
    source: WebhookSource = strawberry.field(description="The sender.")
    topic: str | None = strawberry.field(description="The sender's name for what happened; null if it is not known.")
    state: WebhookState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="Number of deliveries.")
    oldest_at: dt.datetime = strawberry.field(description="When the oldest of these deliveries arrived.")


@strawberry.type(description="Counts of webhook deliveries.")
class WebhookStats:
    total: int = strawberry.field(description="Number of all deliveries that match.")
    by_state: list[WebhookStateCount] = strawberry.field(
        description="Number of deliveries in each state, including states without any."
    )
    by_source: list[WebhookSourceCount] = strawberry.field(
        description="Number of deliveries from each sender, including senders without any."
    )
    by_topic: list[WebhookTopicCount] = strawberry.field(
        description="Number of deliveries for each topic and state: the 100 largest groups, largest first."
    )
    oldest_waiting_at: dt.datetime | None = strawberry.field(
        description="When the oldest delivery that still waits to be applied arrived; null if none waits."
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
    cursor: str = strawberry.field(
        description="The position of this change in the feed. Send it as `afterCursor` to resume."
    )
    delivery: WebhookDelivery = strawberry.field(description="The delivery in its current state.")

    @classmethod
    def of(cls, row: models.WebhookLog, position: Position, database: Database) -> "WebhookFeedItem":
        return cls(cursor=position.cursor(database), delivery=WebhookDelivery.from_row(row))
