"""Stripe's words: payments, Checkout Sessions, charges and disputes.

https://docs.stripe.com/api/events/types. A payment names its order in `metadata.order_id`: an id or a number of ours,
Shopify's id of the order, or its number in the shop; in `metadata.order_number` digits alone are such a number. A
refund that the order subgraph has asked for names itself in `metadata.refund_id`.
"""

from collections.abc import Mapping, Sequence

from shared.events.event import Event
from subgraphs.webhook.events import (
    WebhookPaymentDisputed,
    WebhookPaymentFailed,
    WebhookPaymentRefunded,
    WebhookPaymentSucceeded,
    WebhookRefundChanged,
)
from subgraphs.webhook.service.translation.payload import LONGEST_TEXT, Unreadable, cents, currency, mapping, text, word
from subgraphs.webhook.service.translation.source import Source

ORDER_FIELDS = ("order_id", "order_number")
REFUND_TOPICS = frozenset({"charge.refund.updated", "refund.created", "refund.updated", "refund.failed"})
REFUND_STATES = {"succeeded": "SUCCEEDED", "failed": "FAILED", "canceled": "FAILED"}
OUTCOMES = {"won": "WON", "warning_closed": "WON", "prevented": "WON", "lost": "LOST"}


def translate(source: Source, document: Mapping[str, object]) -> Sequence[Event]:
    """Return the events that a delivery reports; raises Unreadable."""
    thing = mapping(mapping(document.get("data")).get("object"))
    about = {
        "delivery_id": source.delivery_id,
        "source": source.name,
        "external_order_id": order_named(mapping(thing.get("metadata"))),
        "occurred_at": source.occurred_at,
    }
    if source.topic == "payment_intent.succeeded":
        return [_succeeded(about, thing)]
    if source.topic.startswith("checkout.session."):
        return _checked_out(about, thing)
    if source.topic == "payment_intent.payment_failed":
        error = mapping(thing.get("last_payment_error"))
        reason = word(error.get("decline_code")) or word(error.get("code"))
        known = thing.get("amount") is not None
        amounts = {"amount_minor": cents(thing, "amount"), "currency": currency(thing)} if known else {}
        return [WebhookPaymentFailed(**about, **amounts, external_payment_id=_id(thing, "id"), reason=reason)]
    if source.topic == "charge.refunded":
        return [_refunded(about, thing)]
    if source.topic == "charge.updated":
        # One that was not captured says nothing of money.
        return [_refunded(about, thing)] if thing.get("captured") is True or thing.get("amount_refunded") else []
    if source.topic in REFUND_TOPICS:
        return [_refund_changed(about, thing)]
    return [_disputed(about, thing)]


def order_named(metadata: Mapping[str, object]) -> str | None:
    """Return the order that metadata name, Shopify's as their global id, or by the shop's number such as `#1234`."""
    for field in ORDER_FIELDS:
        named = text(str(metadata.get(field) or ""))
        if named is not None and named.isdecimal():
            return f"#{named}" if field == "order_number" else f"gid://shopify/Order/{named}"
        if named is not None:
            return named
    return None


def _succeeded(about: Mapping[str, object], payment: Mapping[str, object]) -> WebhookPaymentSucceeded:
    return WebhookPaymentSucceeded(
        **about,
        external_payment_id=_id(payment, "id"),
        external_charge_id=_optional_id(payment, "latest_charge"),
        amount_minor=cents(payment, "amount_received" if payment.get("amount_received") else "amount"),
        currency=currency(payment),
    )


def _checked_out(about: Mapping[str, object], session: Mapping[str, object]) -> list[WebhookPaymentSucceeded]:
    """Return the payment of a Checkout Session: its metadata are not those of the payment intent.

    It is none while the money is still to come, by a bank transfer say, or where nothing was to be paid.
    """
    payment = _optional_id(session, "payment_intent")
    if payment is None or session.get("payment_status") != "paid":
        return []
    named = about["external_order_id"] or order_named({"order_id": session.get("client_reference_id")})
    amounts = {"amount_minor": cents(session, "amount_total"), "currency": currency(session)}
    return [WebhookPaymentSucceeded(**{**about, "external_order_id": named}, external_payment_id=payment, **amounts)]


def _refunded(about: Mapping[str, object], charge: Mapping[str, object]) -> WebhookPaymentRefunded:
    return WebhookPaymentRefunded(
        **about,
        external_payment_id=_optional_id(charge, "payment_intent") or _id(charge, "id"),
        external_charge_id=_id(charge, "id"),
        amount_minor=cents(charge, "amount_refunded"),
        received_minor=cents(charge, "amount_captured" if charge.get("amount_captured") else "amount"),
        currency=currency(charge),
    )


def _refund_changed(about: Mapping[str, object], refund: Mapping[str, object]) -> WebhookRefundChanged:
    charge = _optional_id(refund, "charge")
    payment = _optional_id(refund, "payment_intent") or charge
    if payment is None:
        raise Unreadable("Neither `payment_intent` nor `charge` is an id.")
    return WebhookRefundChanged(
        **about,
        refund_id=_id(refund, "id"),
        own_refund_id=text(str(mapping(refund.get("metadata")).get("refund_id") or "")),
        external_payment_id=payment,
        external_charge_id=charge,
        amount_minor=cents(refund, "amount"),
        currency=currency(refund),
        state=REFUND_STATES.get(word(refund.get("status")) or "", "PENDING"),
    )


def _disputed(about: Mapping[str, object], dispute: Mapping[str, object]) -> WebhookPaymentDisputed:
    charge = _optional_id(dispute, "charge")
    payment = _optional_id(dispute, "payment_intent") or charge
    if payment is None:
        raise Unreadable("Neither `payment_intent` nor `charge` is an id.")
    return WebhookPaymentDisputed(
        **about,
        dispute_id=_id(dispute, "id"),
        external_payment_id=payment,
        external_charge_id=charge,
        amount_minor=cents(dispute, "amount"),
        currency=currency(dispute),
        reason=word(dispute.get("reason")),
        outcome=OUTCOMES.get(word(dispute.get("status")) or "", "OPEN"),
    )


def _id(document: Mapping[str, object], field: str) -> str:
    found = _optional_id(document, field)
    if found is None:
        raise Unreadable(f"`{field}` is not an id.")
    return found


def _optional_id(document: Mapping[str, object], field: str) -> str | None:
    given = document.get(field)
    given = given.get("id") if isinstance(given, dict) else given
    return given if isinstance(given, str) and 0 < len(given) <= LONGEST_TEXT and given.isprintable() else None
