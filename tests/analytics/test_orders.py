"""Orders in reports: for whom they count, when, and what they are worth after edits and refunds."""

import datetime as dt
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from shared.events.event import Event
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.order.events import OrderContentChanged, OrderCreated, OrderedLine, OrderLinked, OrderRefunded
from subgraphs.user.events import UserDeleted
from tests.analytics.test_experiments import assigned, running
from tests.analytics.test_persons import BASES, conversion, empty, report
from tests.analytics.tracking import fact, receive_event, stored
from tests.support.apps import Identities, Served

DAY = dt.datetime(2026, 5, 4, 10, 30, tzinfo=dt.UTC)
ORDER = {"lines": [OrderedLine(design_id=None, quantity=1)], "placed_at": DAY}


def created(**changes: Any) -> OrderCreated:
    given = {"order_id": new_id("ord"), "number": "AP-1", "customer_id": None, "total_minor": 5000, "currency": "EUR"}
    return OrderCreated(**given | ORDER | changes)


def linked(order: OrderCreated, customer_id: str | None, previous: str | None = None) -> OrderLinked:
    of = {"order_id": order.order_id, "placed_at": order.placed_at, "lines": order.lines, "test": order.test}
    return OrderLinked(customer_id=customer_id, previous_customer_id=previous, **of)


def edited(order: OrderCreated, before: int, after: int, **changes: Any) -> OrderContentChanged:
    given: dict[str, Any] = {"total_minor": after, "previous_total_minor": before, "currency": "EUR"}
    given |= {"previous_currency": "EUR", "designs_added": [], "designs_removed": [], "customer_id": None}
    of = {"order_id": order.order_id, "placed_at": order.placed_at, "lines": order.lines, "test": order.test}
    return OrderContentChanged(**given | of | changes)


def refunded(order: OrderCreated, minor: int) -> OrderRefunded:
    of = {"order_id": order.order_id, "placed_at": order.placed_at, "test": order.test}
    return OrderRefunded(refund_id=new_id("rfd"), amount_minor=minor, refunded_minor=minor, currency="EUR", **of)


async def revenue(analytics: Served, token: str, basis: str, day: dt.date | None = None) -> list[tuple[Any, ...]]:
    since = day or DAY.date()
    period = f'from: "{since}", to: "{since + dt.timedelta(days=1)}"'
    money = "{ amount currencyCode }"
    fields = f"at orders total {money} gross {money} refunded {money} average {money}"
    rows = await report(analytics, token, f"revenue({period}, basis: {basis}) {{ {fields} }}")
    amounts = ("total", "gross", "refunded", "average")
    return [(row["orders"], *(row[name]["amount"] for name in amounts), row["total"]["currencyCode"]) for row in rows]


async def test_revenue_is_of_the_day_of_the_order_after_edits_and_refunds(analytics: Served, support: str) -> None:
    await empty(analytics)
    order, other = created(), created(total_minor=1001)
    for told in (order, other):
        await receive_event(analytics, told)
    await aggregate(analytics.database)
    assert await revenue(analytics, support, "AGGREGATES") == [(2, "60.01", "60.01", "0.00", "30.00", "EUR")]
    for change in (edited(order, 5000, 4500), refunded(order, 1234), refunded(other, 1), refunded(other, -1)):
        event_id = await receive_event(analytics, change)
        await receive_event(analytics, change, event_id)
    await aggregate(analytics.database)
    for basis in BASES:
        assert await revenue(analytics, support, basis) == [(2, "42.67", "55.01", "12.34", "21.34", "EUR")]
        assert await revenue(analytics, support, basis, dt.datetime.now(dt.UTC).date()) == []


async def test_the_order_of_arrival_makes_no_difference(analytics: Served, support: str) -> None:
    order, customer = created(), new_id("usr")
    changes: list[Event] = [order, linked(order, customer), edited(order, 5000, 4500), refunded(order, 500)]
    for arrived in permutations(changes):
        await empty(analytics)
        for told in arrived:
            async with analytics.database.write() as session:
                await session.execute(text("DELETE FROM event_key"))
            await receive_event(analytics, told)
            await aggregate(analytics.database)
        for basis in BASES:
            assert await revenue(analytics, support, basis) == [(1, "40.00", "45.00", "5.00", "40.00", "EUR")]
        theirs = await stored(analytics, "subject = :id AND name IN ('order.created', 'order.attributed')", id=customer)
        assert [row.occurred_at for row in theirs] == [DAY]


async def test_an_edit_may_change_the_currency(analytics: Served, support: str) -> None:
    await empty(analytics)
    order = created()
    await receive_event(analytics, order)
    await receive_event(analytics, edited(order, 5000, 5500, currency="USD"))
    await aggregate(analytics.database)
    for basis in BASES:
        assert await revenue(analytics, support, basis) == [
            (1, "0.00", "0.00", "0.00", "0.00", "EUR"),
            (0, "55.00", "55.00", "0.00", "0.00", "USD"),
        ]


async def test_a_test_order_counts_nowhere(analytics: Served, support: str) -> None:
    await empty(analytics)
    design, customer = new_id("des"), new_id("usr")
    lines = [OrderedLine(design_id=design, quantity=1)]
    order = created(test=True, customer_id=customer, visitor=new_id("vis"), lines=lines)
    changes = [order, linked(order, new_id("usr"), customer), refunded(order, 100)]
    for told in (*changes, edited(order, 5000, 1, designs_added=[new_id("des")])):
        await receive_event(analytics, told)
    await aggregate(analytics.database)
    assert await stored(analytics, "properties ->> 'orderId' = :id", id=order.order_id) == []
    assert await fact(analytics, design) is None
    for basis in BASES:
        assert await revenue(analytics, support, basis) == []


async def test_a_shop_whose_clock_is_ahead_sells_nothing_tomorrow(analytics: Served) -> None:
    order = created(placed_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    received = await receive_event(analytics, order)
    (row,) = await stored(analytics, "id = :id", id=received)
    assert row.occurred_at <= dt.datetime.now(dt.UTC)


async def test_an_order_from_the_beginning_of_the_calendar_stops_nothing(analytics: Served, support: str) -> None:
    await empty(analytics)
    await receive_event(analytics, created(placed_at=dt.datetime(1, 1, 1, tzinfo=dt.UTC), customer_id=new_id("usr")))
    await aggregate(analytics.database)
    assert await revenue(analytics, support, "AGGREGATES", dt.date(2000, 1, 1))


async def test_the_designs_of_an_edit_are_counted(analytics: Served) -> None:
    first, second, third = (new_id("des") for _ in range(3))
    order = created(lines=[OrderedLine(design_id=key, quantity=1) for key in (first, second)])
    await receive_event(analytics, order)
    told = edited(order, 5000, 5000, designs_added=[third], designs_removed=[second])
    event_id = await receive_event(analytics, told)
    await receive_event(analytics, told, event_id)
    facts = [await fact(analytics, key) for key in (first, second, third)]
    assert facts == [(None, 0, 0, 1), (None, 0, 0, 0), (None, 0, 0, 1)]


async def test_an_order_counts_for_its_customer_and_for_its_visitor(
    analytics: Served, admin: str, people: Identities
) -> None:
    experiment = await running(analytics, admin)
    customer, visitor, guest = new_id("usr"), new_id("vis"), new_id("vis")
    for subject, token in ((customer, people.token(customer)), (visitor, None), (guest, None)):
        await assigned(analytics, experiment["key"], subject, token)
    now = dt.datetime.now(dt.UTC)
    received = await receive_event(analytics, created(customer_id=customer, visitor=visitor, placed_at=now))
    of_guest = await receive_event(analytics, created(visitor=guest, placed_at=now))
    rows = await stored(analytics, "id = ANY(:ids)", ids=[received, of_guest])
    assert {row.id: row.subject for row in rows} == {received: customer, of_guest: guest}
    await aggregate(analytics.database)
    for basis in BASES:
        found = await conversion(analytics, admin, experiment["id"], basis)
        assert [sum(part) for part in zip(*found.values(), strict=True)] == [3, 3]


@pytest.mark.parametrize(
    "named", ["usr_01m8n5r1ngf8vb6qdnyjzzxjc7", "gone_01m8n5r1ngfj6a4my5fqqtvepf", "undefined", "a\tb", "x" * 101]
)
async def test_a_cart_speaks_for_visitors_alone(analytics: Served, named: str) -> None:
    order = created(visitor=named)
    await receive_event(analytics, order)
    rows = await stored(analytics, "properties ->> 'orderId' = :id", id=order.order_id)
    assert [(row.name, row.subject) for row in rows] == [("order.created", None)]


async def test_a_corrected_order_counts_for_its_true_customer_alone(
    analytics: Served, admin: str, people: Identities
) -> None:
    experiment = await running(analytics, admin)
    first, second = new_id("usr"), new_id("usr")
    for user in (first, second):
        await assigned(analytics, experiment["key"], None, people.token(user))
    order = created(customer_id=first, placed_at=dt.datetime.now(dt.UTC))
    await receive_event(analytics, order)
    await aggregate(analytics.database)

    async def counted(basis: str) -> dict[str, int]:
        async with analytics.database.read() as connection:
            bits = await connection.execute(
                text("SELECT subject, converted FROM experiment_assignment WHERE experiment_id = :id"),
                {"id": experiment["id"]},
            )
            found = await conversion(analytics, admin, experiment["id"], basis)
            assert sum(converted for _, converted in found.values()) == 1
            return {row.subject: int(row.converted > 0) for row in bits}

    assert await counted("AGGREGATES") == {first: 1, second: 0}
    await receive_event(analytics, linked(order, second, first))
    await aggregate(analytics.database)
    for basis in BASES:
        assert await counted(basis) == {first: 0, second: 1}
    await receive_event(analytics, linked(order, None, second))
    await aggregate(analytics.database)
    for basis in BASES:
        found = await conversion(analytics, admin, experiment["id"], basis)
        assert sum(converted for _, converted in found.values()) == 0


async def test_an_order_of_somebody_who_was_erased_stays_theirs(analytics: Served) -> None:
    customer = new_id("usr")
    order = created(customer_id=customer)
    received = await receive_event(analytics, order)
    await receive_event(analytics, UserDeleted(user_id=customer))
    await receive_event(analytics, linked(order, None, customer))
    await receive_event(analytics, linked(order, customer))
    (row,) = await stored(analytics, "id = :id", id=received)
    assert row.subject.startswith("gone_")
    assert await stored(analytics, "subject = :id", id=customer) == []
