"""Payments in a running shop: an order is paid on the simulated page, and its webhook comes by itself."""

from typing import Any

import pytest

from shared.core.ids import new_id
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("_urls")

MINE = "{ me { orders(first: 50) { nodes { id reorderable } } } }"
REORDER = """
mutation ($input: OrderReorderInput!) {
  orderReorder(input: $input) { ... on OrderReorderSuccess { order { id total { amount } } } ... on Problem { code } }
}"""
PAY = """
mutation ($input: OrderPayInput!) {
  orderPay(input: $input) {
    ... on OrderPaySuccess { payment { clientSecret url amount { amount } } } ... on Problem { code message }
  }
}"""
ORDER = "query ($id: ID!) { order(id: $id) { status version paid { amount } refunds { state amount { amount } } } }"
REFUND = """
mutation ($input: OrderRefundInput!) {
  orderRefund(input: $input) { ... on OrderRefundSuccess { refund { state } } ... on Problem { code message } }
}"""


async def test_an_order_is_paid_with_3d_secure_and_refunded_in_part(running: Shop) -> None:
    customer, admin = await running.token_of("customer"), await running.token_of("admin")
    orders = (await running.execute(MINE, customer)).data["me"]["orders"]["nodes"]
    source = next(each["id"] for each in orders if each["reorderable"])
    given = {"orderId": source, "idempotencyKey": new_id("key")}
    placed = (await running.execute(REORDER, customer, input=given)).data["orderReorder"]["order"]
    payment = (await running.execute(PAY, customer, input={"orderId": placed["id"]})).data["orderPay"]["payment"]
    assert payment["amount"] == placed["total"]
    page, _, _ = payment["url"].partition("?")
    async with http_client() as browser:
        assert (await browser.get(payment["url"])).status_code == 200
        form = {"secret": payment["clientSecret"]}
        for more in ({"card": "4000002500003155"}, {"answer": "approve"}):
            assert (await browser.post(page, data=form | more)).status_code == 303

    async def read() -> Any:
        return (await running.execute(ORDER, admin, id=placed["id"])).data["order"]

    async def is_paid() -> Any:
        found = await read()
        return found if found["status"] != "PENDING" else None

    assert (await eventually(is_paid))["paid"] == placed["total"]

    async def refund() -> Any:
        # Production may start meanwhile.
        asked = {"orderId": placed["id"], "version": (await read())["version"], "amount": "1.00"}
        answer = (await running.execute(REFUND, admin, input=asked)).data["orderRefund"]
        return None if answer.get("code") == "VERSION_CONFLICT" else answer

    assert await eventually(refund) == {"refund": {"state": "PENDING"}}

    async def is_back() -> bool:
        return bool((await read())["refunds"] == [{"state": "SUCCEEDED", "amount": {"amount": "1.00"}}])

    assert await eventually(is_back)
