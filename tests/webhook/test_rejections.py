"""What is not verified: a few rows without content of each network and each day, and no more."""

import datetime as dt

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from subgraphs.webhook.service import rejections
from tests.support.apps import Served
from tests.support.http import http_client
from tests.webhook.senders import count, deliver, fixture, shopify

PEOPLE = " ".join(f"{chr(97 + n // 26)}{chr(97 + n % 26)}@" for n in range(676)).encode()[:4096]
ORDER = fixture("orders__create.json")


@pytest_asyncio.fixture(autouse=True)
async def nothing_rejected_today(webhook: Served) -> None:
    async with webhook.database.write() as session:
        await session.execute(text("UPDATE webhook_log SET received_at = received_at - interval '1 day'"))


async def forge(webhook: Served, address: str, times: int) -> None:
    transport = httpx.ASGITransport(webhook.app, client=(address, 40000))
    async with http_client(transport=transport, base_url="http://subgraph") as client:
        for _ in range(times):
            headers = shopify(PEOPLE, x_shopify_hmac_sha256="A" * 43 + "=", x_shopify_topic="t" * 5000)
            answer = await client.post("/webhooks/shopify/orders", content=PEOPLE, headers=headers)
            assert answer.status_code == 401


async def size(webhook: Served) -> int:
    """Return the bytes of the rejected rows of the last minute."""
    statement = text(
        "SELECT sum(pg_column_size(l)) FROM webhook_log l WHERE state = 'REJECTED' AND received_at > :since"
    )
    async with webhook.database.read() as connection:
        since = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
        return int(await connection.scalar(statement, {"since": since}) or 0)


async def test_a_rejected_delivery_takes_less_than_it_sent(webhook: Served) -> None:
    before = await size(webhook)
    await forge(webhook, "203.0.113.1", 1)
    assert 0 < await size(webhook) - before < 1000 < len(PEOPLE)


@pytest.mark.parametrize("addresses", [["203.0.113.1"], ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"]])
async def test_of_one_network_few_are_kept_and_others_still_are(
    webhook: Served, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejections, "MOST_OF_A_NETWORK", 4)
    before = await count(webhook)
    for address in addresses * 3:
        await forge(webhook, address, 3)
    assert await count(webhook) == before + 4
    await forge(webhook, "198.51.100.7", 1)
    assert await count(webhook) == before + 5
    genuine = shopify(ORDER)
    assert (await deliver(webhook, "shopify/orders", ORDER, genuine)).json() == {"status": "received"}


async def test_of_one_day_few_are_kept(webhook: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejections, "MOST_A_DAY", 5)
    before = await count(webhook)
    for place in range(9):
        await forge(webhook, f"203.0.113.{place}", 1)
    assert await count(webhook) == before + 5
    async with webhook.database.write() as session:
        await session.execute(text("UPDATE webhook_log SET received_at = received_at - interval '1 day'"))
    await forge(webhook, "203.0.113.1", 1)
    assert await count(webhook) == before + 6
