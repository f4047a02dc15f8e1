"""Shopify's topics: orders as whole snapshots, refunds, fulfilments, products, and requests about customers' data.

https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

from collections.abc import Mapping, Sequence

from shared.events.event import Event
from subgraphs.webhook.events import ReportedOrder, WebhookOrderCreated, WebhookOrderUpdated
from subgraphs.webhook.service.translation.fulfillments import parcels_of
from subgraphs.webhook.service.translation.order_content import content_of
from subgraphs.webhook.service.translation.payload import identity, items, optional_moment, word
from subgraphs.webhook.service.translation.privacy_topics import TOPICS, requests_of
from subgraphs.webhook.service.translation.products import product_of
from subgraphs.webhook.service.translation.shop_refunds import refund_of
from subgraphs.webhook.service.translation.source import Source

PAID = frozenset({"paid", "partially_refunded", "refunded"})


def translate(source: Source, document: Mapping[str, object]) -> Sequence[Event]:
    """Return the events that a delivery reports; raises Unreadable."""
    kind = source.topic.partition("/")[0]
    if source.topic in TOPICS:
        return requests_of(source, document)
    if kind == "products":
        return [product_of(source, document)]
    field, reported = "id", None
    if source.topic == "orders/delete":
        reported = ReportedOrder(cancelled_at=source.occurred_at)
    elif kind == "orders":
        reported = _order(source, document)
    elif kind == "refunds":
        field, reported = "order_id", ReportedOrder(refunds=[refund_of(document)])
    elif kind == "fulfillments":
        field, reported = "order_id", ReportedOrder(parcels=parcels_of(document))
    about = {
        "delivery_id": source.delivery_id,
        "source": source.name,
        "shop": source.shop,
        "external_order_id": identity("Order", document, field),
        "occurred_at": source.occurred_at,
        "order": reported,
    }
    if source.topic == "orders/create":
        return [WebhookOrderCreated(**about)]
    return [WebhookOrderUpdated(**about, topic=source.topic)]


def _order(source: Source, document: Mapping[str, object]) -> ReportedOrder:
    return ReportedOrder(
        content=content_of(source, document),
        paid=word(document.get("financial_status")) in PAID,
        cancelled_at=optional_moment(document, "cancelled_at"),
        all_left=document.get("fulfillment_status") == "fulfilled",
        refunds=[refund_of(refund, document) for refund in items(document.get("refunds"))],
        parcels=[parcel for fulfilment in items(document.get("fulfillments")) for parcel in parcels_of(fulfilment)],
    )
