"""The ledger of an order: what came in and went back, once for each thing that providers tell, and what follows."""

import datetime as dt
import random
from typing import Any

import pytest

from shared.core.ids import new_id
from subgraphs.order.enums import OrderStatus
from subgraphs.webhook.events import WebhookPaymentDisputed, WebhookRefundChanged
from tests.order.factories import move, place
from tests.order.facts import deliver, receive, reconcile
from tests.order.operations import operate
from tests.order.test_facts import payment, refund_of
from tests.support.apps import Served
from tests.webhook.webhook_story import Life

MONEY = """
query ($id: ID!) {
  order(id: $id) {
    status version paid { amount } refunded { amount } owed { amount } overpaid { amount }
    ledger { kind state provider providerId amount { amount currencyCode } }
    refunds { amount { amount } state actorKind } tasks { kind about amount { amount } doneAt doneBy }
    timeline { status reason } notes { text }
  }
}
"""
PLENTY = 10720


async def money(order: Served, token: str, order_id: str) -> Any:
    return (await order.execute(MONEY, token, id=order_id)).data["order"]


def open_tasks(found: Any) -> list[tuple[str, str | None]]:
    return sorted(
        (task["kind"], task["amount"] and task["amount"]["amount"]) for task in found["tasks"] if not task["doneAt"]
    )


def entries(found: Any) -> list[tuple[str, str, str]]:
    return sorted((entry["kind"], entry["state"], entry["amount"]["amount"]) for entry in found["ledger"])


def refund_state(paid: Any, minor: int, state: str, key: str, minutes: float = 0) -> WebhookRefundChanged:
    return WebhookRefundChanged(
        delivery_id=new_id("whd"),
        source="STRIPE",
        refund_id=key,
        external_payment_id=paid.external_payment_id,
        amount_minor=minor,
        currency="EUR",
        state=state,
        occurred_at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes),
    )


def dispute_of(paid: Any, minor: int, outcome: str) -> WebhookPaymentDisputed:
    return WebhookPaymentDisputed(
        delivery_id=new_id("whd"),
        source="STRIPE",
        dispute_id=f"dp_{paid.external_payment_id}",
        external_payment_id=paid.external_payment_id,
        amount_minor=minor,
        currency="EUR",
        reason="duplicate",
        outcome=outcome,
        occurred_at=dt.datetime.now(dt.UTC),
    )


async def report(order: Served, *events: Any) -> None:
    for event in events:
        await receive(order, event)
        await reconcile(order)


async def test_of_two_payments_one_that_goes_back_refunds_nothing_of_the_price(order: Served, support: str) -> None:
    placed = await place(order, None)
    first, second = payment(placed.id, PLENTY), payment(placed.id, PLENTY)
    await report(order, first, second)
    twice = await money(order, support, placed.id)
    assert (twice["paid"], twice["overpaid"]) == ({"amount": "214.40"}, {"amount": "107.20"})
    assert open_tasks(twice) == [("OVERPAID", "107.20")]
    await report(order, refund_of(second, PLENTY))
    once = await money(order, support, placed.id)
    assert (once["status"], once["refunded"], once["overpaid"]) == ("PAID", {"amount": "0.00"}, {"amount": "0.00"})
    assert entries(once) == [("CHARGE", "SUCCEEDED", "107.20")] * 2 + [("REFUND", "SUCCEEDED", "107.20")]
    [task] = once["tasks"]
    assert (task["kind"], task["doneBy"], task["doneAt"] is None) == ("OVERPAID", "SYSTEM", False)
    await report(order, refund_of(first, PLENTY))
    none = await money(order, support, placed.id)
    assert (none["status"], none["refunded"]) == ("REFUNDED", {"amount": "107.20"})


async def test_what_was_paid_too_much_goes_back_first(order: Served, support: str) -> None:
    placed = await place(order, None)
    paid = payment(placed.id, PLENTY + 500)
    await report(order, paid, refund_of(paid, 500))
    excess = await money(order, support, placed.id)
    assert (excess["refunded"], excess["overpaid"], open_tasks(excess)) == ({"amount": "0.00"}, {"amount": "0.00"}, [])
    await report(order, refund_of(paid, 700))
    assert (await money(order, support, placed.id))["refunded"] == {"amount": "2.00"}


@pytest.mark.parametrize(("outcome", "held"), [("OPEN", "214.40"), ("WON", "214.40"), ("LOST", "107.20")])
async def test_a_dispute_about_a_duplicate_does_not_refund_the_order(
    order: Served, support: str, outcome: str, held: str
) -> None:
    placed = await place(order, None)
    first, second = payment(placed.id, PLENTY), payment(placed.id, PLENTY)
    await report(order, first, second, dispute_of(second, PLENTY, outcome))
    found = await money(order, support, placed.id)
    assert found["refunded"] == {"amount": "0.00"}
    assert found["status"] != "REFUNDED"
    state = {"OPEN": "PENDING", "WON": "FAILED", "LOST": "SUCCEEDED"}[outcome]
    assert ("DISPUTE", state, "107.20") in entries(found)
    assert (("OVERPAID", "107.20") in open_tasks(found)) is (held == "214.40")
    assert (("DISPUTED", "107.20") in open_tasks(found)) is (outcome == "OPEN")


async def test_a_refund_that_fails_is_money_held_again(order: Served, support: str) -> None:
    placed = await place(order, None)
    paid = payment(placed.id, PLENTY)
    await report(order, paid, refund_state(paid, PLENTY, "SUCCEEDED", "re_1"))
    assert (await money(order, support, placed.id))["status"] == "REFUNDED"
    await report(order, refund_state(paid, PLENTY, "FAILED", "re_1", 1))
    failed = await money(order, support, placed.id)
    assert (failed["status"], failed["refunded"]) == ("PAID", {"amount": "0.00"})
    assert failed["timeline"][-1] == {"status": "PAID", "reason": "The refund did not go through."}
    assert "Refund re_1 of 107.20 EUR failed." in [note["text"] for note in failed["notes"]]
    assert open_tasks(failed) == [("REFUND_FAILED", "107.20")]
    assert entries(failed) == [("CHARGE", "SUCCEEDED", "107.20"), ("REFUND", "FAILED", "107.20")]
    await report(order, refund_state(paid, PLENTY, "SUCCEEDED", "re_2", 2))
    again = await money(order, support, placed.id)
    assert (again["status"], open_tasks(again)) == ("REFUNDED", [])


async def test_a_sum_of_refunds_that_falls_is_money_held_again(order: Served, support: str) -> None:
    placed = await place(order, None)
    paid = payment(placed.id, PLENTY)
    await report(order, paid, refund_of(paid, 3000), refund_of(paid, 1000), refund_of(paid, 3000))
    assert (await money(order, support, placed.id))["refunded"] == {"amount": "30.00"}
    await report(order, refund_of(paid, 0))
    found = await money(order, support, placed.id)
    assert (found["refunded"], found["status"]) == ({"amount": "0.00"}, "PAID")


async def test_a_refund_decided_here_is_pending_until_the_provider_confirms_it(order: Served, support: str) -> None:
    placed = await place(order, None)
    paid = payment(placed.id, PLENTY)
    await report(order, paid)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="20.00", reason="A flaw.")
    asked = await money(order, support, placed.id)
    assert asked["refunds"] == [{"amount": {"amount": "20.00"}, "state": "PENDING", "actorKind": "STAFF"}]
    assert asked["refunded"] == {"amount": "20.00"}
    await report(order, refund_of(paid, 2000))
    confirmed = await money(order, support, placed.id)
    assert confirmed["refunds"] == [{"amount": {"amount": "20.00"}, "state": "SUCCEEDED", "actorKind": "STAFF"}]
    assert (confirmed["refunded"], confirmed["version"]) == ({"amount": "20.00"}, asked["version"])
    await report(order, refund_state(paid, 2000, "FAILED", "re_9", 1))
    failed = await money(order, support, placed.id)
    assert [refund["state"] for refund in failed["refunds"]] == ["FAILED"]
    assert (failed["refunded"], open_tasks(failed)) == ({"amount": "0.00"}, [("REFUND_FAILED", "20.00")])


async def test_a_refund_without_a_provider_is_done_at_once(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="20.00")
    found = await money(order, support, placed.id)
    assert [refund["state"] for refund in found["refunds"]] == ["SUCCEEDED"]
    assert entries(found) == [("CHARGE", "SUCCEEDED", "107.20"), ("REFUND", "SUCCEEDED", "20.00")]


async def test_too_little_money_can_be_refunded_although_the_order_is_not_paid(order: Served, support: str) -> None:
    placed = await place(order, None)
    await report(order, payment(placed.id, 1000))
    found = await money(order, support, placed.id)
    assert (found["status"], found["owed"], open_tasks(found)) == (
        "PENDING",
        {"amount": "97.20"},
        [("UNDERPAID", "97.20")],
    )
    most = await operate(order, support, "orderRefund", orderId=placed.id, version=1, amount="10.01")
    assert most["fields"] == [{"path": "input.amount", "code": "TOO_LARGE"}]
    await operate(order, support, "orderRefund", orderId=placed.id, version=1)
    back = await money(order, support, placed.id)
    assert (back["status"], back["version"], open_tasks(back)) == ("PENDING", 2, [])


async def test_money_in_another_currency_is_entered_and_does_not_count(order: Served, support: str) -> None:
    placed = await place(order, None)
    await report(order, payment(placed.id, PLENTY).model_copy(update={"currency": "USD"}))
    found = await money(order, support, placed.id)
    assert (found["status"], found["paid"]) == ("PENDING", {"amount": "0.00"})
    [entry] = found["ledger"]
    assert entry["amount"] == {"amount": "107.20", "currencyCode": "USD"}
    assert open_tasks(found) == [("OTHER_CURRENCY", None)]


async def test_shop_and_provider_tell_of_one_payment_and_one_refund(order: Served, support: str) -> None:
    story = Life(random.Random(3), random.randrange(10_000, 10**9))
    await deliver(order, [*story.created(), *story.paid(), *story.refund(100)])
    async with order.database.read() as connection:
        of_shop = "SELECT id FROM order_meta WHERE external_id = $1"
        order_id = (await connection.exec_driver_sql(of_shop, (story.external_id,))).scalar_one()
    found = await money(order, support, order_id)
    total = f"{story.total // 100}.{story.total % 100:02}"
    assert entries(found) == [("CHARGE", "SUCCEEDED", total), ("REFUND", "SUCCEEDED", "1.00")]
    assert (found["paid"], found["refunded"]) == ({"amount": total}, {"amount": "1.00"})


async def test_an_order_of_before_the_ledger_shows_what_its_row_and_refunds_say(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="20.00")
    async with order.database.read() as connection:
        await connection.exec_driver_sql("DELETE FROM ledger_entry WHERE order_id = $1", (placed.id,))
        sums = "received_minor = NULL, returned_minor = NULL, recorded_minor = NULL"
        await connection.exec_driver_sql(f"UPDATE order_meta SET {sums} WHERE id = $1", (placed.id,))  # noqa: S608
    found = await money(order, support, placed.id)
    assert entries(found) == [("CHARGE", "SUCCEEDED", "107.20"), ("REFUND", "SUCCEEDED", "20.00")]
    assert (found["paid"], found["refunded"], found["owed"]) == (
        {"amount": "107.20"},
        {"amount": "20.00"},
        {"amount": "0.00"},
    )
    await operate(order, support, "orderRefund", orderId=placed.id, version=3)
    ended = await money(order, support, placed.id)
    assert (ended["status"], len(ended["ledger"])) == ("REFUNDED", 3)


async def test_the_ledgers_of_many_orders_cost_as_much_as_one(
    order: Served, support: str, customer: str, customer_id: str, stranger: str
) -> None:
    keys = []
    for _ in range(12):
        placed = await place(order, customer_id)
        await move(order, placed.id, OrderStatus.PAID, OrderStatus.CANCELLED)
        keys.append(placed.id)
    query = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order {
      paid { amount } owed { amount } ledger { kind } tasks { kind } } } }"""
    costs = []
    for some in (keys[:1], keys):
        of = [{"__typename": "Order", "id": key} for key in some]
        with order.statements() as sent:
            answer = await order.execute(query, support, of=of)
        assert all(
            len(each["ledger"]) == 1 and each["tasks"] == [{"kind": "REFUND_DUE"}] for each in answer.data["_entities"]
        )
        costs.append(len(sent))
    assert costs[0] == costs[1]
    own = await order.execute(
        "query ($id: ID!) { order(id: $id) { ledger { kind providerId } } }", customer, id=keys[0]
    )
    assert set(own.codes) == {"FORBIDDEN"}
    assert own.body["data"]["order"]["ledger"] == [{"kind": "CHARGE", "providerId": None}]
    hidden = await order.execute("query ($id: ID!) { order(id: $id) { tasks { kind } } }", customer, id=keys[0])
    assert (hidden.codes, hidden.body["data"]["order"]["tasks"]) == (["FORBIDDEN"], None)
    shown = await order.execute("query ($id: ID!) { order(id: $id) { ledger { kind state } } }", customer, id=keys[0])
    assert shown.data["order"]["ledger"] == [{"kind": "CHARGE", "state": "SUCCEEDED"}]
    nothing = await order.execute("query ($id: ID!) { order(id: $id) { ledger { kind } } }", stranger, id=keys[0])
    assert nothing.data == {"order": None}
