"""Shopify's privacy topics: a customer, or all of a shop, is to be forgotten; a customer asks what is stored.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
"""

from collections.abc import Mapping, Sequence

from shared.events.event import Event
from subgraphs.webhook.events import WebhookCustomerRedacted, WebhookDataRequested, WebhookShopRedacted
from subgraphs.webhook.service.translation.payload import Unreadable, mapping
from subgraphs.webhook.service.translation.source import Source

DATA_REQUEST = "customers/data_request"
SHOP_REDACT = "shop/redact"
TOPICS = frozenset({DATA_REQUEST, "customers/redact", SHOP_REDACT})


def requests_of(source: Source, document: Mapping[str, object]) -> Sequence[Event]:
    """Return who is to be forgotten, or who asks. Raises Unreadable."""
    if source.shop is None:
        raise Unreadable("The delivery does not name its shop.")
    about = {
        "delivery_id": source.delivery_id,
        "source": source.name,
        "shop": source.shop,
        "occurred_at": source.occurred_at,
    }
    if source.topic == SHOP_REDACT:
        return [WebhookShopRedacted(**about)]
    if source.topic == DATA_REQUEST:
        return [WebhookDataRequested(**about, external_order_ids=orders_of(document, "orders_requested"))]
    email = mapping(document.get("customer")).get("email")
    digest = source.digests.of_email(email) if isinstance(email, str) and "@" in email else None
    named = orders_of(document, "orders_to_redact")
    return [WebhookCustomerRedacted(**about, external_order_ids=named, email_digest=digest)]


def orders_of(document: Mapping[str, object], field: str) -> list[str]:
    """Return the global ids of orders that a request names."""
    given = document.get(field)
    numbers = [each for each in given if type(each) is int and each > 0] if isinstance(given, list) else []
    return [f"gid://shopify/Order/{number}" for number in dict.fromkeys(numbers)]
