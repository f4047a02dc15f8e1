"""Lives of orders as their senders tell them: the sample payloads, varied, in the order in which things happened."""

import copy
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from tests.webhook.senders import SHOP, fixture, shopify, stripe

BEGIN = dt.datetime(2025, 11, 1, 8, tzinfo=dt.UTC)
SHIPPING_MINOR = 490


@dataclass(frozen=True)
class Posting:
    """One delivery: where to, what, and by which id its sender calls it."""

    path: str
    topic: str
    key: str
    at: dt.datetime
    body: bytes
    shop: str = SHOP

    def headers(self) -> dict[str, str]:
        """Sign it, now."""
        if self.path == "stripe/payment":
            return stripe(self.body)
        names = {"x_shopify_topic": self.topic, "x_shopify_webhook_id": self.key, "x_shopify_event_id": self.key}
        names["x_shopify_shop_domain"] = self.shop
        return shopify(self.body, **names, x_shopify_triggered_at=self.at.isoformat())


@cache
def _sample(name: str) -> Any:
    return orjson.loads(fixture(name))


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


class Life:
    """One order of the shop: each method lets something happen and returns what is posted because of it.

    `goods` are pieces and their price; they, the discount and the address are made up unless told. It happens from
    `begin` on, with pauses of up to `longest_pause` minutes.
    """

    def __init__(
        self,
        rng: random.Random,
        number: int,
        *,
        design_id: str | None = None,
        goods: Sequence[tuple[int, int]] | None = None,
        discount: int | None = None,
        email: str | None = None,
        begin: dt.datetime | None = None,
        longest_pause: int = 300,
        shop: str = SHOP,
        shop_number: int | None = None,
    ) -> None:
        self._rng = rng
        self._number = number
        self._shop = shop
        self._at = begin or BEGIN + dt.timedelta(minutes=number % 10_000)
        self._longest_pause = longest_pause
        self._posted = 0
        # Beyond 2^53, where floating point loses the last digit.
        self.id = 9_007_199_254_740_993 + 2 * number
        self.external_id = f"gid://shopify/Order/{self.id}"
        self.payment = f"pi_{number:024}"
        self.charge = f"ch_{number:024}"
        goods = goods or [(rng.randrange(1, 4), rng.randrange(990, 9990)) for _ in range(rng.randrange(1, 4))]
        self.pieces = [quantity for quantity, _ in goods]
        self.subtotal = sum(quantity * price for quantity, price in goods)
        self.discount = rng.randrange(0, 500) if discount is None else discount
        self.total = self.subtotal - self.discount + SHIPPING_MINOR
        self.charged = self.total
        self.refunded = 0
        self.order = copy.deepcopy(_sample("orders__create.json"))
        properties = [{"name": "_design_id", "value": design_id}] if design_id else []
        line = self.order["line_items"][0] | {"properties": properties}
        self.order |= {
            "id": self.id,
            "admin_graphql_api_id": self.external_id,
            "created_at": self._at.isoformat(),
            "cancelled_at": None,
            "test": False,
            "financial_status": "pending",
            "currency": "EUR",
            "name": f"#{number if shop_number is None else shop_number}",
            "contact_email": email or f"customer{number}@example.org",
            "subtotal_price": money(self.subtotal - self.discount),
            "total_discounts": money(self.discount),
            "total_price": money(self.total),
            "total_shipping_price_set": {"shop_money": {"amount": money(SHIPPING_MINOR), "currency_code": "EUR"}},
            "line_items": [
                line
                | {
                    "id": self.id * 10 + place,
                    "quantity": quantity,
                    "current_quantity": quantity,
                    "price": money(price),
                }
                for place, (quantity, price) in enumerate(goods)
            ],
        }

    def created(self) -> list[Posting]:
        return [self._shopify("orders/create")]

    def renamed(self) -> list[Posting]:
        """The customer moves house."""
        self.order["shipping_address"] |= {"address1": f"{self._posted} New Street", "city": "Elsewhere"}
        return [self._shopify("orders/updated")]

    def edited(self) -> list[Posting]:
        """A piece of the first line that has any left is taken off; what was paid for it stays for now."""
        line = next(it for it in self.order["line_items"] if it["current_quantity"])
        line["current_quantity"] -= 1
        self.pieces[self.order["line_items"].index(line)] -= 1
        price = round(float(line["price"]) * 100)
        self.subtotal, self.total = self.subtotal - price, self.total - price
        self.order |= {"subtotal_price": money(self.subtotal - self.discount), "total_price": money(self.total)}
        return [self._shopify("orders/updated")]

    def declined(self) -> list[Posting]:
        failed = {"id": self.payment, "amount": self.total, "currency": "eur", "metadata": {"order_id": str(self.id)}}
        return [self._stripe("payment_intent.payment_failed", failed)]

    def paid(self) -> list[Posting]:
        payment = {
            "id": self.payment,
            "amount": self.total,
            "amount_received": self.total,
            "currency": "eur",
            "latest_charge": self.charge,
            "metadata": {"order_id": str(self.id)},
        }
        self.order["financial_status"] = "paid"
        self.charged = self.total
        return [self._stripe("payment_intent.succeeded", payment), self._shopify("orders/paid")]

    def refund(self, minor: int) -> list[Posting]:
        """Money goes back, as the shop and the provider tell it."""
        at = self._tick()
        self.refunded += minor
        refund = copy.deepcopy(_sample("refunds__create.json"))
        transaction = refund["transactions"][0] | {"amount": money(minor), "order_id": self.id}
        key = self.id * 10 + len(self.order["refunds"])
        refund |= {
            "id": key,
            "admin_graphql_api_id": f"gid://shopify/Refund/{key}",
            "order_id": self.id,
            "created_at": at.isoformat(),
            "transactions": [transaction],
        }
        self.order["refunds"].append(refund)
        self.order["financial_status"] = "refunded" if self.refunded == self.total else "partially_refunded"
        charge = {
            "id": self.charge,
            "payment_intent": None,
            "amount": self.charged,
            "amount_captured": self.charged,
            "amount_refunded": self.refunded,
            "currency": "eur",
        }
        return [
            self._shopify("refunds/create", refund),
            self._stripe("charge.refunded", charge),
            self._shopify("orders/updated"),
        ]

    def refund_failed(self, minor: int) -> list[Posting]:
        """The provider tries to give money back, and cannot."""
        key = f"re_{self._number:016}{self._posted:08}"
        refund = {"id": key, "charge": self.charge, "payment_intent": self.payment, "amount": minor, "currency": "eur"}
        return [
            self._stripe("refund.created", refund | {"status": "pending", "metadata": {}}),
            self._stripe("refund.failed", refund | {"status": "failed", "metadata": {}}),
        ]

    def cancelled(self) -> list[Posting]:
        self.order["cancelled_at"] = self._tick().isoformat()
        return [self._shopify("orders/cancelled")]

    def sent(self, *, whole: bool, parcels: int = 1) -> list[Posting]:
        """Parcels leave, with all that is left or with one piece."""
        at, done = self._tick(), sum(it["status"] == "success" for it in self.order["fulfillments"])
        key = self.id * 10 + len(self.order["fulfillments"])
        numbers = [f"TRACK{key}", *[f"TRACK{key}-{place}" for place in range(1, parcels)]]
        quantity = sum(self.pieces) - done if whole else 1
        parcel = copy.deepcopy(_sample("fulfillments__create.json"))
        parcel |= {
            "id": key,
            "admin_graphql_api_id": f"gid://shopify/Fulfillment/{key}",
            "order_id": self.id,
            "status": "success",
            "shipment_status": None,
            "created_at": at.isoformat(),
            "updated_at": at.isoformat(),
            "tracking_number": numbers[0],
            "tracking_numbers": numbers,
            "line_items": [parcel["line_items"][0] | {"quantity": quantity}],
        }
        self.order["fulfillments"].append(parcel)
        self.order["fulfillment_status"] = "fulfilled" if whole else "partial"
        topic = "orders/fulfilled" if whole else "orders/partially_fulfilled"
        return [self._shopify("fulfillments/create", parcel), self._shopify(topic)]

    def withdrawn(self) -> list[Posting]:
        """The newest fulfilment turns out not to have left."""
        parcel = self.order["fulfillments"][-1]
        parcel |= {"status": "cancelled", "updated_at": self._tick().isoformat()}
        self.order["fulfillment_status"] = None
        return [self._shopify("fulfillments/update", parcel), self._shopify("orders/updated")]

    def delivered(self) -> list[Posting]:
        """The carrier reports the parcels one after the other, in two steps each."""
        posted = []
        for parcel in self.order["fulfillments"]:
            if parcel["status"] == "cancelled":
                continue
            for status in ("out_for_delivery", "delivered"):
                parcel |= {"shipment_status": status, "updated_at": self._tick().isoformat()}
                posted.append(self._shopify("fulfillments/update", parcel))
        return posted

    def disputed(self, outcome: str | None) -> list[Posting]:
        """The payer's bank asks for the money, and later decides (`won`, `lost`)."""
        dispute = {"id": f"dp_{self._number:024}", "charge": self.charge, "amount": self.charged, "currency": "eur"}
        dispute |= {"reason": "fraudulent", "status": "needs_response", "metadata": {}}
        posted = [self._stripe("charge.dispute.created", dispute)]
        if outcome is not None:
            posted.append(self._stripe("charge.dispute.closed", dispute | {"status": outcome}))
        return posted

    def redacted(self) -> list[Posting]:
        """The customer asks to be forgotten."""
        return [self._shopify("customers/redact", self._customer() | {"orders_to_redact": [self.id]})]

    def data_requested(self) -> list[Posting]:
        """The customer asks what is stored about them."""
        return [self._shopify("customers/data_request", self._customer() | {"orders_requested": [self.id]})]

    def _customer(self) -> dict[str, Any]:
        return {"shop_domain": self._shop, "customer": {"id": self.id, "email": self.order["contact_email"]}}

    def _tick(self) -> dt.datetime:
        self._at += dt.timedelta(minutes=self._rng.randrange(1, self._longest_pause))
        return self._at

    def _shopify(self, topic: str, document: dict[str, Any] | None = None) -> Posting:
        at = self._tick()
        if document is None:
            self.order["updated_at"] = at.isoformat()
        return self._posting("shopify/orders", topic, at, self.order if document is None else document)

    def _stripe(self, topic: str, thing: dict[str, Any]) -> Posting:
        at = self._tick()
        event = copy.deepcopy(_sample("payment_intent.succeeded.json"))
        event |= {"id": f"evt_{self._number}_{self._posted}", "type": topic, "created": int(at.timestamp())}
        event["data"] = {"object": thing}
        return self._posting("stripe/payment", topic, at, event)

    def _posting(self, path: str, topic: str, at: dt.datetime, document: dict[str, Any]) -> Posting:
        self._posted += 1
        key = document["id"] if path == "stripe/payment" else f"hook-{self._number}-{self._posted}"
        return Posting(path, topic, key, at, orjson.dumps(document), self._shop)


def shop_redacted(shop: str, at: dt.datetime) -> Posting:
    """Return what is posted when all of a shop is to be forgotten."""
    return Posting("shopify/orders", "shop/redact", f"hook-{shop}", at, orjson.dumps({"shop_domain": shop}), shop)


def life(
    rng: random.Random, number: int, *, shop: str = SHOP, shop_number: int | None = None, privacy: bool = False
) -> Iterator[Posting]:
    """Yield all postings of one order's life; its number decides how it goes, the generator the details.

    With `privacy` the customer may ask in the end what is stored, or to be forgotten.
    """
    order = Life(rng, number, shop=shop, shop_number=shop_number)
    yield from _course(rng, number, order)
    if privacy:
        if rng.random() < 0.3:
            yield from order.data_requested()
        if rng.random() < 0.3:
            yield from order.redacted()


def _course(rng: random.Random, number: int, order: Life) -> Iterator[Posting]:
    yield from order.created()
    if rng.random() < 0.3:
        yield from order.declined()
    if number % 8 == 7:
        yield from order.cancelled()
        return
    yield from order.paid()
    fate = number % 8
    if rng.random() < 0.4:
        yield from order.renamed()
    if rng.random() < 0.3 and sum(order.pieces) > 1:
        yield from order.edited()
    if rng.random() < 0.3:
        yield from order.refund_failed(order.total // 4)
    if fate == 0:
        yield from order.cancelled()
        yield from order.refund(order.total)
    elif fate == 1:
        yield from order.refund(order.total // 3)
        yield from order.refund(order.total - order.total // 3)
    elif fate == 2:
        yield from order.disputed([None, "won", "lost"][number // 8 % 3])
    else:
        if fate > 3 and sum(order.pieces) > 1:
            yield from order.sent(whole=False)
        yield from order.sent(whole=True, parcels=rng.randrange(1, 4))
        if rng.random() < 0.3:
            yield from order.withdrawn()
            yield from order.sent(whole=True, parcels=rng.randrange(1, 3))
        if fate > 4:
            yield from order.delivered()
        if fate == 6:
            yield from order.refund(order.total // 2)
