"""Replays: by id, by filter, as a rehearsal; recorded, and never told twice."""

from typing import Any

import orjson
import pytest

from shared.core.ids import new_id
from tests.support.apps import Served
from tests.webhook.processing import queued, work
from tests.webhook.senders import fixture, take_in
from tests.webhook.test_graph import set_columns
from tests.webhook.test_processing import reported, shown

REPLAY = """
mutation ($input: WebhookReplayInput!) {
  webhookReplay(input: $input) {
    __typename
    ... on WebhookReplaySuccess { matched replayed deliveries { id state } }
    ... on InvalidInputProblem { fields { path code } }
    ... on Problem { code message }
  }
}
"""


async def replay(webhook: Served, token: str | None, **given: Any) -> Any:
    return (await webhook.execute(REPLAY, token, input=given)).data["webhookReplay"]


async def actions(webhook: Served, delivery_id: str) -> list[tuple[Any, ...]]:
    """Return type, state before, state after and actor of what staff did to a delivery."""
    async with webhook.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT type, data->>'previous', data->>'state', actor FROM outbox WHERE subject = $1 ORDER BY id",
            (delivery_id,),
        )
        return [tuple(row) for row in rows]


async def test_a_replayed_delivery_tells_nothing_twice(webhook: Served, admin: str) -> None:
    key = await take_in(webhook)
    await work(webhook, key)
    before = await reported(webhook, key)
    done = await replay(webhook, admin, id=key)
    assert (done["matched"], done["replayed"]) == (1, 1)
    assert done["deliveries"] == [{"id": key, "state": "RECEIVED"}]
    await work(webhook, key)
    found = await shown(webhook, admin, key)
    assert (found["state"], found["attempts"], len(found["events"])) == ("PROCESSED", 2, 1)
    after = [event for event in await reported(webhook, key) if event[1] != "webhook.replayed"]
    assert after == before
    [(kind, previous, state, actor)] = await actions(webhook, key)
    assert (kind, previous, state) == ("webhook.replayed", "PROCESSED", "RECEIVED")
    assert actor is not None


async def test_a_dead_delivery_gets_all_its_attempts_again(webhook: Served, admin: str) -> None:
    key = await take_in(webhook)
    await set_columns(webhook, key, body=b'{"id": "broken"}')
    for _ in range(10):
        await work(webhook, key)
    assert (await shown(webhook, admin, key))["state"] == "DEAD"
    await replay(webhook, admin, id=key)
    await work(webhook, key)
    [(attempt, wait)] = await queued(webhook, key)
    assert (attempt, 4 <= wait <= 6) == (12, True)
    await set_columns(webhook, key, body=fixture("orders__create.json"))
    await work(webhook, key)
    found = await shown(webhook, admin, key)
    assert (found["state"], found["attempts"], found["error"]) == ("PROCESSED", 12, None)
    assert len(found["attemptLog"]) == 12


async def test_a_filter_replays_what_failed_and_a_dry_run_changes_nothing(webhook: Served, admin: str) -> None:
    shop = f"{new_id('shop')}.example"
    keys = [await take_in(webhook, x_shopify_shop_domain=shop) for _ in range(4)]
    for key, state in zip(keys, ("DEAD", "FAILED", "PROCESSED", "IGNORED"), strict=True):
        await set_columns(webhook, key, state=state)
    rehearsed = await replay(webhook, admin, filter={"shop": shop}, dryRun=True)
    assert (rehearsed["matched"], rehearsed["replayed"]) == (2, 0)
    assert [one["id"] for one in rehearsed["deliveries"]] == keys[:2]
    assert [(await shown(webhook, admin, key))["state"] for key in keys] == ["DEAD", "FAILED", "PROCESSED", "IGNORED"]
    assert await actions(webhook, keys[0]) == []
    done = await replay(webhook, admin, filter={"shop": shop})
    assert (done["matched"], done["replayed"]) == (2, 2)
    states = [(await shown(webhook, admin, key))["state"] for key in keys]
    assert states == ["RECEIVED", "RECEIVED", "PROCESSED", "IGNORED"]
    everything = {"shop": shop, "states": ["IGNORED", "PROCESSED"]}
    assert (await replay(webhook, admin, filter=everything))["replayed"] == 2


@pytest.mark.parametrize(
    "columns", [{"state": "REJECTED"}, {"topic": "carts/create", "state": "IGNORED"}, {"body": b"", "state": "IGNORED"}]
)
async def test_what_may_not_be_applied_is_not_replayed(webhook: Served, admin: str, columns: dict[str, Any]) -> None:
    key, shop = await take_in(webhook), f"{new_id('shop')}.example"
    await set_columns(webhook, key, shop=shop, **columns)
    refused = await replay(webhook, admin, id=key)
    assert (refused["__typename"], refused["code"]) == ("IllegalStateProblem", "ILLEGAL_STATE")
    states = ["REJECTED", "IGNORED", "RECEIVED"]
    assert (await replay(webhook, admin, filter={"shop": shop, "states": states}))["matched"] == 0
    assert (await shown(webhook, admin, key))["state"] == columns["state"]
    assert await actions(webhook, key) == []


async def test_a_replay_names_what_it_means(webhook: Served, admin: str) -> None:
    for given in ({}, {"id": "whd_x", "filter": {}}):
        refused = await replay(webhook, admin, **given)
        assert (refused["__typename"], refused["fields"]) == (
            "InvalidInputProblem",
            [{"path": "input.id", "code": "ONE_OF"}],
        )
    assert (await replay(webhook, admin, id=new_id("whd")))["__typename"] == "NotFoundProblem"


async def test_support_may_not_replay(webhook: Served, support: str, customer: str) -> None:
    key = await take_in(webhook)
    for token, code in ((support, "FORBIDDEN"), (customer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        assert (await webhook.execute(REPLAY, token, input={"id": key})).codes == [code]
    assert await actions(webhook, key) == []
    assert len(await queued(webhook, key)) == 1


async def test_a_replay_of_many_takes_as_many_statements_as_of_one(webhook: Served, admin: str) -> None:
    counts = []
    for size in (1, 5):
        shop = f"{new_id('shop')}.example"
        for _ in range(size):
            await set_columns(webhook, await take_in(webhook, x_shopify_shop_domain=shop), state="DEAD")
        with webhook.statements() as sent:
            assert (await replay(webhook, admin, filter={"shop": shop}))["replayed"] == size
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_statistics_tell_topics_and_states_apart(webhook: Served, support: str) -> None:
    shop = f"{new_id('shop')}.example"
    keys = [await take_in(webhook, x_shopify_shop_domain=shop) for _ in range(3)]
    await take_in(webhook, x_shopify_shop_domain=shop, x_shopify_topic="orders/paid")
    await set_columns(webhook, keys[0], state="DEAD")
    query = """
    query ($filter: WebhookDeliveryFilter) {
      webhookStats(filter: $filter) { total byTopic { source topic state count } oldestWaitingAt }
    }"""
    stats = (await webhook.execute(query, support, filter={"shop": shop})).data["webhookStats"]
    assert stats["total"] == 4
    assert [tuple(each.values()) for each in stats["byTopic"]] == [
        ("SHOPIFY", "orders/create", "RECEIVED", 2),
        ("SHOPIFY", "orders/create", "DEAD", 1),
        ("SHOPIFY", "orders/paid", "RECEIVED", 1),
    ]
    narrow = {"shop": shop, "topic": "orders/create", "states": ["DEAD"], "source": "SHOPIFY"}
    dead = (await webhook.execute(query, support, filter=narrow)).data["webhookStats"]
    assert (dead["total"], dead["oldestWaitingAt"]) == (1, None)


async def test_the_payload_of_a_replay_is_what_was_sent(webhook: Served, admin: str) -> None:
    key = await take_in(webhook)
    await replay(webhook, admin, id=key)
    query = "query ($id: ID!) { webhookDelivery(id: $id) { payload } }"
    payload = (await webhook.execute(query, admin, id=key)).data["webhookDelivery"]["payload"]
    assert orjson.loads(payload) == orjson.loads(fixture("orders__create.json"))
