"""Late, repeated, shuffled: whatever the order of arrival, the same facts lead to the same state, row by row."""

import random

import pytest

from tests.order.facts import STATE, WAY, deliver, forget, state
from tests.support.apps import Served
from tests.support.properties import examples
from tests.webhook.webhook_story import Life, Posting, life

SHUFFLES = 4


def shuffled(rng: random.Random, postings: list[Posting]) -> list[Posting]:
    """Return postings in another order, a third of them twice."""
    again = rng.sample(postings, len(postings) // 3)
    mixed = [*postings, *again]
    rng.shuffle(mixed)
    return mixed


@pytest.mark.parametrize("seed", range(examples(24)))
async def test_any_order_of_arrival_leads_to_the_same_state(order: Served, seed: int) -> None:
    rng = random.Random(seed)
    number = 1008 + seed
    postings = list(life(rng, number))
    external_id = Life(random.Random(0), number).external_id
    await deliver(order, postings)
    expected = await state(order, external_id, STATE)
    assert len(expected["order_meta"]) == 1
    for _ in range(SHUFFLES):
        await forget(order, external_id)
        mixed = shuffled(rng, postings)
        await deliver(order, mixed)
        assert await state(order, external_id, STATE) == expected, [posting.topic for posting in mixed]
    await forget(order, external_id)


@pytest.mark.parametrize("seed", range(examples(10)))
async def test_who_is_forgotten_stays_so_in_any_order_of_arrival(order: Served, seed: int) -> None:
    rng, number = random.Random(seed), 3000 + seed
    story = Life(rng, number)
    postings = [*story.created(), *story.paid(), *story.renamed(), *story.sent(whole=True), *story.data_requested()]
    postings += story.redacted()
    await deliver(order, postings)
    expected = await state(order, story.external_id, STATE)
    assert "Street" not in str(expected)
    assert "@" not in str(expected)
    for _ in range(SHUFFLES):
        await forget(order, story.external_id)
        mixed = shuffled(rng, postings)
        await deliver(order, mixed)
        assert await state(order, story.external_id, STATE) == expected, [posting.topic for posting in mixed]
    await forget(order, story.external_id)


@pytest.mark.parametrize("seed", range(6))
async def test_where_each_delivery_tells_all_that_went_before_the_way_is_the_same_too(order: Served, seed: int) -> None:
    rng = random.Random(seed)
    number = 2000 + seed
    story = Life(rng, number)
    postings = [*story.created(), *story.paid()[1:]]
    if seed % 3 == 0:
        postings += story.cancelled()
        postings += story.refund(story.total)[2:]
    else:
        postings += story.sent(whole=False)[1:]
        postings += story.sent(whole=True)[1:]
        postings += story.refund(story.total // 2)[2:]
    await deliver(order, postings)
    expected = await state(order, story.external_id, STATE | WAY)
    for _ in range(SHUFFLES):
        await forget(order, story.external_id)
        await deliver(order, shuffled(rng, postings))
        assert await state(order, story.external_id, STATE | WAY) == expected
    await forget(order, story.external_id)
