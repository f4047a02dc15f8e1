"""A dead letter is found, understood and mended by what the graph shows and does, and by nothing else."""

from typing import Any

import orjson
import pytest

from shared.core.ids import new_id
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.service.translation import shopify as translation
from subgraphs.webhook.service.translation.payload import Unreadable
from subgraphs.webhook.types import ADVICE
from tests.support.apps import Served
from tests.webhook.processing import work
from tests.webhook.senders import deliver, fixture, shopify, stored
from tests.webhook.test_processing import reported
from tests.webhook.test_replay import replay

STUCK = """
query ($shop: String!) {
  webhookStats(filter: { shop: $shop }) { oldestWaitingAt byTopic { source topic state count } }
  webhookDeliveries(filter: { shop: $shop, states: [DEAD, FAILED] }, first: 20) {
    nodes { id topic deliveryId error attempts advice }
  }
}
"""
LOOK = """
query ($id: ID!) {
  webhookDelivery(id: $id) {
    state error advice payload attemptLog { number error nextAttemptAt } events { type subject } discardedBy { id }
  }
}
"""
DISCARD = """
mutation ($id: ID!) {
  webhookDiscard(input: { id: $id }) {
    ... on WebhookDiscardSuccess { delivery { state advice } } ... on Problem { message }
  }
}
"""


async def kill(webhook: Served, shop: str, **changes: Any) -> None:
    """Have an order of a shop delivered, and tried until it is dead."""
    body = orjson.dumps(orjson.loads(fixture("orders__create.json")) | changes)
    headers = shopify(body, x_shopify_shop_domain=shop)
    await deliver(webhook, "shopify/orders", body, headers)
    [row] = await stored(webhook, headers["x-shopify-webhook-id"])
    for _ in range(10):
        await work(webhook, row.id)


async def stuck(webhook: Served, token: str, shop: str) -> Any:
    return (await webhook.execute(STUCK, token, shop=shop)).data


async def look(webhook: Served, token: str, key: str) -> Any:
    return (await webhook.execute(LOOK, token, id=key)).data["webhookDelivery"]


async def test_a_dead_letter_is_found_understood_and_mended_from_the_graph_alone(
    webhook: Served, support: str, admin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = f"{new_id('shop')}.example"

    def knows_no_tax(*_: Any) -> None:
        raise Unreadable("`total_tax` is not an amount.")

    monkeypatch.setattr(translation, "content_of", knows_no_tax)
    await kill(webhook, shop)

    # Found: what is stuck, of which sender and topic.
    found = await stuck(webhook, support, shop)
    topic = {"source": "SHOPIFY", "topic": "orders/create", "state": "DEAD", "count": 1}
    assert found["webhookStats"] == {"oldestWaitingAt": None, "byTopic": [topic]}
    [dead] = found["webhookDeliveries"]["nodes"]
    key = dead.pop("id")
    assert dead.pop("deliveryId").startswith("hook_")
    assert dead == {
        "topic": "orders/create",
        "error": "`total_tax` is not an amount.",
        "attempts": 10,
        "advice": "Remove the cause in `error`, then apply the delivery with `webhookReplay`. If it must have no "
        "effect, discard it with `webhookDiscard`.",
    }

    # Understood: the field that could not be read, and the body in which it stands.
    seen = await look(webhook, support, key)
    assert [attempt["error"] for attempt in seen["attemptLog"]] == ["`total_tax` is not an amount."] * 10
    assert seen["attemptLog"][-1]["nextAttemptAt"] is None
    assert orjson.loads(seen["payload"])["total_tax"] == "0.00"
    assert seen["events"] == []

    # Mended: once the translation is, it is rehearsed and applied.
    monkeypatch.undo()
    rehearsed = await replay(webhook, admin, filter={"shop": shop}, dryRun=True)
    assert (rehearsed["matched"], rehearsed["replayed"], rehearsed["deliveries"][0]["id"]) == (1, 0, key)
    assert (await look(webhook, support, key))["state"] == "DEAD"
    assert (await replay(webhook, admin, filter={"shop": shop}))["replayed"] == 1
    await work(webhook, key)
    mended = await look(webhook, support, key)
    assert (mended["state"], mended["error"], len(mended["attemptLog"])) == ("PROCESSED", None, 11)
    assert [event["type"] for event in mended["events"]] == ["webhook.order_created"]
    assert (await stuck(webhook, support, shop))["webhookDeliveries"]["nodes"] == []

    # Applied again, by mistake say, it tells nobody anything twice.
    before = [event for event in await reported(webhook, key) if event[1] == "webhook.order_created"]
    assert len(before) == 1
    assert (await replay(webhook, admin, id=key))["replayed"] == 1
    await work(webhook, key)
    assert [event for event in await reported(webhook, key) if event[1] == "webhook.order_created"] == before


async def test_a_dead_letter_that_shall_have_no_effect_is_given_up(webhook: Served, support: str, admin: str) -> None:
    shop = f"{new_id('shop')}.example"
    await kill(webhook, shop, currency="XTS")
    [dead] = (await stuck(webhook, support, shop))["webhookDeliveries"]["nodes"]
    assert dead["error"] == "`currency` is not a currency that the shop sells in."
    given_up = (await webhook.execute(DISCARD, admin, id=dead["id"])).data["webhookDiscard"]["delivery"]
    assert given_up == {
        "state": "IGNORED",
        "advice": "Nothing to do. If it was discarded by mistake, apply it with `webhookReplay`.",
    }
    assert (await look(webhook, support, dead["id"]))["discardedBy"] is not None
    assert (await stuck(webhook, support, shop))["webhookDeliveries"]["nodes"] == []
    assert [event[1] for event in await reported(webhook, dead["id"])] == ["webhook.discarded"]


def test_there_is_advice_for_every_state() -> None:
    assert set(ADVICE) == set(WebhookState)
