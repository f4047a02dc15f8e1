"""What each sender's deliveries look like: how they are signed, what they call themselves, what is of use here."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.graph.datetimes import parse_datetime
from subgraphs.webhook.enums import WebhookSource, WebhookVerdict
from subgraphs.webhook.service.signatures import UNIX_SECONDS, verify_shopify, verify_standard, verify_stripe

LONGEST_NAME = 200


@dataclass(frozen=True)
class Claims:
    """What a delivery says of itself; None for what it does not say, or not in a usable form."""

    topic: str | None
    delivery_id: str | None
    shop: str | None = None
    event_id: str | None = None
    occurred_at: dt.datetime | None = None


@dataclass(frozen=True)
class Sender:
    """How one source's deliveries are judged and read. Headers are by lower-case name, the document is the body."""

    verify: Callable[[Sequence[bytes], Mapping[str, str], bytes, float], WebhookVerdict]
    read: Callable[[Mapping[str, str], Mapping[str, object]], Claims]
    is_test: Callable[[Mapping[str, str], Mapping[str, object]], bool]
    headers: frozenset[str]
    topics: frozenset[str]


def _shopify(headers: Mapping[str, str], _document: Mapping[str, object]) -> Claims:
    return Claims(
        topic=_name(headers.get("x-shopify-topic")),
        delivery_id=_name(headers.get("x-shopify-webhook-id")),
        # Domains have no case.
        shop=_name(headers.get("x-shopify-shop-domain", "").lower()),
        event_id=_name(headers.get("x-shopify-event-id")),
        occurred_at=_moment(headers.get("x-shopify-triggered-at")),
    )


def _is_shopify_test(headers: Mapping[str, str], _document: Mapping[str, object]) -> bool:
    """Tell whether it is one of the samples that a shop's staff can send. Test orders are told like others."""
    return headers.get("x-shopify-test", "").strip().lower() == "true"


def _is_stripe_test(_headers: Mapping[str, str], document: Mapping[str, object]) -> bool:
    """Tell whether no money has moved: an endpoint of a platform gets both kinds."""
    return document.get("livemode") is False


def _is_never_test(_headers: Mapping[str, str], _document: Mapping[str, object]) -> bool:
    return False


def _stripe(_headers: Mapping[str, str], document: Mapping[str, object]) -> Claims:
    return Claims(
        topic=_name(document.get("type")),
        delivery_id=_name(document.get("id")),
        shop=_name(document.get("account")),
        occurred_at=_seconds(document.get("created")),
    )


def _standard(headers: Mapping[str, str], document: Mapping[str, object]) -> Claims:
    return Claims(
        topic=_name(document.get("type")),
        delivery_id=_name(headers.get("webhook-id")),
        occurred_at=_moment(document.get("timestamp")) or _seconds(headers.get("webhook-timestamp")),
    )


def _name(value: object) -> str | None:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NAME:
        return None
    return None if any(unicodedata.category(character) == "Cc" for character in value) else value


def _moment(value: object) -> dt.datetime | None:
    try:
        return parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _seconds(value: object) -> dt.datetime | None:
    if isinstance(value, str):
        value = int(value) if UNIX_SECONDS.fullmatch(value) else None
    try:
        return dt.datetime.fromtimestamp(value, dt.UTC) if type(value) is int else None
    except (ValueError, OverflowError, OSError):
        return None


_COMMON_HEADERS = frozenset({"content-type", "content-length", "user-agent"})

SENDERS: dict[WebhookSource, Sender] = {
    WebhookSource.SHOPIFY: Sender(
        verify=verify_shopify,
        read=_shopify,
        is_test=_is_shopify_test,
        headers=_COMMON_HEADERS
        | {
            "x-shopify-topic",
            "x-shopify-hmac-sha256",
            "x-shopify-shop-domain",
            "x-shopify-api-version",
            "x-shopify-webhook-id",
            "x-shopify-event-id",
            "x-shopify-triggered-at",
            "x-shopify-test",
        },
        topics=frozenset(
            {
                "orders/create",
                "orders/updated",
                "orders/paid",
                "orders/cancelled",
                "orders/delete",
                "orders/fulfilled",
                "orders/partially_fulfilled",
                "refunds/create",
                "fulfillments/create",
                "fulfillments/update",
                "products/create",
                "products/update",
                "products/delete",
                "customers/data_request",
                "customers/redact",
                "shop/redact",
            }
        ),
    ),
    WebhookSource.STRIPE: Sender(
        verify=verify_stripe,
        read=_stripe,
        is_test=_is_stripe_test,
        headers=_COMMON_HEADERS | {"stripe-signature"},
        topics=frozenset(
            {
                "payment_intent.succeeded",
                "payment_intent.payment_failed",
                "checkout.session.completed",
                "checkout.session.async_payment_succeeded",
                "charge.refunded",
                "charge.updated",
                "charge.refund.updated",
                "refund.created",
                "refund.updated",
                "refund.failed",
                "charge.dispute.created",
                "charge.dispute.closed",
            }
        ),
    ),
    WebhookSource.INTERNAL: Sender(
        verify=verify_standard,
        read=_standard,
        is_test=_is_never_test,
        headers=_COMMON_HEADERS | {"webhook-id", "webhook-timestamp", "webhook-signature"},
        topics=frozenset(
            {
                "order.created",
                "order.updated",
                "product.updated",
                "payment.succeeded",
                "payment.failed",
                "payment.refunded",
                "mail.bounced",
                "mail.complained",
            }
        ),
    ),
}
