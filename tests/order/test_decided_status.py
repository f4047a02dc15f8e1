"""What was decided of an order stands, and stands again, by what reports show now: not by what they showed between."""

import random

from subgraphs.order.enums import OrderStatus
from tests.order.factories import move
from tests.order.facts import deliver, state
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

STATUS = {"order_meta": "id status held_from"}


def a_life() -> Life:
    return Life(random.Random(3), random.randrange(10**6, 10**9), goods=[(2, 1999)])


async def status_of(order: Served, story: Life) -> tuple[str, str]:
    [(_, status, held_from)] = (await state(order, story.external_id, STATUS))["order_meta"]
    return status, held_from


async def decide(order: Served, story: Life, *to: OrderStatus) -> None:
    [(order_id, _, _)] = (await state(order, story.external_id, STATUS))["order_meta"]
    await move(order, order_id, *to)


async def test_a_parcel_that_is_withdrawn_leaves_what_was_decided_before_it(order: Served) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    await decide(order, story, OrderStatus.IN_PRODUCTION)
    await deliver(order, story.sent(whole=True))
    assert await status_of(order, story) == ("SHIPPED", "None")
    await deliver(order, story.withdrawn())
    assert await status_of(order, story) == ("IN_PRODUCTION", "None")


async def test_a_hold_that_a_withdrawn_parcel_had_ended_stands_again(order: Served) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    await decide(order, story, OrderStatus.IN_PRODUCTION, OrderStatus.ON_HOLD)
    await deliver(order, story.sent(whole=True))
    assert await status_of(order, story) == ("SHIPPED", "None")
    await deliver(order, story.withdrawn())
    assert await status_of(order, story) == ("ON_HOLD", "IN_PRODUCTION")


async def test_a_dispute_that_is_won_leaves_an_order_where_it_was_made(order: Served) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    await decide(order, story, OrderStatus.IN_PRODUCTION)
    opened, closed = story.disputed("won")
    await deliver(order, [opened])
    assert await status_of(order, story) == ("ON_HOLD", "IN_PRODUCTION")
    await deliver(order, [closed])
    assert await status_of(order, story) == ("IN_PRODUCTION", "None")


async def test_a_refund_that_fails_leaves_an_order_where_reports_have_it_by_now(order: Served) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    await decide(order, story, OrderStatus.IN_PRODUCTION)
    refund: dict[str, object] = {"id": f"re_{story.id}", "charge": story.charge, "currency": "eur", "metadata": {}}
    refund |= {"payment_intent": story.payment, "amount": story.total}
    await deliver(order, [story._stripe("refund.created", refund | {"status": "succeeded"})])
    assert await status_of(order, story) == ("REFUNDED", "None")
    await deliver(order, story.sent(whole=True))
    assert await status_of(order, story) == ("REFUNDED", "None")
    await deliver(order, [story._stripe("refund.failed", refund | {"status": "failed"})])
    assert await status_of(order, story) == ("SHIPPED", "None")
