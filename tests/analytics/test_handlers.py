"""What analytics learns from other subgraphs, and forgets with a deleted user."""

import asyncio
import datetime as dt
from functools import partial

from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.events import ExperimentStarted
from subgraphs.analytics.handlers import HANDLERS
from subgraphs.analytics.service import tracking as intake
from subgraphs.analytics.service.privacy import forget_user
from subgraphs.builder.events import DesignCreated, DesignDeleted, DesignShared
from subgraphs.order.events import OrderCreated, OrderDelivered, OrderedLine, OrderStatusChanged
from subgraphs.user.events import SessionStarted, UserCreated, UserDeleted
from subgraphs.webhook.events import WebhookPaymentSucceeded
from tests.analytics.test_experiments import assigned, running
from tests.analytics.tracking import event, fact, own, receive_event, stored, track
from tests.support.apps import Served
from tests.support.waiting import eventually


def order(customer_id: str | None, *lines: tuple[str | None, int]) -> OrderCreated:
    made = [OrderedLine(design_id=design, quantity=quantity) for design, quantity in lines]
    return OrderCreated(
        order_id=new_id("ord"), number="AP-1001", customer_id=customer_id, lines=made, total_minor=4980, currency="EUR"
    )


async def test_an_order_counts_once_for_each_of_its_designs(analytics: Served, customer_id: str) -> None:
    first, second = new_id("des"), new_id("des")
    placed = order(customer_id, (first, 3), (second, 1), (first, 2), (None, 1))
    received = await receive_event(analytics, placed)
    await receive_event(analytics, placed, received)
    assert await fact(analytics, first) == (None, 0, 0, 1)
    assert await fact(analytics, second) == (None, 0, 0, 1)
    (row,) = await stored(analytics, "id = :id", id=received)
    assert (row.source, row.name, row.subject) == ("DOMAIN", "order.created", customer_id)
    assert row.properties == {"orderId": placed.order_id, "totalMinor": 4980, "currency": "EUR", "quantity": 7}


async def test_every_event_becomes_one_of_analytics(analytics: Served, customer_id: str) -> None:
    order_id = new_id("ord")
    changed = OrderStatusChanged(
        order_id=order_id, customer_id=customer_id, version=2, previous="PENDING", status="PAID"
    )
    paid = WebhookPaymentSucceeded(
        delivery_id=new_id("whd"), source="stripe", external_payment_id="pi_1", amount_minor=500, currency="EUR"
    )
    started = ExperimentStarted(experiment_id=new_id("exp"), key="layout")
    expected = {
        await receive_event(analytics, UserCreated(user_id=customer_id)): ("user.created", customer_id, {}),
        await receive_event(analytics, SessionStarted(user_id=customer_id, session_id=new_id("ses"))): (
            "user.session_started",
            customer_id,
            {},
        ),
        await receive_event(analytics, changed): (
            "order.status_changed",
            customer_id,
            {"orderId": order_id, "version": 2, "previous": "PENDING", "status": "PAID"},
        ),
        await receive_event(analytics, OrderDelivered(order_id=order_id)): (
            "order.delivered",
            None,
            {"orderId": order_id},
        ),
        await receive_event(analytics, paid): (
            "webhook.payment_succeeded",
            None,
            {"source": "stripe", "amountMinor": 500, "currency": "EUR"},
        ),
        await receive_event(analytics, started): (
            "experiment.started",
            None,
            {"experimentId": started.experiment_id, "key": "layout"},
        ),
    }
    rows = await stored(analytics, "id = ANY(:ids)", ids=list(expected))
    assert {row.id: (row.name, row.subject, row.properties) for row in rows} == expected


async def test_a_new_design_gets_its_owner_and_keeps_what_was_counted_before(
    analytics: Served, customer: str, customer_id: str
) -> None:
    design = new_id("des")
    await track(analytics, event(name="design_viewed", designId=design))
    created = DesignCreated(design_id=design, owner_id=customer_id, product="COLLAR")
    received = await receive_event(analytics, created)
    assert await fact(analytics, design) == (customer_id, 1, 0, 0)
    (row,) = await stored(analytics, "id = :id", id=received)
    assert (row.name, row.subject, row.design_id) == ("design.created", customer_id, design)
    assert row.properties == {"product": "COLLAR"}
    query = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Design { stats { views } } } }"
    answer = await analytics.execute(query, customer, of=[{"__typename": "Design", "id": design}])
    assert answer.data["_entities"] == [{"stats": {"views": 1}}]


async def test_a_link_counts_once_however_often_it_is_heard(analytics: Served, customer_id: str) -> None:
    design = new_id("des")
    for _ in range(2):
        shared = DesignShared(design_id=design, owner_id=customer_id, share_id=new_id("shr"))
        received = await receive_event(analytics, shared)
        await receive_event(analytics, shared, received)
    assert await fact(analytics, design) == (None, 0, 2, 0)


async def test_a_design_of_a_deleted_user_stays_without_owner(analytics: Served, customer_id: str) -> None:
    design = new_id("des")
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    await receive_event(analytics, DesignCreated(design_id=design, owner_id=customer_id, product="COLLAR"))
    await receive_event(analytics, DesignDeleted(design_id=design, owner_id=customer_id))
    assert await fact(analytics, design) == (None, 0, 0, 0)
    assert await stored(analytics, "subject = :id", id=customer_id) == []


def test_each_subgraph_is_heard_whole() -> None:
    names = {kind.type for kind in HANDLERS}
    assert {"design.created", "design.updated", "design.deleted", "design.shared"} <= names
    assert {"user.created", "user.deleted", "order.created", "order.cancelled", "webhook.product_updated"} <= names
    assert {"experiment.created", "experiment.started", "experiment.stopped"} <= names


async def test_no_client_can_take_the_id_of_a_domain_event(analytics: Served, customer_id: str) -> None:
    event_id = new_id("evt")
    assert (await track(analytics, event(clientEventId=event_id)))["accepted"] == 1
    await receive_event(analytics, UserCreated(user_id=customer_id), event_id)
    assert len(await stored(analytics, "id = :id", id=event_id)) == 1


async def test_a_deleted_user_is_forgotten_and_stays_counted(
    analytics: Served, admin: str, customer: str, customer_id: str
) -> None:
    design = new_id("des")
    await own(analytics, design, customer_id)
    experiment = await running(analytics, admin)
    await assigned(analytics, experiment["key"], None, customer)
    viewed = event(subject=customer_id, name="design_viewed", designId=design, properties={"note": "from Anna"})
    await track(analytics, viewed, event(subject="visitor-1"), token=customer)
    placed = order(customer_id, (design, 1))
    received = await receive_event(analytics, placed)
    farewell = await receive_event(analytics, UserDeleted(user_id=customer_id))

    assert await stored(analytics, "subject = :id", id=customer_id) == []
    (row,) = await stored(analytics, "design_id = :id", id=design)
    assert (row.client_event_id, row.properties) == (None, {})
    assert row.subject.startswith("gone_")
    others = await stored(analytics, "id = ANY(:ids)", ids=[received, farewell])
    assert {other.subject for other in others} == {row.subject}
    assert await fact(analytics, design) == (None, 1, 0, 1)
    async with analytics.database.read() as connection:
        subjects = await connection.scalars(
            text("SELECT subject FROM experiment_assignment WHERE experiment_id = :id"), {"id": experiment["id"]}
        )
        assert list(subjects) == [row.subject]


async def test_what_comes_late_does_not_bring_a_deleted_user_back(
    analytics: Served, admin: str, customer: str, customer_id: str
) -> None:
    experiment = await running(analytics, admin)
    await receive_event(analytics, UserDeleted(user_id=customer_id))
    late = await receive_event(analytics, order(customer_id, (new_id("des"), 1)))
    sent = event(subject=...)
    assert (await track(analytics, sent, token=customer))["accepted"] == 1
    decision = (await assigned(analytics, experiment["key"], None, customer))["decision"]
    assert decision["assignedAt"] is None
    rows = await stored(analytics, "id = :id OR client_event_id = :sent", id=late, sent=sent["clientEventId"])
    assert [row.subject for row in rows] == [None, None]
    async with analytics.database.read() as connection:
        count = text("SELECT count(*) FROM experiment_assignment WHERE experiment_id = :id")
        assert await connection.scalar(count, {"id": experiment["id"]}) == 0


WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


async def forget(analytics: Served, user_id: str) -> None:
    async with analytics.database.write() as session:
        await forget_user(session, user_id)


async def waits_or_is_done(analytics: Served, forgetting: asyncio.Task[None]) -> bool:
    async with analytics.database.read() as connection:
        return forgetting.done() or bool(await connection.scalar(WAITING))


async def test_a_user_is_forgotten_by_what_is_stored_at_the_same_time(analytics: Served, customer_id: str) -> None:
    event_id = new_id("evt")
    now = dt.datetime.now(dt.UTC)
    async with analytics.database.write() as session:
        await intake.record_domain_event(
            session, event_id, "user.updated", now, subject=customer_id, design_id=None, properties={}
        )
        forgetting = asyncio.create_task(forget(analytics, customer_id))
        await eventually(partial(waits_or_is_done, analytics, forgetting))
    await forgetting
    (row,) = await stored(analytics, "id = :id", id=event_id)
    assert row.subject.startswith("gone_")
