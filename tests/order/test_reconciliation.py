"""Orders are settled once for all facts that wait, by any number of workers, and again for what is told again."""

import asyncio
import random

from shared.core.ids import new_id
from subgraphs.order.service.facts import facts_of, take
from subgraphs.order.service.reconciliation import Settlement
from subgraphs.webhook.events import WebhookOrderUpdated
from tests.order.facts import WAY, events_of, forget, hear, hear_within, settle, settlements, state, tell
from tests.support.apps import Served
from tests.webhook.webhook_story import Life, Posting


def busy_life(seed: int) -> tuple[Life, list[Posting]]:
    told = Life(random.Random(seed), random.randrange(10_000, 10**9), goods=[(2, 1999), (1, 4999)])
    postings = [*told.created(), *told.declined(), *told.paid(), *told.sent(whole=False), *told.sent(whole=True)]
    return told, [*postings, *told.delivered(), *told.refund(told.total // 2)]


def news_of(order: Served, posting: Posting) -> WebhookOrderUpdated:
    (event,) = events_of(posting, order.runtime.settings)
    assert isinstance(event, WebhookOrderUpdated)
    return event


async def hear_all(order: Served, postings: list[Posting]) -> None:
    for posting in postings:
        await hear(order, *events_of(posting, order.runtime.settings))


async def test_facts_that_wait_for_one_order_are_settled_together(order: Served) -> None:
    told, postings = busy_life(1)
    await hear_all(order, postings)
    payloads = await settlements(order)
    assert len(payloads) == len(postings)
    settlement = order.runtime.resource(Settlement)
    await settlement.settle(**payloads[0])
    together, way = await state(order, told.external_id), await state(order, told.external_id, WAY)
    for payload in payloads[1:]:
        with order.statements() as sent:
            await settlement.settle(**payload)
        assert len(sent) == 1
    assert await state(order, told.external_id, WAY) == way
    await forget(order, told.external_id)
    await tell(order, postings)
    assert await state(order, told.external_id) == together


async def test_workers_that_settle_one_order_at_once_leave_it_as_one_would(order: Served) -> None:
    told, postings = busy_life(2)
    await hear_all(order, postings)
    settlement = order.runtime.resource(Settlement)
    await asyncio.gather(*[settlement.settle(**payload) for payload in await settlements(order)])
    at_once = await state(order, told.external_id)
    assert [row[2] for row in at_once["order_meta"]] == ["DELIVERED"]
    await forget(order, told.external_id)
    await tell(order, postings)
    assert await state(order, told.external_id) == at_once


async def test_what_is_told_again_while_its_order_is_settled_is_settled_again(order: Served) -> None:
    told, postings = busy_life(3)
    await tell(order, postings[:1])
    event = news_of(order, told.renamed()[0])
    await hear(order, event)
    again = event.model_copy(update={"delivery_id": new_id("whd")})
    async with order.database.write() as session:
        facts = await facts_of(session, [told.external_id])
        waiting = [fact.id for fact in facts if not fact.settled]
        assert waiting
        await hear(order, again)
        order_id = next(fact.order_id for fact in facts if fact.settled)
        await take(session, order_id, facts)
    assert await unsettled(order, told.external_id) == sorted(waiting)
    await settle(order)
    assert await unsettled(order, told.external_id) == []
    async with order.database.read() as connection:
        taken = await connection.exec_driver_sql(
            "SELECT data->>'delivery_id' FROM outbox WHERE type = 'order.delivery_taken' AND subject = $1", (order_id,)
        )
        assert {event.delivery_id, again.delivery_id} <= set(taken.scalars())


async def test_a_settlement_does_not_wait_for_facts_that_are_being_told_again(order: Served) -> None:
    told, postings = busy_life(4)
    await tell(order, postings[:1])
    event = news_of(order, told.renamed()[0])
    await hear(order, event)
    again = event.model_copy(update={"delivery_id": new_id("whd")})
    payloads = await settlements(order)
    async with order.database.write() as session:
        await hear_within(session, again)
        async with asyncio.timeout(5):
            await order.runtime.resource(Settlement).settle(**payloads[0])
    assert (await state(order, told.external_id, {"order_meta": "city"}))["order_meta"] == [("Elsewhere",)]
    assert await unsettled(order, told.external_id) != []
    await settle(order)
    assert await unsettled(order, told.external_id) == []


async def unsettled(order: Served, external_id: str) -> list[str]:
    async with order.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT id FROM order_fact WHERE order_name = $1 AND NOT settled ORDER BY id", (external_id,)
        )
        return list(rows.scalars())
