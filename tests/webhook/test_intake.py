"""Deliveries at the doors: what is kept, what is kept once, what is turned away."""

import asyncio
import base64
import datetime as dt
import hmac
import random
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petplus import registry
from shared.core.ids import is_id, new_id
from shared.core.limits_file import LIMITS
from shared.core.settings import Settings
from subgraphs.webhook.routes import LARGEST_DELIVERY
from tests.support.apps import Served, serve
from tests.support.properties import examples
from tests.webhook.senders import SHOP, count, deliver, fixture, internal, shopify, stored, stripe, stripe_event
from tests.webhook.webhook_story import Life

ORDER = fixture("orders__create.json")
DOORS = ("shopify/orders", "shopify/products", "stripe/payment", "internal")
SHAPES = (b"?", b"t=1,v1=?", b"t=?,v1=00", b"v1,?", b"v1,AAAA v1,?", b"1764000000")


async def test_an_order_is_stored_as_it_came(webhook: Served) -> None:
    headers = shopify(ORDER)
    answer = await deliver(webhook, "shopify/orders", ORDER, headers | {"authorization": "Basic c2VjcmV0"})
    assert (answer.status_code, answer.json()) == (200, {"status": "received"})
    [row] = await stored(webhook, headers["x-shopify-webhook-id"])
    assert is_id("whd", row.id)
    assert bytes(row.body) == ORDER
    assert b"820982911946154508" in row.body
    assert (row.source, row.topic, row.shop, row.verdict, row.state) == (
        "SHOPIFY",
        "orders/create",
        SHOP,
        "VERIFIED",
        "RECEIVED",
    )
    assert row.event_id == headers["x-shopify-event-id"]
    assert row.occurred_at == dt.datetime(2026, 11, 20, 8, 15, 30, 123456, dt.UTC)
    assert (row.attempts, row.error, row.order_id, row.processed_at) == (0, None, None, None)


async def test_headers_are_kept_but_for_those_that_are_none_of_ours(webhook: Served) -> None:
    headers = shopify(ORDER)
    await deliver(webhook, "shopify/orders", ORDER, headers | {"authorization": "Basic c2VjcmV0", "cookie": "a=b"})
    async with webhook.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT headers::text FROM webhook_log WHERE delivery_id = $1", (headers["x-shopify-webhook-id"],)
        )
        text = found.scalar_one()
    assert headers["x-shopify-hmac-sha256"] in text
    assert "authorization" not in text
    assert "cookie" not in text


async def test_a_product_a_payment_and_an_own_message_are_stored(webhook: Served) -> None:
    product = fixture("products__update.json")
    shop_headers = shopify(product, x_shopify_topic="products/update")
    assert (await deliver(webhook, "shopify/products", product, shop_headers)).json() == {"status": "received"}
    payment_id = new_id("evt")
    payment = stripe_event(id=payment_id)
    assert (await deliver(webhook, "stripe/payment", payment, stripe(payment))).json() == {"status": "received"}
    own_id = new_id("msg")
    own = b'{"type":"order.updated","timestamp":"2026-11-20T08:00:00+02:00","data":{}}'
    assert (await deliver(webhook, "internal", own, internal(own, own_id))).json() == {"status": "received"}
    rows = [*await stored(webhook, payment_id), *await stored(webhook, own_id)]
    assert [(row.source, row.topic, row.shop, row.occurred_at) for row in rows] == [
        ("STRIPE", "payment_intent.succeeded", None, dt.datetime.fromtimestamp(1790000002, dt.UTC)),
        ("INTERNAL", "order.updated", None, dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)),
    ]


async def test_a_repeated_delivery_is_answered_and_not_stored_again(webhook: Served) -> None:
    headers = shopify(ORDER)
    answers = [(await deliver(webhook, "shopify/orders", ORDER, headers)).json() for _ in range(3)]
    assert answers == [{"status": "received"}, {"status": "duplicate"}, {"status": "duplicate"}]
    payment_id = new_id("evt")
    payment = stripe_event(id=payment_id)
    again = stripe(payment, int(time.time()) - 60)
    assert (await deliver(webhook, "stripe/payment", payment, stripe(payment))).json() == {"status": "received"}
    assert (await deliver(webhook, "stripe/payment", payment, again)).json() == {"status": "duplicate"}
    assert len(await stored(webhook, headers["x-shopify-webhook-id"])) == 1
    assert len(await stored(webhook, payment_id)) == 1


async def test_the_same_happening_under_another_delivery_id_is_a_duplicate(webhook: Served) -> None:
    headers = shopify(ORDER)
    other = headers | {"x-shopify-webhook-id": new_id("hook")}
    assert (await deliver(webhook, "shopify/orders", ORDER, headers)).json() == {"status": "received"}
    assert (await deliver(webhook, "shopify/orders", ORDER, other)).json() == {"status": "duplicate"}
    assert await stored(webhook, other["x-shopify-webhook-id"]) == []


async def test_the_same_id_of_another_shop_or_topic_is_another_delivery(webhook: Served) -> None:
    headers = shopify(ORDER)
    variants: list[dict[str, str]] = [{}, {"x-shopify-shop-domain": "b.example"}, {"x-shopify-topic": "orders/paid"}]
    for variant in variants:
        assert (await deliver(webhook, "shopify/orders", ORDER, headers | variant)).json() == {"status": "received"}
    assert len(await stored(webhook, headers["x-shopify-webhook-id"])) == 3


async def test_deliveries_without_an_event_id_are_told_apart_by_their_own(webhook: Served) -> None:
    for _ in range(2):
        headers = shopify(ORDER)
        del headers["x-shopify-event-id"]
        assert (await deliver(webhook, "shopify/orders", ORDER, headers)).json() == {"status": "received"}


async def test_of_simultaneous_copies_one_is_stored(webhook: Served) -> None:
    headers = shopify(ORDER)
    answers = await asyncio.gather(*[deliver(webhook, "shopify/orders", ORDER, headers) for _ in range(10)])
    assert sorted(answer.json()["status"] for answer in answers) == ["duplicate"] * 9 + ["received"]
    assert len(await stored(webhook, headers["x-shopify-webhook-id"])) == 1


async def test_an_unknown_topic_is_kept_and_ignored(webhook: Served) -> None:
    headers = shopify(ORDER, x_shopify_topic="carts/create")
    assert (await deliver(webhook, "shopify/orders", ORDER, headers)).json() == {"status": "ignored"}
    [row] = await stored(webhook, headers["x-shopify-webhook-id"])
    assert (row.state, row.verdict) == ("IGNORED", "VERIFIED")


async def test_a_bad_signature_is_refused_and_leaves_a_rejected_row(webhook: Served) -> None:
    headers = shopify(ORDER, x_shopify_hmac_sha256="A" * 43 + "=")
    answer = await deliver(webhook, "shopify/orders", ORDER, headers)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_SIGNATURE"}
    [row] = await stored(webhook, headers["x-shopify-webhook-id"])
    assert (row.state, row.verdict, row.error) == ("REJECTED", "WRONG", "Signature: wrong.")
    assert (bytes(row.body), row.headers, row.people) == (b"", {}, [])


async def test_a_forged_delivery_does_not_take_the_place_of_the_true_one(webhook: Served) -> None:
    true = shopify(ORDER)
    forged = true | {"x-shopify-hmac-sha256": "forged"}
    assert (await deliver(webhook, "shopify/orders", ORDER, forged)).status_code == 401
    assert (await deliver(webhook, "shopify/orders", ORDER, true)).json() == {"status": "received"}
    rows = await stored(webhook, true["x-shopify-webhook-id"])
    assert [row.state for row in rows] == ["REJECTED", "RECEIVED"]


async def test_an_old_signature_is_refused(webhook: Served) -> None:
    long_ago = int(time.time()) - 301
    payment = stripe_event()
    assert (await deliver(webhook, "stripe/payment", payment, stripe(payment, long_ago))).status_code == 401
    own_id = new_id("msg")
    own = internal(b'{"type":"order.updated"}', own_id, long_ago)
    assert (await deliver(webhook, "internal", b'{"type":"order.updated"}', own)).status_code == 401
    [row] = await stored(webhook, own_id)
    assert (row.state, row.verdict) == ("REJECTED", "STALE")


async def test_two_secrets_are_valid_at_the_door_while_they_change_and_each_shop_has_its_own(
    base_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_SHOPIFY_WEBHOOK_SECRETS", "a.example=new, a.example=old, b.example=other")
    async with serve(registry.load("webhook"), base_settings) as changing:
        for shop, secret, status in (
            ("a.example", b"old", 200),
            ("a.example", b"new", 200),
            ("a.example", b"other", 401),
            ("b.example", b"other", 200),
            ("b.example", b"new", 401),
            ("c.example", b"new", 401),
        ):
            digest = base64.b64encode(hmac.digest(secret, ORDER, "sha256")).decode()
            headers = shopify(ORDER, x_shopify_shop_domain=shop, x_shopify_hmac_sha256=digest)
            assert (await deliver(changing, "shopify/orders", ORDER, headers)).status_code == status, (shop, secret)


async def test_signature_headers_of_any_bytes_are_refused_cleanly(webhook: Served) -> None:
    hostile = [b"\xff\xfe\x80", "ключ".encode(), b"=" * 3000, b"t=\xb2,v1=\xff", b""]
    for value in hostile:
        raw = {"content-type": "application/json", "x-shopify-hmac-sha256": value, "stripe-signature": value}
        raw |= {"webhook-id": value, "webhook-timestamp": b"9" * 5000, "webhook-signature": value}
        for path in ("shopify/orders", "stripe/payment", "internal"):
            assert (await deliver(webhook, path, ORDER, raw)).status_code == 401


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(value=st.binary(max_size=200), door=st.sampled_from(DOORS), shape=st.sampled_from(SHAPES))
async def test_signature_headers_of_random_bytes_are_refused_and_never_a_bug(
    webhook: Served, value: bytes, door: str, shape: bytes
) -> None:
    # What HTTP itself forbids never arrives.
    given_value = shape.replace(b"?", bytes(byte for byte in value if byte not in b"\r\n\x00"))
    names = ("x-shopify-hmac-sha256", "stripe-signature", "webhook-id", "webhook-timestamp", "webhook-signature")
    headers: dict[str, Any] = {"content-type": "application/json", **dict.fromkeys(names, given_value)}
    headers |= {"x-shopify-topic": given_value, "x-shopify-shop-domain": given_value}
    answer = await deliver(webhook, door, ORDER, headers)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_SIGNATURE"}


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_another_content_type_is_refused(webhook: Served, kind: str | None) -> None:
    before = await count(webhook)
    headers: dict[str, Any] = shopify(ORDER)
    del headers["content-type"]
    if kind is not None:
        headers["content-type"] = kind
    answer = await deliver(webhook, "shopify/orders", ORDER, headers)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNSUPPORTED_MEDIA_TYPE"}
    assert await count(webhook) == before


async def test_an_oversize_body_is_refused(webhook: Served) -> None:
    before = await count(webhook)
    body = b'{"a":"' + b"x" * LARGEST_DELIVERY + b'"}'
    assert (await deliver(webhook, "shopify/orders", body, shopify(body))).status_code == 413
    assert await count(webhook) == before


async def test_an_order_of_500_lines_is_stored_whole(webhook: Served) -> None:
    story = Life(random.Random(5), random.randrange(10**6, 10**9), goods=[(1, 1999)] * 500)
    for line in story.order["line_items"]:
        line["properties"] = [{"name": f"Engraving {side}", "value": "x" * 500} for side in range(4)]
    [posting] = story.created()
    assert len(posting.body) > LIMITS.body_bytes
    headers = shopify(posting.body)
    assert (await deliver(webhook, "shopify/orders", posting.body, headers)).json() == {"status": "received"}
    [row] = await stored(webhook, headers["x-shopify-webhook-id"])
    assert bytes(row.body) == posting.body


@pytest.mark.parametrize(
    "body", [b"", b"null", b"42", b"[]", b'{"a":', b'{"a":"\xff"}', b"\x1f\x8b\x08", b"[" * 100_000]
)
async def test_a_signed_body_that_is_no_json_object_is_refused(webhook: Served, body: bytes) -> None:
    before = await count(webhook)
    answer = await deliver(webhook, "shopify/orders", body, shopify(body))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "MALFORMED_DELIVERY"}
    assert await count(webhook) == before


async def test_a_signed_delivery_without_topic_or_id_is_refused(webhook: Served) -> None:
    before = await count(webhook)
    for missing in ("x-shopify-topic", "x-shopify-webhook-id"):
        headers = shopify(ORDER)
        del headers[missing]
        assert (await deliver(webhook, "shopify/orders", ORDER, headers)).status_code == 400
    for changes in ({"id": 5}, {"id": "a\x00b"}, {"type": None}, {"id": "x" * 201}):
        payment = stripe_event(**changes)
        assert (await deliver(webhook, "stripe/payment", payment, stripe(payment))).status_code == 400
    assert await count(webhook) == before


@pytest.mark.parametrize("created", [10**18, -(10**18), "1", 1.5, None, True])
async def test_a_senders_time_that_is_none_is_left_out(webhook: Served, created: object) -> None:
    payment_id = new_id("evt")
    payment = stripe_event(id=payment_id, created=created)
    assert (await deliver(webhook, "stripe/payment", payment, stripe(payment))).status_code == 200
    [row] = await stored(webhook, payment_id)
    assert row.occurred_at == (dt.datetime.fromtimestamp(1, dt.UTC) if created == "1" else None)


async def test_storing_and_asking_for_the_work_take_two_statements(webhook: Served) -> None:
    with webhook.statements() as sent:
        await deliver(webhook, "shopify/orders", ORDER, shopify(ORDER))
    assert len(sent) == 2
