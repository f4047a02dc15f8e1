"""What the order subgraph tells others: whose an order is, when it was placed, what changed, and what is a test."""

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import select, text

from shared.core.ids import new_id
from shared.events.outbox import OUTBOX
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service.guest_orders import link_guest_orders
from tests.order.facts import deliver, events_of, receive
from tests.order.operations import operate
from tests.order.test_corrected_contact import address, order_id_of, verify
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

SHOWN = "query ($id: ID!) { order(id: $id) { status test } }"


def a_life(email: str, **more: Any) -> Life:
    return Life(random.Random(5), random.randrange(10**6, 10**9), email=email, **more)


def as_text(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def told(order: Served, order_id: str, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of an order of some kinds, without its id."""
    of_order = select(OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == order_id, OUTBOX.c.type.in_(kinds))
    async with order.database.read() as connection:
        rows = (await connection.execute(of_order.order_by(OUTBOX.c.id))).all()
    return [(row.type, {key: value for key, value in row.data.items() if key != "order_id"}) for row in rows]


async def placed(order: Served, story: Life) -> tuple[str, dict[str, Any]]:
    """Deliver an order and return its id, and the event that tells of it."""
    await deliver(order, story.created())
    order_id = await order_id_of(order, story.external_id)
    [(_, created)] = await told(order, order_id, "order.created")
    return order_id, created


@pytest.mark.parametrize("beside", ["cart", "line"])
async def test_an_order_of_the_shop_names_customer_visitor_and_time(order: Served, beside: str) -> None:
    email, visitor = address(), new_id("vis")
    customer = await verify(order, email)
    story = a_life(email, design_id=new_id("des"))
    story.order["created_at"] = "2025-10-09T10:11:12Z"
    attribute = {"name": "_visitor_id", "value": visitor}
    if beside == "cart":
        story.order["note_attributes"] = [{"name": "gift", "value": "yes"}, attribute]
    else:
        story.order["line_items"][-1]["properties"] = [*story.order["line_items"][-1]["properties"], attribute]
    order_id, created = await placed(order, story)
    assert (created["customer_id"], created["visitor"]) == (customer, visitor)
    assert (created["placed_at"], created["test"]) == ("2025-10-09T10:11:12Z", False)
    # News about it tell nothing of that kind again, and nothing that is kept names the visitor.
    await deliver(order, [*story.renamed(), *story.paid()])
    assert await told(order, order_id, "order.linked", "order.content_changed") == []
    async with order.database.read() as connection:
        for table in ("order_meta", "order_line", "order_fact", "order_note", "order_timeline"):
            named = text(f"SELECT count(*) FROM {table} AS rows WHERE rows::text LIKE :visitor")  # noqa: S608
            assert await connection.scalar(named, {"visitor": f"%{visitor}%"}) == 0


@pytest.mark.parametrize("value", [None, 7, "", " ", "x" * 101, {"id": "v"}])
async def test_what_is_no_visitor_is_not_told(order: Served, value: object) -> None:
    story = a_life(address())
    story.order["note_attributes"] = [{"name": "_visitor_id", "value": value}]
    _, created = await placed(order, story)
    assert created["visitor"] is None


async def test_an_order_that_is_verified_later_is_linked(order: Served) -> None:
    email, design = address(), new_id("des")
    story = a_life(email, design_id=design, goods=[(2, 500)])
    order_id, created = await placed(order, story)
    assert created["customer_id"] is None
    customer = await verify(order, email)
    linked = {
        "customer_id": customer,
        "previous_customer_id": None,
        "lines": [{"design_id": design, "quantity": 2, "design_version": None, "preset_id": None}],
        "placed_at": created["placed_at"],
        "test": False,
    }
    assert await told(order, order_id, "order.linked") == [("order.linked", linked)]


@pytest.mark.parametrize("verified", [True, False])
async def test_a_corrected_contact_links_the_order_anew(order: Served, verified: bool) -> None:
    wrong, right = address(), address()
    first = await verify(order, wrong)
    second = await verify(order, right) if verified else None
    story = a_life(wrong)
    order_id, _ = await placed(order, story)
    story.order["contact_email"] = right
    await deliver(order, story.renamed())
    [(_, linked)] = await told(order, order_id, "order.linked", "order.content_changed")
    assert (linked["customer_id"], linked["previous_customer_id"]) == (second, first)


async def test_many_orders_are_linked_with_as_many_statements_as_one(order: Served) -> None:
    counts = []
    for size in (1, 5):
        email = address()
        for _ in range(size):
            await placed(order, a_life(email, design_id=new_id("des")))
        digest = order.runtime.resource(Pseudonymizer).of_email(email)
        with order.statements() as sent:
            async with order.database.write() as session:
                await link_guest_orders(session, digest, new_id("usr"))
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_an_edit_tells_what_changed(order: Served) -> None:
    kept, removed, added = new_id("des"), new_id("des"), new_id("des")
    story = a_life(address(), goods=[(1, 2000), (2, 1500)], discount=0)
    lines = story.order["line_items"]
    for line, design in zip(lines, (kept, removed), strict=True):
        line["properties"] = [{"name": "_design_id", "value": design}]
    order_id, created = await placed(order, story)
    lines[1] |= {"quantity": 1, "current_quantity": 1, "properties": [{"name": "_design_id", "value": added}]}
    story.order |= {"total_price": "39.90", "subtotal_price": "35.00"}
    await deliver(order, story.renamed())
    changed = {
        "customer_id": None,
        "lines": [
            {"design_id": each, "quantity": 1, "design_version": None, "preset_id": None} for each in (kept, added)
        ],
        "designs_added": [added],
        "designs_removed": [removed],
        "total_minor": 3990,
        "previous_total_minor": created["total_minor"],
        "currency": "EUR",
        "previous_currency": "EUR",
        "placed_at": created["placed_at"],
        "test": False,
    }
    assert await told(order, order_id, "order.linked", "order.content_changed") == [("order.content_changed", changed)]


async def test_an_edit_of_the_total_alone_is_told_and_one_that_changes_nothing_is_not(order: Served) -> None:
    story = a_life(address(), goods=[(1, 2000)], discount=0)
    order_id, _ = await placed(order, story)
    story.order |= {"total_discounts": "5.00", "total_price": "19.90"}
    await deliver(order, story.renamed())
    [(_, changed)] = await told(order, order_id, "order.content_changed")
    assert (changed["total_minor"], changed["previous_total_minor"]) == (1990, 2490)
    assert (changed["designs_added"], changed["designs_removed"]) == ([], [])
    await deliver(order, [*story.renamed(), *story.paid()])
    assert len(await told(order, order_id, "order.content_changed")) == 1


@pytest.mark.parametrize("by", ["the shop", "staff", "staff, all of it"])
async def test_a_refund_tells_when_its_order_was_placed(order: Served, support: str, by: str) -> None:
    story = a_life(address(), goods=[(1, 2000)], discount=0)
    order_id, created = await placed(order, story)
    await deliver(order, story.paid())
    if by == "the shop":
        await deliver(order, story.refund(700)[:1])
    else:
        amount = {} if by == "staff, all of it" else {"amount": "7.00"}
        await operate(order, support, "orderRefund", orderId=order_id, version=2, **amount)
    [(_, refunded)] = await told(order, order_id, "order.refunded")
    assert (refunded["placed_at"], refunded["test"]) == (created["placed_at"], False)
    assert refunded["amount_minor"] == (2490 if by == "staff, all of it" else 700)


async def test_a_test_order_is_marked_and_not_made(order: Served, support: str) -> None:
    email = address()
    story = a_life(email, goods=[(1, 2000)], discount=0)
    story.order["test"] = True
    order_id, created = await placed(order, story)
    assert created["test"] is True
    async with order.database.write() as session:
        await session.execute(text("DELETE FROM pgqueuer WHERE entrypoint = 'order-fulfillment'"))
    await deliver(order, story.paid())
    shown = (await order.execute(SHOWN, support, id=order_id)).data["order"]
    assert shown == {"status": "PAID", "test": True}
    async with order.database.read() as connection:
        waiting = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'order-fulfillment'")
        assert await connection.scalar(waiting) == 0
    await verify(order, email)
    story.order |= {"total_discounts": "5.00", "total_price": "19.90"}
    await deliver(order, [*story.renamed(), *story.refund(100)[:1]])
    kinds = ("order.linked", "order.content_changed", "order.refunded")
    assert [(kind, data["test"]) for kind, data in await told(order, order_id, *kinds)] == [
        (kind, True) for kind in kinds
    ]


async def test_the_word_of_one_delivery_stays_one_fact(order: Served) -> None:
    """Deliveries that are applied again after an update of this shop report what they reported before it."""
    story = a_life(address())
    [posting] = story.created()
    [event] = events_of(posting, order.runtime.settings)
    await receive(order, event)
    async with order.database.read() as connection:
        data = await connection.scalar(
            text("SELECT data FROM order_fact WHERE order_name = :name"), {"name": story.external_id}
        )
    assert "test" not in data
