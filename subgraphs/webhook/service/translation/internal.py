"""The company's own systems: `type`, and in `data` the fields of the event itself.

A payment: `payment_id`, `order_id`, `amount_minor`, `currency`, `reason`. An order: `order_id`, `cancelled_at`,
`refunds`, `parcels`. A product: `product_id`, `handle`, `title`, `description`, `active`. A mail that came back or that
somebody complained about: `email`, and for `mail.bounced` the `kind`, `hard` or `soft`.
"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from shared.core.validation import LONGEST_EMAIL
from shared.events.event import Event
from subgraphs.webhook.events import (
    ReportedOrder,
    WebhookMailBounced,
    WebhookMailComplained,
    WebhookOrderCreated,
    WebhookOrderUpdated,
    WebhookPaymentFailed,
    WebhookPaymentRefunded,
    WebhookPaymentSucceeded,
    WebhookProductUpdated,
)
from subgraphs.webhook.service.translation.payload import Unreadable, cents, currency, mapping, text, word
from subgraphs.webhook.service.translation.source import Source
from subgraphs.webhook.service.translation.stripe import order_named

BOUNCES = {"hard": True, "soft": False}
"""Whether each kind is permanent."""
REPORTED = ("cancelled_at", "all_left", "refunds", "parcels")


def translate(source: Source, document: Mapping[str, object]) -> Sequence[Event]:
    """Return the events that a delivery reports; raises Unreadable."""
    data = mapping(document.get("data"))
    try:
        return [_event(source, data)]
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise Unreadable(f"`{'.'.join(map(str, first['loc']))}`: {first['msg']}.") from None


def _event(source: Source, data: Mapping[str, object]) -> Event:
    about = {"delivery_id": source.delivery_id, "source": source.name, "occurred_at": source.occurred_at}
    kind, _, what = source.topic.partition(".")
    if kind == "order":
        reported = ReportedOrder.model_validate({name: data[name] for name in REPORTED if name in data})
        about |= {"external_order_id": order_named(data), "order": reported}
        return WebhookOrderCreated(**about) if what == "created" else WebhookOrderUpdated(**about, topic=source.topic)
    if kind == "product":
        shown = {name: text(data.get(name)) for name in ("handle", "title", "description")}
        active = data.get("active", True)
        return WebhookProductUpdated(
            **about, **shown, active=active, topic=source.topic, external_product_id=data.get("product_id")
        )
    if kind == "mail":
        about["email_digest"] = source.digests.of_email(_address(data))
        if what == "complained":
            return WebhookMailComplained(**about)
        return WebhookMailBounced(**about, permanent=_is_permanent(data))
    about |= {"external_order_id": order_named(data), "external_payment_id": data.get("payment_id")}
    if what == "failed":
        return WebhookPaymentFailed(**about, reason=word(data.get("reason")))
    amount = {"amount_minor": cents(data, "amount_minor"), "currency": currency(data)}
    if what == "refunded":
        return WebhookPaymentRefunded(
            **about, **amount, received_minor=cents({"received_minor": 0, **data}, "received_minor")
        )
    return WebhookPaymentSucceeded(**about, **amount)


def _address(data: Mapping[str, object]) -> str:
    given = data.get("email")
    if not isinstance(given, str) or len(given) > LONGEST_EMAIL or given.count("@") != 1:
        raise Unreadable("`email` is not an e-mail address.")
    return given


def _is_permanent(data: Mapping[str, object]) -> bool:
    given = data.get("kind")
    if not isinstance(given, str) or given not in BOUNCES:
        raise Unreadable(f"`kind` must be one of {', '.join(BOUNCES)}.")
    return BOUNCES[given]
