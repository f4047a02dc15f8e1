"""Orders as a shop tells them: a collar and a leash, changed as a test needs it."""

import copy
import datetime as dt
import random
from typing import Any

import orjson

from shared.core.ids import new_id
from tests.support.apps import Served
from tests.webhook.senders import fixture

BEGIN = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
SHOWN = """
query ($id: ID!) {
  order(id: $id) {
    id number shopNumber shop test status total { amount } subtotal { amount } discount { amount } shipping { amount }
    refunded { amount } contactEmail shippingAddress { recipient } customer { id }
    lines { title quantity kind design { id } }
    shipments { trackingNumber status completes } notes { text } timeline { status }
  }
}
"""


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def both(shop: str, paid: str, currency: str) -> Any:
    """Return an amount in the shop's euros and in a buyer's currency."""
    return {
        "shop_money": {"amount": shop, "currency_code": "EUR"},
        "presentment_money": {"amount": paid, "currency_code": currency},
    }


class ShopOrder:
    """A collar for 20.00 and two leashes for 15.00 each, 5.00 for shipping: 55.00 EUR."""

    def __init__(self, *designs: str) -> None:
        self.id = random.randrange(10**12, 10**15)
        self.external_id = f"gid://shopify/Order/{self.id}"
        self.number = f"#{self.id}"
        self.email = f"{new_id('any')}@example.org"
        self._at = BEGIN
        self.document: Any = copy.deepcopy(orjson.loads(fixture("orders__create.json")))
        line = self.document["line_items"][0]
        goods = [("Collar", 1, "20.00"), ("Leash", 2, "15.00")]
        self.document |= {
            "id": self.id,
            "admin_graphql_api_id": self.external_id,
            "name": self.number,
            "test": False,
            "created_at": self._at.isoformat(),
            "cancelled_at": None,
            "financial_status": "pending",
            "currency": "EUR",
            "contact_email": self.email,
            "total_discounts": "0.00",
            "current_total_discounts": "0.00",
            "total_tax": "0.00",
            "total_price": "55.00",
            "total_shipping_price_set": both("5.00", "5.00", "EUR"),
            "line_items": [
                line
                | {
                    "id": self.id * 10 + place,
                    "name": title,
                    "quantity": quantity,
                    "current_quantity": quantity,
                    "price": price,
                    "properties": [{"name": "_design_id", "value": key} for key in designs[place : place + 1]],
                }
                for place, (title, quantity, price) in enumerate(goods)
            ],
        }

    @property
    def lines(self) -> Any:
        return self.document["line_items"]

    def told(self, **changes: Any) -> Any:
        """Return the order as it is told once more, a minute later."""
        self._at += dt.timedelta(minutes=1)
        self.document |= {"updated_at": self._at.isoformat(), **changes}
        return copy.deepcopy(self.document)

    def fulfillment(self, number: int = 0, pieces: tuple[int, int] = (1, 2), **changes: Any) -> Any:
        """Return a fulfilment that left with pieces of each line, later than all before."""
        self._at += dt.timedelta(minutes=1)
        key, sample = self.id * 10 + number, orjson.loads(fixture("fulfillments__create.json"))
        lines = [{**line, "quantity": quantity} for line, quantity in zip(self.lines, pieces, strict=False) if quantity]
        return sample | {
            "id": key,
            "admin_graphql_api_id": f"gid://shopify/Fulfillment/{key}",
            "order_id": self.id,
            "status": "success",
            "shipment_status": None,
            "created_at": (BEGIN + dt.timedelta(hours=1, minutes=number)).isoformat(),
            "updated_at": self._at.isoformat(),
            "tracking_number": f"TRACK{key}",
            "tracking_numbers": [f"TRACK{key}"],
            "line_items": lines,
            **changes,
        }

    def refund(self, number: int, amount: str, currency: str = "EUR", **changes: Any) -> Any:
        """Return a refund with one transaction; `changes` replace fields of the transaction."""
        self._at += dt.timedelta(minutes=1)
        key, sample = self.id * 10 + number, orjson.loads(fixture("refunds__create.json"))
        transaction = {"kind": "refund", "status": "success", "amount": amount, "currency": currency, **changes}
        return sample | {
            "id": key,
            "admin_graphql_api_id": f"gid://shopify/Refund/{key}",
            "order_id": self.id,
            "created_at": self._at.isoformat(),
            "refund_line_items": [],
            "order_adjustments": [],
            "transactions": [transaction],
        }

    async def key(self, order: Served) -> str:
        """Return the id that it has here."""
        async with order.database.read() as connection:
            found = await connection.exec_driver_sql(
                "SELECT id FROM order_meta WHERE external_id = $1", (self.external_id,)
            )
            return str(found.scalar_one())

    async def shown(self, order: Served, token: str) -> Any:
        """Return what staff see of it."""
        return (await order.execute(SHOWN, token, id=await self.key(order))).data["order"]
