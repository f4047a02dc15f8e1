"""A shop that had all of its customers forgotten: what it sent until then stays forgotten, however late it arrives."""

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import update

from shared.core.ids import new_id
from shared.security.sealing import Sealer
from subgraphs.order import jobs as order_jobs
from subgraphs.order.service import privacy as order_privacy
from subgraphs.order.service.reconciliation import OrderReconciler
from subgraphs.webhook import jobs as webhook_jobs
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service import privacy as webhook_privacy
from subgraphs.webhook.service.processing import SCHEDULE, Processor
from subgraphs.webhook.service.retention import STUCK_AFTER, bury_stuck
from tests.order.facts import STATE, events_of, forget, receive, reconcile, reconciliations, state
from tests.privacy.search import tables_holding
from tests.support.apps import Served
from tests.support.properties import examples
from tests.support.waiting import eventually
from tests.webhook.processing import work
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import BEGIN as SOLD_AT
from tests.webhook.shop_orders import ShopOrder
from tests.webhook.test_graph import DISCARD
from tests.webhook.webhook_story import BEGIN, Life, Posting, shop_redacted

LEFT_AT = BEGIN + dt.timedelta(days=90)
SHUFFLES = 4


def a_shop() -> str:
    return f"{new_id('gone').replace('_', '-')}.myshopify.com"


class Story:
    """An order of a shop that leaves, by somebody who is known by words that stand nowhere else."""

    def __init__(self, number: int) -> None:
        self.shop = a_shop()
        key = f"{random.Random(number).getrandbits(60):x}"
        self.words = [f"rosalind.{key}@example.org", f"Rosalind-{key}", f"Lindenweg-{key}", f"Rexi-{key}"]
        email, name, street, pet = self.words
        life = Life(random.Random(number), number, design_id=new_id("des"), email=email, shop=self.shop)
        life.order["shipping_address"] |= {"first_name": name, "name": name, "address1": street}
        life.order["line_items"][0]["name"] = f"Collar {pet}"
        self.external_id = life.external_id
        self.postings = [*life.created(), *life.declined(), *life.paid()]
        # The street is another one, as personal as the first.
        self.postings += life.renamed()
        self.postings += [*life.sent(whole=True), *life.data_requested()]
        self.farewell = shop_redacted(self.shop, LEFT_AT)

    async def reported_again(self, webhook: Served, order: Served) -> None:
        """Remove all that is known of it."""
        await forget(order, self.external_id)
        keys = [posting.key for posting in (*self.postings, self.farewell)]
        for subgraph in (webhook, order):
            async with subgraph.database.read() as connection:
                await connection.exec_driver_sql("DELETE FROM redacted_shop WHERE shop = $1", (self.shop,))
        async with webhook.database.read() as connection:
            await connection.exec_driver_sql("DELETE FROM webhook_log WHERE delivery_id = ANY($1)", (keys,))


async def arrive(webhook: Served, posting: Posting) -> None:
    """Have a posting stored, and not yet applied."""
    answer = await webhook.client.post(
        f"/webhooks/{posting.path}", content=posting.body, headers=dict(posting.headers())
    )
    assert answer.status_code == 200


async def erase(webhook: Served, order: Served) -> None:
    """Do the erasures of shops that were asked for, as the workers do."""
    for subgraph, does in ((webhook, webhook_jobs.erase_shop), (order, order_jobs.erase_shop)):
        async with subgraph.database.read() as connection:
            jobs = await connection.exec_driver_sql(
                "DELETE FROM pgqueuer WHERE entrypoint LIKE '%-shop-erasure' RETURNING payload"
            )
            payloads = [orjson.loads(payload) for payload in jobs.scalars()]
        for payload in payloads:
            await does(subgraph.runtime, payload)


async def finish(door: Door, order: Served) -> None:
    """Have everything applied that follows from what has arrived."""
    for _ in range(2):
        await door.process()
        await erase(door.webhook, order)
    await door.process()


async def rows_of(webhook: Served, shop: str) -> list[Any]:
    """Return state and body of what a shop sent."""
    async with webhook.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT state, body FROM webhook_log WHERE shop = $1 ORDER BY received_at", (shop,)
        )
        return [tuple(row) for row in rows]


async def contacts_in_events(webhook: Served, external_id: str) -> set[str]:
    """Return which fields of contacts events still hold about an order."""
    async with webhook.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT data#>>'{order,content,contact}' FROM outbox WHERE subject = $1", (external_id,)
        )
        sealed = [each for each in found.scalars() if each is not None]
    return {name for each in sealed for name in Sealer(webhook.runtime.settings).unseal(each)}


@pytest.mark.parametrize("seed", range(examples(6)))
async def test_in_any_order_of_arrival_the_order_stays_and_its_customer_is_forgotten(
    webhook: Served, order: Served, seed: int
) -> None:
    rng, story, door = random.Random(seed), Story(7000 + seed), Door(webhook, order)
    for posting in story.postings:
        await arrive(webhook, posting)
        await door.process()
    assert set(await tables_holding([webhook, order], story.words)) == set(story.words)
    await arrive(webhook, story.farewell)
    await finish(door, order)
    expected = await state(order, story.external_id, STATE)
    await holds_nothing(webhook, order, story)
    [kept] = expected["order_meta"]
    assert {"SHIPPED", "US"} <= set(kept)
    for _ in range(SHUFFLES):
        await story.reported_again(webhook, order)
        mixed = [*story.postings, *rng.sample(story.postings, 2), story.farewell, story.farewell]
        rng.shuffle(mixed)
        steps = []
        for posting in mixed:
            await arrive(webhook, posting)
            steps += [posting.topic, *await some_work(rng, door, order)]
        await finish(door, order)
        assert await state(order, story.external_id, STATE) == expected, steps
        await holds_nothing(webhook, order, story)
    await story.reported_again(webhook, order)


async def some_work(rng: random.Random, door: Door, order: Served) -> list[str]:
    """Do some of what waits, and return what was done."""
    done = []
    if rng.random() < 0.5:
        await work(door.webhook)
        done.append("(applied)")
    if rng.random() < 0.3:
        await erase(door.webhook, order)
        done.append("(erased)")
    if rng.random() < 0.5:
        await door.process()
        done.append("(heard)")
    return done


async def holds_nothing(webhook: Served, order: Served, story: Story) -> None:
    assert await tables_holding([webhook, order], story.words) == {}
    assert {tuple(row) for row in await rows_of(webhook, story.shop)} == {("PROCESSED", b"")}
    assert await contacts_in_events(webhook, story.external_id) <= {"country_code"}
    async with order.database.read() as connection:
        contacts = await connection.exec_driver_sql(
            "SELECT contact FROM order_fact WHERE order_name = $1", (story.external_id,)
        )
        assert set(contacts.scalars()) == {None}


async def test_a_shop_that_is_installed_again_is_like_any_other(webhook: Served, order: Served, support: str) -> None:
    door, before, after, shop = Door(webhook, order), ShopOrder(), ShopOrder(), a_shop()
    sent = {"x_shopify_triggered_at": (SOLD_AT + dt.timedelta(hours=1)).isoformat()}
    left = {"x_shopify_triggered_at": (SOLD_AT + dt.timedelta(days=1)).isoformat()}
    again = {"x_shopify_triggered_at": (SOLD_AT + dt.timedelta(days=2)).isoformat()}
    await door.shopify("orders/create", before.told(), shop=shop, **sent)
    await door.shopify("orders/create", after.told(), shop=shop, **again)
    await door.shopify("shop/redact", {"shop_domain": shop}, shop=shop, **left)
    await erase(webhook, order)
    await door.shopify("orders/updated", after.told(financial_status="paid"), shop=shop, **again)
    assert (await before.shown(order, support))["contactEmail"] is None
    found = await after.shown(order, support)
    assert (found["contactEmail"], found["status"]) == (after.email, "PAID")
    assert [(state, body != b"") for state, body in await rows_of(webhook, shop)] == [
        ("PROCESSED", False),
        ("PROCESSED", True),
        ("PROCESSED", False),
        ("PROCESSED", True),
    ]
    # What was sent before and tells of an order anew has it forgotten as well, however late it comes.
    await door.shopify("orders/create", after.told(), shop=shop, **sent)
    assert (await after.shown(order, support))["contactEmail"] is None
    assert await tables_holding([webhook, order], [before.email, after.email]) == {}


async def test_a_fact_that_is_told_again_later_was_told_before(webhook: Served, order: Served, support: str) -> None:
    door, sold, shop = Door(webhook, order), ShopOrder(), a_shop()
    document = sold.told()
    for hours in (3, 1, 2):
        sent = {"x_shopify_triggered_at": (SOLD_AT + dt.timedelta(hours=hours)).isoformat()}
        await door.shopify("orders/create", document, shop=shop, **sent)
    left = {"x_shopify_triggered_at": (SOLD_AT + dt.timedelta(hours=1)).isoformat()}
    await door.shopify("shop/redact", {"shop_domain": shop}, shop=shop, **left)
    await erase(webhook, order)
    assert (await sold.shown(order, support))["contactEmail"] is None


async def test_several_deliveries_of_one_event_are_emptied(webhook: Served, order: Served) -> None:
    door, shop, event = Door(webhook, order), a_shop(), {"x_shopify_event_id": new_id("event")}
    for _ in range(2):
        await door.shopify("orders/create", ShopOrder().told(), shop=shop, **event)
    await door.shopify("shop/redact", {"shop_domain": shop}, shop=shop)
    await erase(webhook, order)
    await door.shopify("orders/create", ShopOrder().told(), shop=shop, **event)
    assert await rows_of(webhook, shop) == [("PROCESSED", b"")] * 4


@pytest.mark.parametrize("ended_by", ["last attempt", "staff", "waiting for too long", "nobody"])
async def test_what_is_not_applied_is_emptied_once_it_is_given_up(
    webhook: Served, order: Served, admin: str, ended_by: str
) -> None:
    door, shop, key = Door(webhook, order), a_shop(), new_id("hook")
    unreadable = {"id": f"{key} is nobody"}
    await door.shopify("orders/create", unreadable, shop=shop, x_shopify_webhook_id=key)
    await door.shopify("shop/redact", {"shop_domain": shop}, shop=shop)
    [row] = await door.deliveries(delivery_id=key)
    old = dt.datetime.now(dt.UTC) - 2 * STUCK_AFTER
    changes: dict[str, dict[str, object]] = {
        "last attempt": {"attempts": len(SCHEDULE) - 1},
        "waiting for too long": {"state": WebhookState.RECEIVED, "attempts": 0, "received_at": old},
        "nobody": {"state": WebhookState.DEAD},
    }
    values = changes.get(ended_by)
    if values is not None:
        async with webhook.database.write() as session:
            await session.execute(update(WebhookLog).where(WebhookLog.id == row.id).values(values))
    await erase(webhook, order)
    [waiting] = await door.deliveries(delivery_id=key)
    assert (waiting.body == b"") == (ended_by == "nobody")
    if ended_by == "last attempt":
        await webhook.runtime.resource(Processor).process(row.id, len(SCHEDULE))
    elif ended_by == "staff":
        assert (await webhook.execute(DISCARD, admin, id=row.id)).data["webhookDiscard"]["delivery"]
    elif ended_by == "waiting for too long":
        await bury_stuck(webhook.database, webhook.runtime.resource(Sealer))
    [gone] = await door.deliveries(delivery_id=key)
    assert (gone.state, gone.body) == ("IGNORED", b"")


@asynccontextmanager
async def blocked(subgraph: Served, table: str) -> AsyncIterator[None]:
    """Let nobody write to a table."""
    async with subgraph.database.write() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield


async def waits_for(subgraph: Served, kinds: Sequence[str]) -> bool:
    """Tell whether somebody waits for each of some kinds of locks."""
    async with subgraph.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT locktype FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return set(kinds) <= set(rows.scalars())


async def test_an_order_that_is_placed_while_its_shop_is_erased_is_erased(order: Served) -> None:
    story, sealer = Story(7100), order.runtime.resource(Sealer)
    await reconcile(order)
    await receive(order, *events_of(story.postings[0], order.runtime.settings))
    [payload] = await reconciliations(order)
    async with blocked(order, "order_line"):
        placing = asyncio.create_task(order.runtime.resource(OrderReconciler).reconcile(**payload))
        await eventually(partial(waits_for, order, ["relation"]))
        erasing = asyncio.create_task(order_privacy.forget_shop(order.database, sealer, story.shop, LEFT_AT))
        await eventually(partial(waits_for, order, ["relation", "advisory"]))
    await asyncio.gather(placing, erasing)
    [kept] = (await state(order, story.external_id, {"order_meta": "contact_email recipient country_code status"}))[
        "order_meta"
    ]
    assert kept == ("None", "None", "US", "PENDING")
    assert await tables_holding([order], story.words) == {}
    await forget(order, story.external_id)


async def test_facts_that_arrive_while_their_shop_is_erased_are_of_nobody(order: Served) -> None:
    story, sealer = Story(7200), order.runtime.resource(Sealer)
    await reconcile(order)
    for posting in story.postings:
        await receive(order, *events_of(posting, order.runtime.settings))
    payloads = await reconciliations(order)
    reconciler = order.runtime.resource(OrderReconciler)
    erasing = order_privacy.forget_shop(order.database, sealer, story.shop, LEFT_AT)
    await asyncio.gather(*[reconciler.reconcile(**payload) for payload in payloads], erasing)
    assert await tables_holding([order], story.words) == {}
    await forget(order, story.external_id)


async def test_a_delivery_that_is_applied_while_its_shop_is_erased_is_emptied(webhook: Served) -> None:
    story, sealer = Story(7300), webhook.runtime.resource(Sealer)
    await arrive(webhook, story.postings[0])
    of_shop = WebhookLog.shop == story.shop
    async with webhook.database.write() as session:
        applied = update(WebhookLog).where(of_shop).values(state=WebhookState.PROCESSED).returning(WebhookLog.id)
        [key] = (await session.scalars(applied)).all()
        await webhook_privacy.forget_redacted(session, sealer, [key])
        erasing = asyncio.create_task(webhook_privacy.forget_shop(webhook.database, sealer, story.shop, LEFT_AT))
        await eventually(partial(waits_for, webhook, ["transactionid"]))
    await erasing
    assert await rows_of(webhook, story.shop) == [("PROCESSED", b"")]
    await work(webhook)
    async with webhook.database.read() as connection:
        await connection.exec_driver_sql("DELETE FROM webhook_log WHERE shop = $1", (story.shop,))
