"""Translations of whatever may be sent: told, or refused as unreadable; never anything else."""

import copy
import datetime as dt
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.settings import Settings
from shared.events.event import Event
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.webhook.events import (
    WebhookOrderCreated,
    WebhookOrderUpdated,
    WebhookPaymentDisputed,
    WebhookPaymentRefunded,
    WebhookRefundChanged,
)
from subgraphs.webhook.service.processing import event_id
from subgraphs.webhook.service.translation import shopify, stripe
from subgraphs.webhook.service.translation.payload import Unreadable, minor
from subgraphs.webhook.service.translation.source import Source
from tests.support.properties import examples
from tests.webhook.senders import fixture

SAMPLES = {
    "orders/create": "orders__create.json",
    "orders/paid": "orders__create.json",
    "refunds/create": "refunds__create.json",
    "fulfillments/create": "fulfillments__create.json",
    "products/update": "products__update.json",
    "products/delete": "products__update.json",
    "payment_intent.succeeded": "payment_intent.succeeded.json",
    "payment_intent.payment_failed": "payment_intent.payment_failed.json",
    "charge.refunded": "charge.refunded.json",
    "charge.dispute.created": "charge.dispute.created.json",
}
ODD: list[Any] = [None, True, -1, 0, 2**70, 1.5, "", "x", "9" * 400, "\x00", "NaN", "1e999", [], [1], {}, {"id": 1}]


def translate(topic: str, document: Any) -> list[Event]:
    made = Settings()
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    source = Source("whd_1", "SENDER", topic, "shop.example", at, Pseudonymizer(made), Sealer(made))
    translator = shopify if "/" in topic else stripe
    return list(translator.translate(source, document))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in items for place in [(*path, key), *places(each, (*path, key))]]


def put(value: Any, path: tuple[Any, ...], what: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = what


@pytest.mark.parametrize("topic", SAMPLES)
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_odd_values_are_told_or_unreadable(topic: str, data: st.DataObject) -> None:
    document = orjson.loads(fixture(SAMPLES[topic]))
    for _ in range(data.draw(st.integers(1, 4))):
        put(document, data.draw(st.sampled_from(places(document))), copy.deepcopy(data.draw(st.sampled_from(ODD))))
        if not places(document):
            break
    try:
        events = translate(topic, document)
    except Unreadable:
        return
    # What is told can be stored.
    assert events
    assert "\\u0000" not in orjson.dumps([event.model_dump(mode="json") for event in events]).decode()


@pytest.mark.parametrize("topic", SAMPLES)
def test_what_is_no_text_in_any_place_is_told_or_unreadable(topic: str) -> None:
    sample, odds = fixture(SAMPLES[topic]), ("[]", "{}", "1")
    for place in places(orjson.loads(sample)):
        for odd in map(orjson.loads, odds):
            document = orjson.loads(sample)
            put(document, place, odd)
            try:
                assert translate(topic, document)
            except Unreadable:
                continue


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_decimal_texts_are_read_to_the_cent(minor_units: int, zeros: int) -> None:
    sign, whole = "-" if minor_units < 0 else "", abs(minor_units)
    text = f"{sign}{whole // 100}.{whole % 100:02}" + "0" * zeros
    assert minor({"a": text}, "a", "EUR") == minor_units


@pytest.mark.parametrize(
    ("given", "currency", "expected"), [("3980", "JPY", 3980), ("3980.00", "JPY", 3980), ("39.80", "CHF", 3980)]
)
def test_an_amount_has_the_decimals_of_its_currency(given: str, currency: str, expected: int) -> None:
    assert minor({"a": given}, "a", currency) == expected


def test_parts_of_a_yen_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        minor({"a": "39.80"}, "a", "JPY")


@pytest.mark.parametrize("value", ["1.005", "", "x", "1,5", "Infinity", "NaN", "1e30", None, True, [], "1" * 40])
def test_what_is_no_amount_in_cents_is_unreadable(value: object) -> None:
    with pytest.raises(Unreadable):
        minor({"a": value}, "a", "EUR")


def test_numbers_beyond_what_floats_hold_stay_exact() -> None:
    refund = orjson.loads(fixture("refunds__create.json")) | {"order_id": 9_007_199_254_740_993}
    [event] = translate("refunds/create", refund)
    assert isinstance(event, WebhookOrderUpdated)
    assert event.external_order_id == "gid://shopify/Order/9007199254740993"
    assert event.order is not None
    assert [(one.refund_id, one.amount_minor) for one in event.order.refunds] == [
        ("gid://shopify/Refund/890088186047892319", 8500)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Lines of 414.95 in all, discount, shipping, tax; what has no field of its own is a line.
        ({}, (41495, 2000, 1000, 0)),
        ({"taxes_included": True, "total_tax": "66.25"}, (41495, 2000, 1000, 0)),
        ({"total_tax": "10.00", "total_price": "414.95"}, (41495, 2000, 1000, 1000)),
        ({"total_price": "407.95", "total_tip_received": "3.00"}, (41795, 2000, 1000, 0)),
        ({"total_price": "404.94"}, (41495, 2001, 1000, 0)),
        ({"total_discounts": "424.95", "total_price": "0.00"}, (41495, 41495, 0, 0)),
    ],
)
def test_an_order_always_adds_up_to_what_the_customer_is_asked_for(changes: Any, expected: Any) -> None:
    document = orjson.loads(fixture("orders__create.json")) | changes
    [event] = translate("orders/create", document)
    assert isinstance(event, WebhookOrderCreated)
    assert event.order is not None
    content = event.order.content
    assert content is not None
    goods = sum(line.quantity * line.unit_price_minor for line in content.lines)
    assert (goods, content.discount_minor, content.shipping_minor, content.tax_minor) == expected
    total = goods - content.discount_minor + content.shipping_minor + content.tax_minor
    assert total == minor(document, "total_price", document["currency"])


def test_the_same_delivery_always_tells_under_the_same_ids() -> None:
    document = orjson.loads(fixture("orders__create.json"))
    [one], [other] = translate("orders/create", document), translate("orders/create", document)
    assert event_id(one) == event_id(other)
    [changed] = translate("orders/create", document | {"updated_at": "2026-11-20T08:00:00Z"})
    assert event_id(changed) != event_id(one)


def test_a_dispute_without_payment_is_told_by_its_charge() -> None:
    [event] = translate("charge.dispute.created", orjson.loads(fixture("charge.dispute.created.json")))
    assert isinstance(event, WebhookPaymentDisputed)
    assert (event.external_payment_id, event.outcome, event.reason) == (
        "ch_1PgafuB7WZ01zgkWXYmPNZs8",
        "OPEN",
        "general",
    )


STATES = {"pending": "PENDING", "succeeded": "SUCCEEDED", "failed": "FAILED", "canceled": "FAILED"}


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("topic", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])
def test_a_refund_of_stripe_is_told_with_its_state(topic: str, status: str) -> None:
    refund = {"id": "re_1", "charge": "ch_1", "payment_intent": "pi_1", "amount": 500, "currency": "eur"}
    [event] = translate(topic, {"data": {"object": refund | {"status": status}}})
    assert isinstance(event, WebhookRefundChanged)
    assert (event.refund_id, event.external_payment_id, event.external_charge_id) == ("re_1", "pi_1", "ch_1")
    assert (event.amount_minor, event.currency, event.state) == (500, "EUR", STATES[status])


def test_a_changed_charge_tells_what_is_back_by_now() -> None:
    charge = orjson.loads(fixture("charge.refunded.json"))
    charge["data"]["object"] |= {"captured": True, "amount_captured": 100, "amount_refunded": 0}
    [event] = translate("charge.updated", charge)
    assert isinstance(event, WebhookPaymentRefunded)
    assert (event.amount_minor, event.received_minor) == (0, 100)
    charge["data"]["object"] |= {"captured": False}
    assert translate("charge.updated", charge) == []
