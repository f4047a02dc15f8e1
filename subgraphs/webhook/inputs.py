"""What is asked of the webhook subgraph."""

import datetime as dt

import strawberry

from subgraphs.webhook.enums import WebhookSource, WebhookState


@strawberry.input(description="Which deliveries to select: those that meet all given conditions.")
class WebhookDeliveryFilter:
    source: WebhookSource | None = strawberry.field(default=None, description="Only deliveries from this sender.")
    states: list[WebhookState] | None = strawberry.field(
        default=None, description="Only deliveries in one of these states."
    )
    topic: str | None = strawberry.field(
        default=None, description="Only deliveries with this topic, such as `orders/create`."
    )
    shop: str | None = strawberry.field(
        default=None, description="Only deliveries from this shop or account of the sender."
    )
    delivery_id: str | None = strawberry.field(
        default=None, description="Only deliveries with this id of the sender, as found in the sender's own log."
    )
    order_id: strawberry.ID | None = strawberry.field(default=None, description="Only deliveries about this order.")
    reference: str | None = strawberry.field(
        default=None,
        description="Only deliveries with this id, whatever it names: the delivery here or at its sender, the sender's "
        "event, or the order that it is about.",
    )
    received_from: dt.datetime | None = strawberry.field(
        default=None, description="Only deliveries received at or after this time."
    )
    received_before: dt.datetime | None = strawberry.field(
        default=None, description="Only deliveries received before this time."
    )


@strawberry.input(description="A delivery to discard.")
class WebhookDiscardInput:
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")


@strawberry.input(description="The deliveries to apply again: either one by `id`, or several by `filter`.")
class WebhookReplayInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="The delivery's id, `whd_…`.")
    filter: WebhookDeliveryFilter | None = strawberry.field(
        default=None,
        description="The deliveries to replay, oldest first, at most 1,000 per request; default for `states`: "
        "FAILED and DEAD. Deliveries that are REJECTED, have an unknown topic or an erased body are "
        "never replayed.",
    )
    dry_run: bool = strawberry.field(
        default=False,
        description="Whether to only report which deliveries would be applied, without a change; default: false.",
    )
