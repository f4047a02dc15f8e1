"""Designs that orders of another shop name: shown where the builder finds them the customer's, else taken out."""

import random
from typing import Any

import pytest
from sqlalchemy import delete, select

from shared.core.ids import new_id
from shared.events.outbox import OUTBOX
from subgraphs.builder.events import DesignOrderRefused
from tests.order.facts import deliver, receive
from tests.order.test_corrected_contact import address, order_id_of, verify
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

SHOWN = """
query ($id: ID!) { order(id: $id) { customer { id } lines { title design { id } } notes { text visibility } } }
"""
EDGE = """query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Design { orders { totalCount nodes { id } } } } }"""


async def told(order: Served, order_id: str) -> list[tuple[str, Any, list[str | None]]]:
    """Return what the builder was asked about the designs of an order: whose it is, and what it names."""
    kinds = ("order.created", "order.linked", "order.content_changed")
    of_order = select(OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == order_id, OUTBOX.c.type.in_(kinds))
    async with order.database.read() as connection:
        rows = (await connection.execute(of_order.order_by(OUTBOX.c.id))).all()
    return [(it.type, it.data["customer_id"], [line["design_id"] for line in it.data["lines"]]) for it in rows]


async def test_a_refused_design_is_neither_shown_nor_ordered(order: Served, support: str) -> None:
    design = new_id("des")
    story = Life(random.Random(3), random.randrange(10**9), design_id=design, goods=[(1, 1)], email=address())
    customer = await verify(order, story.order["contact_email"])
    await deliver(order, story.created())
    key = await order_id_of(order, story.external_id)
    assert await told(order, key) == [("order.created", customer, [design])]
    refused = DesignOrderRefused(order_id=key, customer_id=customer, design_id=design)
    for _ in range(2):
        await receive(order, refused)
    # News that bring the same lines again bring no design back.
    story.order["shipping_lines"] = []
    await deliver(order, [*story.renamed(), *story.paid()])
    found = (await order.execute(SHOWN, support, id=key)).data["order"]
    assert [line["design"] for line in found["lines"]] == [None]
    text = f"It names the design {design}, which is not its customer's: decide what is to be made."
    notes = [note for note in found["notes"] if "design" in note["text"]]
    assert notes == [{"text": text, "visibility": "INTERNAL"}]
    representations = [{"__typename": "Design", "id": design}]
    edge = (await order.execute(EDGE, support, representations=representations)).data["_entities"]
    assert edge == [{"orders": {"totalCount": 0, "nodes": []}}]


async def test_a_design_that_an_update_adds_is_judged_too(order: Served) -> None:
    story = Life(random.Random(3), random.randrange(10**9), goods=[(1, 1)], email=address())
    await deliver(order, story.created())
    key, design = await order_id_of(order, story.external_id), new_id("des")
    story.order["line_items"][0]["properties"] = [{"name": "_design_id", "value": design}]
    await deliver(order, story.renamed())
    assert await told(order, key) == [("order.created", None, [None]), ("order.content_changed", None, [design])]


@pytest.mark.parametrize("way", ["verified later", "corrected"])
async def test_designs_are_judged_anew_for_another_customer(order: Served, support: str, way: str) -> None:
    design = new_id("des")
    story = Life(random.Random(3), random.randrange(10**9), design_id=design, goods=[(1, 1)], email=address())
    first = await verify(order, story.order["contact_email"]) if way == "corrected" else None
    await deliver(order, story.created())
    key = await order_id_of(order, story.external_id)
    await receive(order, DesignOrderRefused(order_id=key, customer_id=first, design_id=design))
    story.order["contact_email"] = email = address() if way == "corrected" else story.order["contact_email"]
    second = await verify(order, email)
    await deliver(order, story.renamed())
    assert await told(order, key) == [("order.created", first, [design]), ("order.linked", second, [design])]
    # A verdict about the customer before comes too late.
    await receive(order, DesignOrderRefused(order_id=key, customer_id=first, design_id=design))
    found = (await order.execute(SHOWN, support, id=key)).data["order"]
    assert (found["customer"], [line["design"] for line in found["lines"]]) == ({"id": second}, [{"id": design}])
    async with order.database.write() as session:
        await session.execute(delete(OUTBOX).where(OUTBOX.c.subject == key))
