"""The simulated provider's page: for who has the secret, without a script, and only where payments are simulated."""

import asyncio
import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import orjson
import pytest

from subgraphs.order.payments.simulated_events import NotTaken, SimulatedDeliveries
from subgraphs.order.service.payments import Payments
from tests.order.factories import place
from tests.order.payments import CONFIRMED, GOOD, at_provider, deliver_webhooks, id_of, start, take_jobs
from tests.order.streams import Streams
from tests.order.test_payments import status_of
from tests.support.apps import Served
from tests.support.waiting import TEST_TIMEOUT
from tests.webhook.processing import work as process
from tests.webhook.senders import STRIPE_SECRET, stored


async def test_the_page_offers_cards_and_lets_nothing_else_in(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    path = f"/simulated-payments/{id_of(payment)}"
    shown = await order.client.get(path, params={"secret": payment["clientSecret"]})
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert placed.number in shown.text
    assert "107.20 EUR" in shown.text
    assert shown.text.count('type="radio"') == 4
    assert "<script" not in shown.text
    [style] = re.findall(r"<style>(.*?)</style>", shown.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = shown.headers["content-security-policy"]
    assert policy == (f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'")
    assert (shown.headers["cache-control"], shown.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_the_form_pays_and_a_reload_pays_nothing_again(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    path, secret = f"/simulated-payments/{id_of(payment)}", payment["clientSecret"]
    asked = await order.client.post(path, data={"secret": secret, "card": CONFIRMED})
    assert (asked.status_code, asked.headers["location"]) == (303, f"{path}?secret={secret}")
    page = await order.client.get(asked.headers["location"])
    assert "Your bank asks whether this payment is yours" in page.text
    done = await order.client.post(path, data={"secret": secret, "answer": "approve"})
    page = await order.client.get(done.headers["location"])
    assert "Your payment is made" in page.text
    again = await order.client.post(path, data={"secret": secret, "card": GOOD})
    assert again.status_code == 303
    assert await deliver_webhooks(order) == ["payment_intent.succeeded"]
    assert await status_of(order, placed.id) == "PAID"


async def test_without_the_secret_there_is_no_payment(order: Served, customer: str, customer_id: str) -> None:
    placed, other = await place(order, customer_id), await place(order, customer_id)
    payment, foreign = await start(order, customer, placed.id), await start(order, customer, other.id)
    path = f"/simulated-payments/{id_of(payment)}"
    for secret in ("", "wrong", "\u00e9", f"{id_of(payment)}_secret_", foreign["clientSecret"]):
        shown = await order.client.get(path, params={"secret": secret})
        paid = await order.client.post(path, json={"secret": secret, "card": GOOD})
        sent = await order.client.post(path, data={"secret": secret, "card": GOOD})
        assert [answer.status_code for answer in (shown, paid, sent)] == [404] * 3
        assert [answer.json()["errors"][0]["extensions"]["code"] for answer in (shown, paid)] == ["NOT_FOUND"] * 2
    for body in (b"", b"[]", b"{", b'{"secret": 1}', b'"text"'):
        refused = await order.client.post(path, content=body, headers={"content-type": "application/json"})
        assert refused.status_code == 404
    assert (await at_provider(order, payment, card="4111111111111111")).status_code == 400
    assert (await at_provider(order, payment, answer="maybe")).status_code == 400
    assert (await deliver_webhooks(order), await status_of(order, placed.id)) == ([], "PENDING")


async def test_where_payments_are_not_simulated_there_is_no_page(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    simulated = order.runtime.resources[Payments]
    order.runtime.resources[Payments] = Payments({}, None)
    try:
        path = f"/simulated-payments/{id_of(payment)}"
        shown = await order.client.get(path, params={"secret": payment["clientSecret"]})
        assert (shown.status_code, (await at_provider(order, payment, card=GOOD)).status_code) == (404, 404)
        assert (await start(order, customer, placed.id))["code"] == "UNAVAILABLE"
    finally:
        order.runtime.resources[Payments] = simulated
    assert await deliver_webhooks(order) == []


async def test_a_webhook_is_delivered_until_it_is_taken_and_taken_once(
    order: Served, webhook: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    await at_provider(order, payment, card=GOOD)
    [job] = await take_jobs(order, "simulated-payment-webhook")
    away = httpx.MockTransport(lambda _: httpx.Response(503))
    secret, path = STRIPE_SECRET.decode(), "http://webhook/webhooks/stripe/payment"
    async with httpx.AsyncClient(transport=away) as client:
        with pytest.raises(NotTaken):
            await SimulatedDeliveries(order.database, client, path, secret).deliver(job["event_id"])
    answers: list[dict[str, str]] = []

    async def twice(request: httpx.Request) -> httpx.Response:
        # The answer to the first is lost on its way.
        for _ in range(2):
            answer = await webhook.client.post(
                "/webhooks/stripe/payment", content=request.content, headers=request.headers
            )
            answers.append(orjson.loads(answer.content))
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(twice)) as client:
        deliveries = SimulatedDeliveries(order.database, client, path, secret)
        await deliveries.deliver(job["event_id"])
        await deliveries.deliver(job["event_id"])
    assert answers == [{"status": "received"}, {"status": "duplicate"}]
    [row] = await stored(webhook, job["event_id"])
    await process(webhook, row.id)
    [row] = await stored(webhook, job["event_id"])
    assert (row.topic, row.state) == ("payment_intent.succeeded", "PROCESSED")


CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_the_page_is_shown_by_a_browser(
    order: Served, streams: Streams, customer: str, customer_id: str, tmp_path: Path
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    base = str(streams.client.base_url).rstrip("/")
    url = f"{base}/simulated-payments/{id_of(payment)}?secret={payment['clientSecret']}"
    argv = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]

    def browse() -> str:
        return subprocess.run([*argv, url], capture_output=True, text=True, timeout=TEST_TIMEOUT, check=True).stdout

    assert "Pay with a test card" in await asyncio.to_thread(browse)
