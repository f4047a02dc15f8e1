"""What is asked of the webhook subgraph."""

import datetime as dt

import strawberry

from subgraphs.webhook.enums import WebhookSource, WebhookState


@strawberry.input(description="Which deliveries to list. Conditions that are left out let all pass.")
class WebhookDeliveryFilter:
    source: WebhookSource | None = strawberry.field(default=None, description="Only of this sender.")
    states: list[WebhookState] | None = strawberry.field(default=None, description="Only in one of these states.")
    topic: str | None = strawberry.field(default=None, description="Only of this topic, such as `orders/create`.")
    shop: str | None = strawberry.field(default=None, description="Only of this shop or account of the sender.")
    delivery_id: str | None = strawberry.field(
        default=None, description="Only those that the sender gave this id, to find one from the sender's own log."
    )
    order_id: strawberry.ID | None = strawberry.field(default=None, description="Only those about this order.")
    received_from: dt.datetime | None = strawberry.field(default=None, description="Only received then or later.")
    received_before: dt.datetime | None = strawberry.field(default=None, description="Only received earlier.")


@strawberry.input(description="A delivery that shall have no effect.")
class WebhookDiscardInput:
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")


@strawberry.input(description="Deliveries to apply again: name one by `id`, or several by `filter`.")
class WebhookReplayInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="The delivery's id, `whd_…`.")
    filter: WebhookDeliveryFilter | None = strawberry.field(
        default=None,
        description="Which deliveries, oldest first, up to 1000 at a time. Without `states` those that are FAILED or "
        "DEAD. REJECTED ones, those of unknown topics and those whose body was erased are never replayed.",
    )
    dry_run: bool = strawberry.field(default=False, description="Only tell which it would be; nothing is changed.")
