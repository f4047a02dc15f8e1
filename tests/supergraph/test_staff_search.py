"""The search box of staff, as the trusted operation asks for it: one request finds a thing of each subgraph."""

from typing import Any

import pytest

from petplus.local.node import ROUTER
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

SEARCH = (ROUTER / "operations" / "AdminSearch.graphql").read_text(encoding="utf-8")
LISTS = ("orders", "users", "allDesigns", "webhookDeliveries")
KNOWN = """{
  orders(first: 1) { nodes { id number contactEmail } }
  allDesigns(first: 1) { nodes { id name } }
  webhookDeliveries(filter: { states: [PROCESSED] }, first: 1) { nodes { id deliveryId order { id } } }
}"""


async def found(shop: Shop, token: str, text: str) -> dict[str, list[str]]:
    answer = await shop.execute(SEARCH, token, text=text)
    assert answer.body.get("errors") is None, answer.body["errors"]
    return {name: [node["id"] for node in answer.data[name]["nodes"]] for name in LISTS}


async def test_staff_find_orders_users_designs_and_deliveries_in_one_request(running: Shop) -> None:
    support = await running.token_of("support")
    known: Any = (await running.execute(KNOWN, support)).data
    order, design = known["orders"]["nodes"][0], known["allDesigns"]["nodes"][0]
    delivery = known["webhookDeliveries"]["nodes"][0]
    assert (await found(running, support, order["number"]))["orders"] == [order["id"]]
    by_mail = await found(running, support, "customer@allpetplus.example")
    assert len(by_mail["users"]) == 1
    assert (await found(running, support, design["id"]))["allDesigns"] == [design["id"]]
    assert (await found(running, support, delivery["deliveryId"]))["webhookDeliveries"] == [delivery["id"]]
    about = await found(running, support, delivery["order"]["id"])
    assert delivery["id"] in about["webhookDeliveries"]
    assert await found(running, support, "nothing is called so") == {name: [] for name in LISTS}


async def test_customers_find_nothing(running: Shop) -> None:
    for token, code in ((await running.token_of("customer"), "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        refused = await running.execute(SEARCH, token, text="customer@allpetplus.example")
        assert refused.body["data"] == dict.fromkeys(LISTS)
        assert refused.codes == [code] * len(LISTS)
