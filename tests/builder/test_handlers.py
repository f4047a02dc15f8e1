"""What the builder does when it hears of orders and deleted users."""

import datetime as dt
from collections.abc import AsyncIterator
from itertools import permutations

import pytest
from sqlalchemy import delete, insert, select

from shared.core.ids import new_id
from shared.events.event import Envelope, Event
from subgraphs.builder.enums import ProductKind
from subgraphs.builder.handlers import HANDLERS
from subgraphs.builder.models import Product
from subgraphs.order.events import OrderContentChanged, OrderCreated, OrderCustomerChanged, OrderedLine, OrderLinked
from subgraphs.user.events import UserDeleted
from subgraphs.webhook.events import WebhookProductUpdated
from tests.builder.support import Maker, attempt, events_of, run, stored
from tests.support.apps import Identities, Served


async def receive(served: Served, event: Event) -> None:
    """Deliver an event as the bus does: each handler in one transaction."""
    envelope = Envelope(
        id=new_id("evt"),
        source="test",
        type=event.type,
        subject=event.aggregate_id,
        time=dt.datetime.now(dt.UTC),
        data=event.model_dump(mode="json"),
    )
    async with served.database.write() as session:
        for handler in HANDLERS[type(event)]:
            await handler(session, event, envelope)


def order_of(customer_id: str | None, *design_ids: str | None) -> OrderCreated:
    return OrderCreated(
        order_id=new_id("ord"),
        number="1001",
        customer_id=customer_id,
        lines=[OrderedLine(design_id=key, quantity=1) for key in design_ids],
        total_minor=1000,
        currency="EUR",
    )


async def test_an_ordered_design_stays_as_it_is(builder: Served, make: Maker, customer: str, customer_id: str) -> None:
    bought, kept = await make(), await make()
    order = order_of(customer_id, bought["id"], bought["id"], None, new_id("des"))
    await receive(builder, order)
    read = "query ($id: ID!) { design(id: $id) { status version } }"
    assert (await builder.execute(read, customer, id=bought["id"])).data["design"] == {
        "status": "ORDERED",
        "version": 2,
    }
    assert (await builder.execute(read, customer, id=kept["id"])).data["design"] == {"status": "DRAFT", "version": 1}
    reported = {"design_id": bought["id"], "owner_id": customer_id, "version": 2, "config_version": None}
    named = {"design_id": bought["id"], "order_id": order.order_id, "product": "COLLAR"}
    expected = [("design.ordered", named), ("design.updated", reported)]
    assert (await events_of(builder, bought["id"]))[1:] == expected
    before = await stored(builder)
    result = await run(builder, "designUpdate", customer, id=bought["id"], version=2, name="Other")
    assert (result["__typename"], result["code"]) == ("IllegalStateProblem", "ILLEGAL_STATE")
    assert await stored(builder) == before
    copy = (await run(builder, "designDuplicate", customer, id=bought["id"]))["design"]
    assert (copy["status"], copy["version"]) == ("DRAFT", 1)
    archived = await run(builder, "designDelete", customer, id=bought["id"], version=2)
    assert archived["design"]["status"] == "ARCHIVED"


@pytest.mark.parametrize("buyer", ["somebody else", "a guest"])
@pytest.mark.parametrize("kind", [OrderCreated, OrderLinked, OrderContentChanged, OrderCustomerChanged])
async def test_a_design_of_somebody_else_is_refused_and_stays_as_it_is(
    builder: Served, make: Maker, customer_id: str, buyer: str, kind: type[Event]
) -> None:
    theirs = await make()
    buyer_id = new_id("usr") if buyer == "somebody else" else None
    order = order_of(buyer_id, theirs["id"], None, new_id("des"))
    changed = {"previous_total_minor": 1, "previous_currency": "EUR", "designs_added": [], "designs_removed": []}
    event = kind.model_validate(order.model_dump() | changed)
    designs, _, keys = await stored(builder)
    await receive(builder, event)
    after = await stored(builder)
    assert (after[0], after[2]) == (designs, keys)
    refused = {"order_id": order.order_id, "customer_id": buyer_id, "design_id": theirs["id"], "refusal": "NOT_OWNED"}
    assert await events_of(builder, order.order_id) == [("design.order_refused", refused)]
    # Once the order turns out to be the owner's, the design is bought.
    await receive(builder, OrderLinked(**order.model_dump() | {"customer_id": customer_id}))
    assert (await events_of(builder, theirs["id"]))[-1][0] == "design.updated"


async def test_hearing_of_an_order_again_changes_no_design(builder: Served, make: Maker, customer_id: str) -> None:
    design = await make()
    order = order_of(customer_id, design["id"])
    await receive(builder, order)
    designs, _, keys = await stored(builder)
    await receive(builder, order)
    await receive(builder, order_of(customer_id))
    after = await stored(builder)
    assert (after[0], after[2]) == (designs, keys)
    # The order is told again what it is of, since its lines may be new.
    kinds = [kind for kind, _ in await events_of(builder, design["id"])]
    assert kinds == ["design.created", "design.ordered", "design.updated", "design.ordered"]


async def test_an_order_of_many_designs_costs_as_many_statements_as_one(
    builder: Served, make: Maker, customer_id: str
) -> None:
    counts = []
    for size in (1, 5):
        designs = [(await make())["id"] for _ in range(size)]
        with builder.statements() as sent:
            await receive(builder, order_of(customer_id, *designs))
        counts.append(len(sent))
    assert counts[0] == counts[1] > 0


async def test_a_deleted_users_designs_are_erased(
    builder: Served, make: Maker, customer: str, customer_id: str, people: Identities, support: str
) -> None:
    gone, archived = await make(idempotencyKey="one"), await make()
    await run(builder, "designDelete", customer, id=archived["id"], version=1)
    other_id = new_id("usr")
    other = await Maker(builder, people.token(other_id))()
    await receive(builder, UserDeleted(user_id=customer_id))
    read = "query ($id: ID!) { design(id: $id) { id } }"
    for design, left in ((gone, None), (archived, None), (other, {"id": other["id"]})):
        assert (await builder.execute(read, support, id=design["id"])).data == {"design": left}
    reported = {"design_id": gone["id"], "owner_id": customer_id}
    assert (await events_of(builder, gone["id"]))[-1] == ("design.deleted", reported)
    _, _, keys = await stored(builder)
    assert [row for row in keys if row.viewer_id == customer_id] == []
    before = await stored(builder)
    await receive(builder, UserDeleted(user_id=customer_id))
    assert await stored(builder) == before
    assert (await attempt(builder, "designDelete", customer, id=gone["id"], version=1)).data["result"][
        "code"
    ] == "NOT_FOUND"


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def product_update(external_id: str, minutes: int, **reported: object) -> WebhookProductUpdated:
    return WebhookProductUpdated.model_validate(
        {
            "delivery_id": new_id("whd"),
            "source": "SHOPIFY",
            "topic": "products/update",
            "external_product_id": external_id,
            "occurred_at": NOON + dt.timedelta(minutes=minutes),
            **reported,
        }
    )


@pytest.fixture
async def bowl(builder: Served) -> AsyncIterator[None]:
    """Put the shop's own bowl back afterwards, for other tests."""
    is_bowl = Product.kind == ProductKind.BOWL
    async with builder.database.read() as connection:
        row = dict((await connection.execute(select(Product.__table__).where(is_bowl))).mappings().one())
    yield
    async with builder.database.write() as session:
        await session.execute(delete(Product).where(is_bowl))
        await session.execute(insert(Product).values(row))


async def a_product(builder: Served) -> tuple[str, str]:
    """Have the mirror hold one product that the shop has told nothing of yet; returns its id and handle."""
    key, handle = new_id("prd"), new_id("handle")
    async with builder.database.write() as session:
        await session.execute(delete(Product).where(Product.kind == ProductKind.BOWL))
        row = {"id": key, "kind": ProductKind.BOWL, "handle": handle, "title": "Bowl", "description": "A bowl."}
        await session.execute(insert(Product).values(row))
    return key, handle


async def mirrored(builder: Served, key: str) -> tuple[object, ...]:
    async with builder.database.read() as connection:
        row = (await connection.execute(select(Product.__table__).where(Product.id == key))).one()
        return row.title, row.description, row.active, row.external_id


@pytest.mark.usefixtures("bowl")
async def test_the_newest_news_of_a_product_wins_in_whatever_order_they_come(builder: Served) -> None:
    for order in permutations(range(4)):
        key, handle = await a_product(builder)
        external_id = new_id("gid")
        updates = [
            product_update(external_id, 0, handle=handle, title="Old", description="Of yore."),
            product_update(external_id, 5, handle=handle, title="New", description="Of today."),
            product_update(external_id, 5, handle=handle, title="Even newer", description="The same minute."),
            product_update(external_id, -9, handle=handle, title=None, active=False, topic="products/delete"),
        ]
        for place in order:
            for _ in range(2):
                await receive(builder, updates[place])
        assert await mirrored(builder, key) == ("New", "Of today.", True, external_id), order


@pytest.mark.usefixtures("bowl")
async def test_a_product_that_is_gone_stays_so_whatever_is_told_late(builder: Served) -> None:
    for order in permutations(range(3)):
        key, handle = await a_product(builder)
        external_id = new_id("gid")
        updates = [
            product_update(external_id, 0, handle=handle, title="Old", description="Of yore."),
            product_update(external_id, 5, handle=handle, title="New", description="Of today."),
            product_update(external_id, 6, active=False, topic="products/delete"),
        ]
        for place in order:
            await receive(builder, updates[place])
        assert (await mirrored(builder, key))[2:] == (False, external_id), order


@pytest.mark.usefixtures("bowl")
async def test_a_change_of_a_product_is_told_once(builder: Served) -> None:
    key, handle = await a_product(builder)
    updates = product_update(new_id("gid"), 0, handle=handle, title="New", description="Of today.")
    await receive(builder, updates)
    await receive(builder, updates)
    told = {"product_id": key, "product": "BOWL", "active": True}
    assert await events_of(builder, key) == [("product.updated", told)]


@pytest.mark.usefixtures("bowl")
async def test_products_that_cannot_be_designed_are_not_mirrored(builder: Served) -> None:
    key, _ = await a_product(builder)
    await receive(builder, product_update(new_id("gid"), 0, handle="t-shirt", title="T-shirt"))
    assert await mirrored(builder, key) == ("Bowl", "A bowl.", True, None)
    async with builder.database.read() as connection:
        assert await connection.scalar(select(Product.id).where(Product.title == "T-shirt")) is None
