"""Which deliveries a filter lets pass: one answer for lists, sums, the feed and replays."""

from sqlalchemy.sql.elements import ColumnElement

from shared.database.text_search import among
from shared.graph.loaders import columns_of
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog

DEFERRED = frozenset({"headers", "body", "body_digest"})
"""The columns that only those read who ask for them."""
SHOWN = columns_of(WebhookLog.id, DEFERRED)


def conditions(wanted: WebhookDeliveryFilter | None) -> list[ColumnElement[bool]]:
    """Return what a delivery must fulfil; nothing without a filter."""
    if wanted is None:
        return []
    found: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (WebhookLog.source, wanted.source),
            (WebhookLog.topic, wanted.topic),
            (WebhookLog.shop, wanted.shop),
            (WebhookLog.delivery_id, wanted.delivery_id),
            (WebhookLog.order_id, wanted.order_id),
        )
        if value is not None
    ]
    if wanted.reference is not None:
        named = (WebhookLog.id, WebhookLog.delivery_id, WebhookLog.event_id, WebhookLog.order_id)
        found.append(among(WebhookLog.id, *[(WebhookLog.id, column == wanted.reference) for column in named]))
    if wanted.states is not None:
        found.append(WebhookLog.state.in_(wanted.states))
    if wanted.received_from is not None:
        found.append(WebhookLog.received_at >= wanted.received_from)
    if wanted.received_before is not None:
        found.append(WebhookLog.received_at < wanted.received_before)
    return found
