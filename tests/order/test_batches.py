"""Several orders moved by one request, and what may follow: each as if it were alone."""

from typing import Any

import pytest

from shared.core.ids import new_id
from shared.security.auth import MONEY_AGE
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus
from tests.order.factories import TO_THE_END, move, place
from tests.order.operations import operate
from tests.support.apps import Identities, Served, authenticated_ago

ADVANCE = """
mutation ($input: OrdersStatusAdvanceInput!) {
  ordersStatusAdvance(input: $input) {
    __typename
    ... on OrdersStatusAdvanceSuccess { outcomes { orderId result {
      __typename ... on OrderStatusAdvanceSuccess { order { status version } }
      ... on Problem { code } ... on ConflictProblem { currentVersion }
    } } }
    ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}"""
SHOWN = """query ($id: ID!) { order(id: $id) {
  status version allowedTransitions { to needsReason needsRecentAuthentication } refundable { amount currencyCode }
} }"""


async def advance(order: Served, token: str | None, to: str, *orders: tuple[str, int], **more: Any) -> Any:
    given = {"orders": [{"id": key, "version": version} for key, version in orders], "to": to, **more}
    return await order.execute(ADVANCE, token, input=given)


async def test_each_order_is_moved_on_its_own(order: Served, support: str, customer_id: str) -> None:
    one, stale, two, done = [await place(order, customer_id) for _ in range(4)]
    await move(order, done.id, OrderStatus.CANCELLED)
    unknown = new_id("ord")
    asked = [(one.id, 1), (stale.id, 7), (unknown, 1), (done.id, 2), (two.id, 1)]
    answer = (await advance(order, support, "PAID", *asked)).data["ordersStatusAdvance"]
    moved = {"__typename": "OrderStatusAdvanceSuccess", "order": {"status": "PAID", "version": 2}}
    assert answer["outcomes"] == [
        {"orderId": one.id, "result": moved},
        {
            "orderId": stale.id,
            "result": {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 1},
        },
        {"orderId": unknown, "result": {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}},
        {"orderId": done.id, "result": {"__typename": "IllegalStateProblem", "code": "ILLEGAL_STATE"}},
        {"orderId": two.id, "result": moved},
    ]
    for untouched, at in ((stale, ("PENDING", 1)), (done, ("CANCELLED", 2))):
        shown = (await order.execute(SHOWN, support, id=untouched.id)).data["order"]
        assert (shown["status"], shown["version"]) == at


@pytest.mark.parametrize(("size", "code"), [(0, "OUT_OF_RANGE"), (51, "OUT_OF_RANGE"), (2, "REPEATED")])
async def test_a_batch_of_a_wrong_size_moves_nothing(
    order: Served, support: str, customer_id: str, size: int, code: str
) -> None:
    placed = await place(order, customer_id)
    others = [(new_id("ord"), 1) for _ in range(size - 2)]
    asked = [(placed.id, 1), *others, (placed.id, 1)][:size] if size == 2 else [(placed.id, 1), *others][:size]
    asked += [(new_id("ord"), 1)] * (size > 50)
    refused = (await advance(order, support, "PAID", *asked)).data["ordersStatusAdvance"]
    assert refused["__typename"] == "InvalidInputProblem"
    assert (refused["fields"][0]["path"], refused["fields"][0]["code"]) == ("input.orders", code)
    assert (await order.execute(SHOWN, support, id=placed.id)).data["order"]["version"] == 1


async def test_customers_move_no_orders(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    for token, code in ((customer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        assert (await advance(order, token, "PAID", (placed.id, 1))).codes == [code]
    assert (await order.execute(SHOWN, customer, id=placed.id)).data["order"]["version"] == 1


async def test_what_may_follow_is_what_the_status_machine_allows_each_viewer(
    order: Served, support: str, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    for step in (None, *TO_THE_END):
        if step is not None:
            await move(order, placed.id, step)
        now = status.Situation(step or OrderStatus.PENDING, is_paid=step is not None)
        for token, by in ((support, ActorKind.STAFF), (customer, ActorKind.CUSTOMER)):
            shown = (await order.execute(SHOWN, token, id=placed.id)).data["order"]["allowedTransitions"]
            assert {each["to"] for each in shown} == {each.value for each in status.legal(now, by)}
            asks = {each["to"] for each in shown if each["needsReason"]}
            assert asks == ({each["to"] for each in shown} & {"ON_HOLD", "CANCELLED"} if token == support else set())
            assert {each["to"] for each in shown if each["needsRecentAuthentication"]} <= {"REFUNDED"}


async def test_a_held_order_goes_on_from_where_it_was(order: Served, support: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.ON_HOLD)
    shown = (await order.execute(SHOWN, support, id=placed.id)).data["order"]["allowedTransitions"]
    assert [each["to"] for each in shown] == ["PAID", "CANCELLED", "REFUNDED"]


async def test_what_came_in_can_be_refunded(order: Served, support: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    unpaid = (await order.execute(SHOWN, support, id=placed.id)).data["order"]["refundable"]
    await move(order, placed.id, OrderStatus.PAID)
    paid = (await order.execute(SHOWN, support, id=placed.id)).data["order"]["refundable"]
    assert (unpaid["amount"], paid) == ("0.00", {"amount": "107.20", "currencyCode": "EUR"})
    await move(order, placed.id, OrderStatus.REFUNDED)
    assert (await order.execute(SHOWN, support, id=placed.id)).data["order"]["refundable"]["amount"] == "0.00"


CONFLICT = """
mutation ($id: ID!, $version: Int!) {
  orderCancel(input: { orderId: $id, version: $version }) {
    __typename
    ... on ConflictProblem {
      currentVersion current { __typename id version ... on Order { status notes { visibility } tasks { id } } }
    }
  }
}"""


async def test_a_conflict_shows_the_order_as_far_as_the_viewer_may_read_it(
    order: Served, support: str, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    await operate(order, support, "orderNoteAdd", orderId=placed.id, text="Call back.", visibility="INTERNAL")
    shown = {"__typename": "Order", "id": placed.id, "version": 2, "status": "PAID"}
    theirs = await order.execute(CONFLICT, customer, id=placed.id, version=1)
    assert theirs.body["data"]["orderCancel"] == {
        "__typename": "ConflictProblem",
        "currentVersion": 2,
        "current": shown | {"notes": [], "tasks": None},
    }
    assert theirs.codes == ["FORBIDDEN"]
    ours = (await order.execute(CONFLICT, support, id=placed.id, version=1)).data["orderCancel"]["current"]
    assert ours == shown | {"notes": [{"visibility": "INTERNAL"}], "tasks": []}
    assert (await order.execute(SHOWN, customer, id=placed.id)).data["order"]["version"] == 2


async def test_a_conflict_of_somebody_elses_order_shows_nothing(order: Served, stranger: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    refused = (await order.execute(CONFLICT, stranger, id=placed.id, version=7)).data["orderCancel"]
    assert refused == {"__typename": "NotFoundProblem"}


async def test_an_old_authentication_pays_nothing_back(order: Served, people: Identities, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    old = people.token_of(new_id("usr"), authenticated_ago(MONEY_AGE + 60), "SUPPORT")
    refused = (await advance(order, old, "REFUNDED", (placed.id, 2))).data["ordersStatusAdvance"]
    assert (refused["__typename"], refused["code"]) == ("ReauthenticationProblem", "INSUFFICIENT_USER_AUTHENTICATION")
    recent = people.token_of(new_id("usr"), authenticated_ago(MONEY_AGE - 60), "SUPPORT")
    shown = (await order.execute(SHOWN, recent, id=placed.id)).data["order"]
    assert (shown["version"], shown["refundable"]["amount"]) == (2, "107.20")
    moved = (await advance(order, recent, "REFUNDED", (placed.id, 2))).data["ordersStatusAdvance"]["outcomes"]
    assert [each["result"]["order"]["status"] for each in moved] == ["REFUNDED"]
