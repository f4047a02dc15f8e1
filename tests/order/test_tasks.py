"""What staff have to do about orders: opened once, closed when it is settled, and shown to staff alone."""

import random
from typing import Any

import pytest

from shared.core.ids import new_id
from subgraphs.order.enums import OrderStatus
from subgraphs.webhook.events import ReportedOrder, ReportedParcel, WebhookOrderUpdated
from tests.order.factories import move, place
from tests.order.facts import deliver, receive, reconcile
from tests.order.operations import operate
from tests.order.test_facts import payment
from tests.order.test_ledger import money, open_tasks
from tests.order.test_staff import MADE, parcel, scan
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

TASKS = """
query ($filter: OrderTaskFilter, $first: Int, $after: String) {
  orderTasks(filter: $filter, first: $first, after: $after) {
    nodes { id kind about order { id number } doneAt doneBy note actor { id } } pageInfo { hasNextPage endCursor }
  }
}
"""
RESOLVE = """
mutation ($input: OrderTaskResolveInput!) {
  orderTaskResolve(input: $input) {
    __typename ... on OrderTaskResolveSuccess { task { id kind doneBy note } } ... on Problem { code }
  }
}
"""


async def listed(order: Served, token: str, **wanted: Any) -> Any:
    return (await order.execute(TASKS, token, filter=wanted, first=50)).data["orderTasks"]["nodes"]


async def id_of(order: Served, external_id: str) -> str:
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT id FROM order_meta WHERE external_id = $1", (external_id,))
        return str(found.scalar_one())


def a_life() -> Life:
    return Life(random.Random(9), random.randrange(10_000, 10**9), goods=[(2, 2500)])


async def test_what_is_sent_although_staff_cancelled_it_is_a_task(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid()])
    order_id = await id_of(order, story.external_id)
    await move(order, order_id, OrderStatus.CANCELLED)
    await deliver(order, story.sent(whole=True))
    found = await money(order, support, order_id)
    assert found["status"] == "CANCELLED"
    assert [kind for kind, _ in open_tasks(found)] == ["REFUND_DUE", "SENT_AFTER_CANCELLATION"]


async def test_what_is_sent_although_the_shop_cancelled_it_is_a_task_in_any_order(order: Served, support: str) -> None:
    for backwards in (False, True):
        story = a_life()
        first, last = [*story.created(), *story.paid()], [*story.cancelled(), *story.sent(whole=True)]
        await deliver(order, [*first, *(reversed(last) if backwards else last)])
        found = await money(order, support, await id_of(order, story.external_id))
        assert (found["status"], [kind for kind, _ in open_tasks(found)]) == (
            "CANCELLED",
            ["REFUND_DUE", "SENT_AFTER_CANCELLATION"],
        )


async def test_a_cancellation_after_the_parcel_left_is_a_task_in_any_order(order: Served, support: str) -> None:
    for backwards in (False, True):
        story = a_life()
        first, last = [*story.created(), *story.paid()], [*story.sent(whole=True), *story.cancelled()]
        await deliver(order, [*first, *(reversed(last) if backwards else last)])
        found = await money(order, support, await id_of(order, story.external_id))
        assert (found["status"], open_tasks(found)) == ("SHIPPED", [("CANCELLED_AFTER_SENDING", None)])


async def test_money_of_an_order_cancelled_in_the_shop_is_a_task_until_it_is_back(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.cancelled(), *story.paid()])
    order_id = await id_of(order, story.external_id)
    [task] = await listed(order, support, orderId=order_id, done=False)
    assert (task["kind"], task["order"]["id"]) == ("REFUND_DUE", order_id)
    await deliver(order, story.refund(story.total))
    assert await listed(order, support, orderId=order_id, done=False) == []
    [done] = await listed(order, support, orderId=order_id, done=True)
    assert (done["id"], done["doneBy"]) == (task["id"], "SYSTEM")


async def test_a_withdrawn_fulfilment_counts_for_nothing(order: Served, support: str) -> None:
    for is_known in (True, False):
        story = a_life()
        await deliver(order, [*story.created(), *story.paid()])
        sent = story.sent(whole=True)
        if is_known:
            await deliver(order, sent)
        story.order["fulfillment_status"] = None
        event = withdrawn(story)
        await receive(order, event)
        await reconcile(order)
        order_id = await id_of(order, story.external_id)
        shown = await order.execute(
            "query ($id: ID!) { order(id: $id) { status shipments { id } notes { text } } }", support, id=order_id
        )
        found = shown.data["order"]
        assert found["shipments"] == []
        assert found["status"] == ("PAID" if not is_known else found["status"])
        assert found["status"] in {"PAID", "IN_PRODUCTION"}
        assert any("withdrew the parcel" in note["text"] for note in found["notes"])


def withdrawn(story: Life) -> Any:
    at = story._tick()
    parcel = story.order["fulfillments"][-1]
    return WebhookOrderUpdated(
        delivery_id=new_id("whd"),
        source="SHOPIFY",
        topic="fulfillments/update",
        external_order_id=story.external_id,
        occurred_at=at,
        order=ReportedOrder(
            parcels=[
                ReportedParcel(
                    parcel_id=parcel["admin_graphql_api_id"],
                    status="EXCEPTION",
                    pieces=2,
                    at=parcel["created_at"],
                    updated_at=at,
                    carrier="DHL",
                    withdrawn=True,
                )
            ]
        ),
    )


async def test_a_lost_parcel_is_sent_again_and_the_order_is_delivered_with_it(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    lost = await parcel(order, support, placed.id)
    await scan(order, support, lost, "IN_TRANSIT", 40)
    assert (await scan(order, support, lost, "LOST", 30))["order"]["status"] == "SHIPPED"
    assert open_tasks(await money(order, support, placed.id)) == [("PARCEL_LOST", None)]
    again = await parcel(order, support, placed.id)
    assert open_tasks(await money(order, support, placed.id)) == []
    assert (await scan(order, support, again, "IN_TRANSIT", 20))["order"]["status"] == "SHIPPED"
    assert (await scan(order, support, again, "DELIVERED", 10))["order"]["status"] == "DELIVERED"
    statuses = [entry["status"] for entry in (await money(order, support, placed.id))["timeline"]]
    assert statuses == ["PENDING", "PAID", "IN_PRODUCTION", "SHIPPED", "SHIPPED", "DELIVERED"]


async def test_of_two_parcels_one_delivered_and_one_returned_the_order_goes_on(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    first = await parcel(order, support, placed.id, completes=False)
    second = await parcel(order, support, placed.id)
    await scan(order, support, first, "DELIVERED", 40)
    assert (await scan(order, support, second, "RETURNED", 30))["order"]["status"] == "RETURNED"
    assert open_tasks(await money(order, support, placed.id)) == [("PARCEL_RETURNED", None)]
    third = await parcel(order, support, placed.id)
    assert (await scan(order, support, third, "IN_TRANSIT", 20))["order"]["status"] == "SHIPPED"
    assert (await scan(order, support, third, "DELIVERED", 10))["order"]["status"] == "DELIVERED"


async def test_a_delivered_order_is_exchanged_and_made_again(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    await scan(order, support, await parcel(order, support, placed.id), "DELIVERED", 40)
    version = (await money(order, support, placed.id))["version"]
    made = await operate(order, support, "orderStatusAdvance", orderId=placed.id, version=version, to="IN_PRODUCTION")
    assert made["order"]["status"] == "IN_PRODUCTION"
    again = await parcel(order, support, placed.id)
    assert (await scan(order, support, again, "IN_TRANSIT", 20))["order"]["status"] == "SHIPPED"
    assert (await scan(order, support, again, "DELIVERED", 10))["order"]["status"] == "DELIVERED"


async def test_the_rest_of_an_order_that_left_in_part_is_cancelled(
    order: Served, support: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *MADE)
    first = await parcel(order, support, placed.id, completes=False)
    await scan(order, support, first, "IN_TRANSIT", 40)
    cancel = """mutation ($id: ID!, $version: Int!) { orderCancel(input: { orderId: $id, version: $version }) {
      ... on OrderCancelSuccess { order { status } } ... on Problem { code } } }"""
    done = (await order.execute(cancel, support, id=placed.id, version=4)).data["orderCancel"]
    assert done == {"order": {"status": "SHIPPED"}}
    found = await money(order, support, placed.id)
    assert found["timeline"][-1]["reason"] == "The rest of the order is cancelled."
    assert open_tasks(found) == [("REST_CANCELLED", None)]
    assert (await scan(order, support, first, "DELIVERED", 10))["order"]["status"] == "DELIVERED"


async def test_an_order_that_left_in_part_is_held_and_goes_on_from_there(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    first = await parcel(order, support, placed.id, completes=False)
    await scan(order, support, first, "IN_TRANSIT", 40)
    held = await operate(order, support, "orderHold", orderId=placed.id, version=4)
    assert held["order"]["status"] == "ON_HOLD"
    second = """mutation ($id: ID!, $version: Int!) { orderCancel(input: { orderId: $id, version: $version }) {
      ... on Problem { code } } }"""
    assert (await order.execute(second, support, id=placed.id, version=5)).data == {
        "orderCancel": {"code": "ILLEGAL_STATE"}
    }
    released = await operate(order, support, "orderRelease", orderId=placed.id, version=5)
    assert released["order"]["status"] == "PARTIALLY_SHIPPED"


async def test_a_scan_of_staff_is_not_overwritten_by_an_older_report(order: Served, support: str) -> None:
    story = a_life()
    await deliver(order, [*story.created(), *story.paid(), *story.sent(whole=True)])
    order_id = await id_of(order, story.external_id)
    query = "query ($id: ID!) { order(id: $id) { status shipments { id status } } }"
    [shipment] = (await order.execute(query, support, id=order_id)).data["order"]["shipments"]
    await scan(order, support, shipment["id"], "DELIVERED", 1)
    await deliver(order, [story._shopify("fulfillments/update", story.order["fulfillments"][0] | late(story))])
    assert (await order.execute(query, support, id=order_id)).data["order"] == {
        "status": "DELIVERED",
        "shipments": [{"id": shipment["id"], "status": "DELIVERED"}],
    }


def late(story: Life) -> dict[str, str]:
    return {"shipment_status": "out_for_delivery", "updated_at": story._tick().isoformat()}


async def test_a_parcel_at_a_pickup_point_is_ready_and_not_on_its_way_to_the_door(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *MADE)
    shipment = await parcel(order, support, placed.id)
    assert (await scan(order, support, shipment, "READY_FOR_PICKUP", 20))["order"]["status"] == "READY_FOR_PICKUP"
    assert (await scan(order, support, shipment, "DELIVERED", 10))["order"]["status"] == "DELIVERED"


async def test_a_task_is_resolved_once_and_opens_again_with_another_amount(order: Served, support: str) -> None:
    placed = await place(order, None)

    async def pay(minor: int) -> None:
        await receive(order, payment(placed.id, minor))
        await reconcile(order)

    await pay(placed.total_minor + 100)
    [task] = await listed(order, support, orderId=placed.id)
    for note in ("Wrote to her.", "Again."):
        given = {"taskId": task["id"], "note": note}
        done = (await order.execute(RESOLVE, support, input=given)).data["orderTaskResolve"]
        assert done["task"] == {"id": task["id"], "kind": "OVERPAID", "doneBy": "STAFF", "note": "Wrote to her."}
    async with order.database.read() as connection:
        told = await connection.exec_driver_sql(
            "SELECT type FROM outbox WHERE subject = $1 AND type LIKE 'order.task%' ORDER BY id", (placed.id,)
        )
        assert list(told.scalars()) == ["order.task_opened", "order.task_closed"]
    await receive(order, payment(placed.id, 1).model_copy(update={"currency": "USD"}))
    await reconcile(order)
    assert [each["kind"] for each in await listed(order, support, orderId=placed.id, done=False)] == ["OTHER_CURRENCY"]
    await pay(1)
    kinds = [each["kind"] for each in await listed(order, support, orderId=placed.id, done=False)]
    assert sorted(kinds) == ["OTHER_CURRENCY", "OVERPAID"]
    assert [each["kind"] for each in await listed(order, support, orderId=placed.id, kind=["OVERPAID"])] == ["OVERPAID"]


@pytest.mark.parametrize("key", ["tsk_x", "", "💥"])
async def test_an_unknown_task_is_not_found(order: Served, support: str, key: str) -> None:
    answer = await order.execute(RESOLVE, support, input={"taskId": key})
    assert answer.data["orderTaskResolve"]["code"] == "NOT_FOUND"


async def test_customers_neither_see_nor_resolve_tasks(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.CANCELLED)
    assert (await order.execute(TASKS, customer)).codes == ["FORBIDDEN"]
    assert (await order.execute(TASKS)).codes == ["UNAUTHENTICATED"]
    async with order.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM order_task WHERE order_id = $1", (placed.id,))
        task_id = rows.scalar_one()
        assert (await order.execute(RESOLVE, customer, input={"taskId": task_id})).codes == ["FORBIDDEN"]
        open_still = await connection.exec_driver_sql("SELECT done_at FROM order_task WHERE id = $1", (task_id,))
        assert open_still.scalar_one() is None


async def test_many_tasks_cost_as_much_as_one(order: Served, support: str) -> None:
    for _ in range(5):
        placed = await place(order, None)
        await move(order, placed.id, OrderStatus.PAID, OrderStatus.CANCELLED)
    costs = []
    for first in (1, 5):
        with order.statements() as sent:
            answer = await order.execute(TASKS, support, filter={"kind": ["REFUND_DUE"]}, first=first)
        assert len(answer.data["orderTasks"]["nodes"]) == first
        costs.append(len(sent))
    assert costs[0] == costs[1]
