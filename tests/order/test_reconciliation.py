"""Orders are settled once for all facts that wait, by any number of workers, and again for what is told again."""

import asyncio
import random

from shared.core.ids import new_id
from subgraphs.order.service.facts import facts_of, take
from subgraphs.order.service.reconciliation import OrderReconciler
from subgraphs.webhook.events import WebhookOrderUpdated
from tests.order.facts import (
    WAY,
    deliver,
    events_of,
    forget,
    receive,
    receive_within,
    reconcile,
    reconciliations,
    state,
)
from tests.support.apps import Served
from tests.support.waiting import in_time
from tests.webhook.webhook_story import Life, Posting


def busy_life(seed: int) -> tuple[Life, list[Posting]]:
    story = Life(random.Random(seed), random.randrange(10_000, 10**9), goods=[(2, 1999), (1, 4999)])
    postings = [*story.created(), *story.declined(), *story.paid(), *story.sent(whole=False), *story.sent(whole=True)]
    return story, [*postings, *story.delivered(), *story.refund(story.total // 2)]


def order_update(order: Served, posting: Posting) -> WebhookOrderUpdated:
    (event,) = events_of(posting, order.runtime.settings)
    assert isinstance(event, WebhookOrderUpdated)
    return event


async def receive_all(order: Served, postings: list[Posting]) -> None:
    for posting in postings:
        await receive(order, *events_of(posting, order.runtime.settings))


async def test_facts_that_wait_for_one_order_are_settled_together(order: Served) -> None:
    story, postings = busy_life(1)
    earlier = await reconciliations(order)
    await receive_all(order, postings)
    payloads = [payload for payload in await reconciliations(order) if payload not in earlier]
    assert len(payloads) == len(postings)
    reconciler = order.runtime.resource(OrderReconciler)
    await reconciler.reconcile(**payloads[0])
    together, way = await state(order, story.external_id), await state(order, story.external_id, WAY)
    for payload in payloads[1:]:
        with order.statements() as sent:
            await reconciler.reconcile(**payload)
        assert len(sent) == 1
    assert await state(order, story.external_id, WAY) == way
    await forget(order, story.external_id)
    await deliver(order, postings)
    assert await state(order, story.external_id) == together


async def test_workers_that_settle_one_order_at_once_leave_it_as_one_would(order: Served) -> None:
    story, postings = busy_life(2)
    await receive_all(order, postings)
    reconciler = order.runtime.resource(OrderReconciler)
    await asyncio.gather(*[reconciler.reconcile(**payload) for payload in await reconciliations(order)])
    at_once = await state(order, story.external_id)
    assert [row[2] for row in at_once["order_meta"]] == ["DELIVERED"]
    await forget(order, story.external_id)
    await deliver(order, postings)
    assert await state(order, story.external_id) == at_once


async def test_what_is_told_again_while_its_order_is_settled_is_settled_again(order: Served) -> None:
    story, postings = busy_life(3)
    await deliver(order, postings[:1])
    event = order_update(order, story.renamed()[0])
    await receive(order, event)
    again = event.model_copy(update={"delivery_id": new_id("whd")})
    async with order.database.write() as session:
        facts = await facts_of(session, [story.external_id])
        waiting = [fact.id for fact in facts if not fact.settled]
        assert waiting
        await receive(order, again)
        order_id = next(fact.order_id for fact in facts if fact.settled and fact.order_id)
        await take(session, order_id, facts)
    assert await unsettled(order, story.external_id) == sorted(waiting)
    await reconcile(order)
    assert await unsettled(order, story.external_id) == []
    async with order.database.read() as connection:
        taken = await connection.exec_driver_sql(
            "SELECT data->>'delivery_id' FROM outbox WHERE type = 'order.delivery_taken' AND subject = $1", (order_id,)
        )
        assert {event.delivery_id, again.delivery_id} <= set(taken.scalars())


async def test_a_settlement_does_not_wait_for_facts_that_are_being_told_again(order: Served) -> None:
    story, postings = busy_life(4)
    await deliver(order, postings[:1])
    event = order_update(order, story.renamed()[0])
    await receive(order, event)
    again = event.model_copy(update={"delivery_id": new_id("whd")})
    payloads = await reconciliations(order)
    async with order.database.write() as session:
        await receive_within(session, again)
        async with in_time():
            await order.runtime.resource(OrderReconciler).reconcile(**payloads[0])
    assert (await state(order, story.external_id, {"order_meta": "city"}))["order_meta"] == [("Elsewhere",)]
    assert await unsettled(order, story.external_id) != []
    await reconcile(order)
    assert await unsettled(order, story.external_id) == []


async def unsettled(order: Served, external_id: str) -> list[str]:
    async with order.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT id FROM order_fact WHERE order_name = $1 AND NOT settled ORDER BY id", (external_id,)
        )
        return list(rows.scalars())
