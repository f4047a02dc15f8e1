"""The database is away when a delivery comes: the sender is told to come again, and the delivery is taken then."""

from pathlib import Path

from petplus import registry
from petplus.local.embedded import EmbeddedPostgres
from shared.core.settings import Settings
from shared.database.migrations import migrate
from tests.support.apps import serve
from tests.support.shop import reachable
from tests.webhook.senders import count, deliver, fixture, shopify, stored


async def test_without_a_database_a_delivery_is_asked_for_again_and_then_taken(
    settings: Settings, tmp_path: Path
) -> None:
    postgres = EmbeddedPostgres(reachable(tmp_path))
    await postgres.start()
    try:
        of_its_own = settings.model_copy(update={"database_url": postgres.url})
        await migrate(registry.load("webhook"), of_its_own)
        async with serve(registry.load("webhook"), of_its_own) as webhook:
            body = fixture("orders__create.json")
            before, during = shopify(body), shopify(body)
            assert (await deliver(webhook, "shopify/orders", body, before)).json() == {"status": "received"}
            await postgres.stop()
            for headers in (during, before):
                answer = await deliver(webhook, "shopify/orders", body, headers)
                assert (answer.status_code, int(answer.headers["retry-after"])) == (503, 2)
                assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
            forged = await deliver(webhook, "shopify/orders", body, during | {"x-shopify-hmac-sha256": "forged"})
            assert forged.status_code == 503
            await postgres.start()
            assert (await deliver(webhook, "shopify/orders", body, during)).json() == {"status": "received"}
            assert (await deliver(webhook, "shopify/orders", body, before)).json() == {"status": "duplicate"}
            assert len(await stored(webhook, during["x-shopify-webhook-id"])) == 1
            assert await count(webhook) == 2
    finally:
        await postgres.stop()
