"""Plausible orders for demonstrations: deterministic rows, ready for COPY, that obey the status machine and add up."""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from shared.core.ids import id_at
from shared.database.rows import Values
from shared.graph.money import CurrencyCode
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderLineKind, OrderSource, OrderStatus
from subgraphs.order.pricing.shipping import shipping_rates
from subgraphs.order.pricing.tax import tax_on
from subgraphs.order.shipment_demo import Country, Entry, first_at, shipments

FIRST_DEMO_SERIAL = 100_001
OLDEST_DAYS = 365
RECENT_DAYS, RECENT_SHARE = 10, 0.5
GRAMS_OF_A_PIECE = 200
DISCOUNT_SHARE, DISCOUNT_PERCENT = 0.15, 10
SHOP = "all-pet-plus.myshopify.com"
"""The shop at another system whose orders are made and sent here."""
SHOP_SHARE, EDITED_SHARE, GOODWILL_SHARE, GOODWILL_PERCENT = 0.6, 0.3, 0.06, 20
_FIRST_SHOP_NUMBER, _FIRST_SHOP_ID = 1001, 5_871_400_000_000

CUSTOMER, STAFF, SYSTEM = ActorKind.CUSTOMER, ActorKind.STAFF, ActorKind.SYSTEM


@dataclass(frozen=True)
class DemoDesign:
    """What an order needs to know of a design; its price in minor units, its kind of product such as `COLLAR`."""

    id: str
    owner_id: str
    title: str
    unit_price_minor: int
    currency: str
    created_at: dt.datetime
    product: str


@dataclass(frozen=True)
class DemoPerson:
    """Who orders."""

    name: str
    email: str


@dataclass(frozen=True)
class _Step:
    """What may come next, with its weight, who causes it, why, and after how many hours (from, to)."""

    to: OrderStatus | None
    weight: float
    by: ActorKind = SYSTEM
    hours: tuple[float, float] = (0, 0)
    reasons: tuple[str | None, ...] = (None,)


_RELEASE = (_Step(None, 1, STAFF, (2, 48), ("Thank you, that answers our question.",)),)
_STAY = _Step(None, 94)
_NEXT: Mapping[OrderStatus, Sequence[_Step]] = {
    status.PENDING: (
        _Step(status.PAID, 93, SYSTEM, (0.02, 1)),
        _Step(status.CANCELLED, 5, CUSTOMER, (0.2, 40), ("Ordered by mistake.", "Chose another colour.", None)),
        _Step(status.ON_HOLD, 2, STAFF, (1, 8), ("Please confirm the delivery address.",)),
    ),
    status.PAID: (
        _Step(status.IN_PRODUCTION, 92, SYSTEM, (8, 110)),
        _Step(status.CANCELLED, 3, CUSTOMER, (0.5, 30), ("The size does not fit any more.", None)),
        _Step(status.REFUNDED, 1, STAFF, (2, 48), ("We cannot make this at the moment, sorry.",)),
        _Step(status.ON_HOLD, 4, STAFF, (1, 30), ("Please check the spelling of the engraving.",)),
    ),
    status.IN_PRODUCTION: (
        _Step(status.SHIPPED, 86, SYSTEM, (20, 100)),
        _Step(status.PARTIALLY_SHIPPED, 11, STAFF, (20, 80), ("The rest follows in a second parcel.",)),
        _Step(status.ON_HOLD, 3, STAFF, (5, 40), ("The material is out of stock until next week.",)),
    ),
    status.PARTIALLY_SHIPPED: (_Step(status.SHIPPED, 1, SYSTEM, (24, 90)),),
    status.SHIPPED: (
        _Step(status.OUT_FOR_DELIVERY, 82, SYSTEM, (20, 90)),
        # Its parcel got lost, and another has left.
        _Step(status.SHIPPED, 2, STAFF, (90, 160)),
        _Step(status.READY_FOR_PICKUP, 6, SYSTEM, (20, 90)),
        _Step(status.DELIVERED, 8, SYSTEM, (30, 110)),
        _Step(status.RETURNED, 2, SYSTEM, (80, 200), ("The address could not be found.",)),
    ),
    status.OUT_FOR_DELIVERY: (
        _Step(status.DELIVERED, 98, SYSTEM, (1.5, 9)),
        _Step(status.RETURNED, 2, SYSTEM, (30, 120), ("Nobody could receive the parcel.",)),
    ),
    status.READY_FOR_PICKUP: (_Step(status.DELIVERED, 1, SYSTEM, (4, 150)),),
    status.DELIVERED: (
        _STAY,
        _Step(status.RETURNED, 4, STAFF, (48, 400), ("Sent back within the return period.",)),
        _Step(status.REFUNDED, 2, STAFF, (24, 300), ("A seam came undone; the customer keeps the piece.",)),
    ),
    status.ON_HOLD: _RELEASE,
    status.CANCELLED: (_Step(status.REFUNDED, 1, SYSTEM, (1, 24)),),
    status.RETURNED: (_Step(status.REFUNDED, 1, SYSTEM, (24, 240)),),
    status.REFUNDED: (),
}


def _countries() -> Mapping[str, Sequence[Country]]:
    read = tomllib.loads(Path(__file__).with_name("demo_countries.toml").read_text("utf-8"))
    return {currency: [Country(**country) for country in countries] for currency, countries in read.items()}


def number_of(serial: int) -> str:
    """Return the order number that the database makes of a serial."""
    return f"AP-{serial}"


class _Line(TypedDict):
    """A row of `order_line`."""

    id: str
    order_id: str
    position: int
    design_id: str
    product: str
    kind: str
    title: str
    quantity: int
    currency: str
    unit_price_minor: int
    total_minor: int


def order_rows(
    rng: random.Random, count: int, designs: Sequence[DemoDesign], people: Mapping[str, DemoPerson], until: dt.datetime
) -> dict[str, list[Values]]:
    """Return rows by table, in the order in which they can be copied; nothing happens after `until`.

    People order their own designs alone, after they made them. Serials count from FIRST_DEMO_SERIAL by the time of
    the order; the database numbers what it is told later from a higher one.
    """
    tables: dict[str, list[Values]] = {
        name: []
        for name in ("order_meta", "order_line", "order_timeline", "order_refund", "shipment_tracking", "shipment_scan")
    }
    # What is told of orders besides has chances of its own, by which the orders are the same with and without it.
    chances = random.Random(rng.getstate()[1][0])
    countries = _countries()
    wardrobe: dict[tuple[str, str], list[DemoDesign]] = {}
    for design in designs:
        wardrobe.setdefault((design.owner_id, design.currency), []).append(design)
    for serial, (placed_at, design) in enumerate(_occasions(rng, count, designs, until), FIRST_DEMO_SERIAL):
        others = [it for it in wardrobe[design.owner_id, design.currency] if it.created_at <= placed_at]
        more = rng.sample(others, min(len(others), rng.choice((0, 0, 0, 1, 2))))
        goods = [design, *(it for it in more if it is not design)]
        order_id = id_at("ord", placed_at, rng)
        timeline = list(_timeline(rng, order_id, design.owner_id, placed_at, until))
        lines = [_line(rng, order_id, place, it, placed_at) for place, it in enumerate(goods, 1)]
        country = rng.choice(countries[design.currency])
        order = _order(rng, order_id, design, people[design.owner_id], placed_at, timeline, lines, country)
        if chances.random() < SHOP_SHARE:
            _sell_elsewhere(order, timeline, serial)
        returned = _repay_a_part(chances, order, timeline, lines, until)
        tables["order_meta"].append({**order, "serial": serial})
        tables["order_line"] += lines
        tables["order_timeline"] += timeline
        tables["order_refund"] += _refunds(rng, chances, order, timeline, returned)
        for shipment, scans in shipments(rng, order, timeline, country, until):
            tables["shipment_tracking"].append(shipment)
            tables["shipment_scan"] += scans
    return tables


def _occasions(
    rng: random.Random, count: int, designs: Sequence[DemoDesign], until: dt.datetime
) -> list[tuple[dt.datetime, DemoDesign]]:
    """Choose what is ordered when, oldest first; many orders are recent, so that every status has some."""
    found = []
    for _ in range(count):
        design = rng.choice(designs)
        days = RECENT_DAYS if rng.random() < RECENT_SHARE else OLDEST_DAYS
        longest = min(until - design.created_at, dt.timedelta(days=days))
        found.append((until - longest * rng.random(), design))
    return sorted(found, key=lambda occasion: occasion[0])


def _timeline(
    rng: random.Random, order_id: str, customer_id: str, placed_at: dt.datetime, until: dt.datetime
) -> Iterator[Entry]:
    """Walk through the status machine until nothing more happens, or not before `until`."""
    now, at, version, is_again = status.NEW, placed_at, 1, False
    yield _entry(rng, order_id, version, now.status, None, CUSTOMER, customer_id, None, at)
    while True:
        steps = [it for it in _NEXT[now.status] if it.to is not now.status or not is_again]
        step = rng.choices(steps, [it.weight for it in steps])[0] if steps else _STAY
        to = now.held_from if now.status is status.ON_HOLD else step.to
        at += dt.timedelta(hours=rng.uniform(*step.hours))
        if to is None or at > until or (to is not now.status and status.refusal(now, to, step.by) is not None):
            return
        version += 1
        actor_id = customer_id if step.by is CUSTOMER else None
        yield _entry(rng, order_id, version, to, now.status, step.by, actor_id, rng.choice(step.reasons), at)
        is_again = to is now.status
        now = status.after(now, to)


def _entry(
    rng: random.Random,
    order_id: str,
    version: int,
    to: OrderStatus,
    previous: OrderStatus | None,
    by: ActorKind,
    actor_id: str | None,
    reason: str | None,
    at: dt.datetime,
) -> Entry:
    return {
        "id": id_at("otl", at, rng),
        "order_id": order_id,
        "version": version,
        "status": to.value,
        "previous": previous.value if previous else None,
        "actor_kind": by.value,
        "actor_id": actor_id,
        "reason": reason,
        "at": at,
        "recorded_at": at,
        "shipment_id": None,
        "delivery_id": None,
    }


def _line(rng: random.Random, order_id: str, place: int, design: DemoDesign, placed_at: dt.datetime) -> _Line:
    quantity = rng.choice((1, 1, 1, 1, 2, 3))
    return {
        "id": id_at("oln", placed_at, rng),
        "order_id": order_id,
        "position": place,
        "design_id": design.id,
        "product": design.product,
        "kind": OrderLineKind.GOODS.value,
        "title": design.title,
        "quantity": quantity,
        "currency": design.currency,
        "unit_price_minor": design.unit_price_minor,
        "total_minor": quantity * design.unit_price_minor,
    }


def _order(
    rng: random.Random,
    order_id: str,
    design: DemoDesign,
    person: DemoPerson,
    placed_at: dt.datetime,
    timeline: Sequence[Entry],
    lines: Sequence[_Line],
    country: Country,
) -> dict[str, object]:
    subtotal = sum(line["total_minor"] for line in lines)
    discount = subtotal * DISCOUNT_PERCENT // 100 if rng.random() < DISCOUNT_SHARE else 0
    grams = GRAMS_OF_A_PIECE * sum(line["quantity"] for line in lines)
    shipping = shipping_rates(country.code, grams, CurrencyCode[design.currency], subtotal)[0].amount_minor
    total = subtotal - discount + shipping
    tax = tax_on(total, country.code)
    total += tax.added_minor
    city, region, postal_code = rng.choice(country.places)
    newest = timeline[-1]
    return {
        "id": order_id,
        "customer_id": design.owner_id,
        "contact_email": person.email,
        "status": newest["status"],
        "version": newest["version"],
        "held_from": newest["previous"] if newest["status"] == status.ON_HOLD.value else None,
        "currency": design.currency,
        "subtotal_minor": subtotal,
        "discount_minor": discount,
        "shipping_minor": shipping,
        "tax_minor": tax.added_minor,
        "included_tax_minor": tax.included_minor,
        "total_minor": total,
        "refunded_minor": total if newest["status"] == status.REFUNDED.value else 0,
        "recipient": person.name,
        "address_line1": f"{rng.choice(country.streets)} {rng.randint(1, 120)}",
        "address_line2": None,
        "city": city,
        "region": region or None,
        "postal_code": postal_code,
        "country_code": country.code,
        "phone": None,
        "source": OrderSource.ALL_PET_PLUS.value,
        "external_id": None,
        "shop": None,
        "shop_number": None,
        "placed_at": placed_at,
        "paid_at": first_at(timeline, status.PAID),
        "changed_at": newest["at"],
    }


def _sell_elsewhere(order: dict[str, object], timeline: Sequence[Entry], serial: int) -> None:
    """Make an order one of the other shop, which knows no account of the customer."""
    place = serial - FIRST_DEMO_SERIAL
    order["source"], order["shop"] = OrderSource.SHOPIFY.value, SHOP
    order["external_id"] = f"gid://shopify/Order/{_FIRST_SHOP_ID + 1024 * place}"
    order["shop_number"] = f"#{_FIRST_SHOP_NUMBER + place}"
    timeline[0]["actor_id"] = None


def _repay_a_part(
    rng: random.Random, order: dict[str, object], timeline: list[Entry], lines: Sequence[_Line], until: dt.datetime
) -> int:
    """Take a line off some orders of the other shop, pay a part of others back, and return how much went back."""
    paid = next((place for place, it in enumerate(timeline) if it["status"] == status.PAID.value), None)
    chance = rng.random()
    if paid is None:
        return 0
    if order["source"] == OrderSource.SHOPIFY.value and len(lines) > 1 and chance < EDITED_SHARE:
        following = timeline[paid + 1]["at"] if paid + 1 < len(timeline) else until
        at = timeline[paid]["at"] + (following - timeline[paid]["at"]) / 2
        removed = lines[-1]
        removed["kind"] = OrderLineKind.REMOVED.value
        amount = removed["total_minor"] * (100 - DISCOUNT_PERCENT) // 100
        entry = _entry(rng, str(order["id"]), 0, status.PAID, status.PAID, SYSTEM, None, None, at)
    elif order["status"] == status.DELIVERED.value and chance < GOODWILL_SHARE:
        paid = len(timeline) - 1
        at = timeline[paid]["at"] + dt.timedelta(hours=rng.uniform(24, 200))
        reason = "The colour differs from the picture; the customer keeps the piece."
        amount = cast("int", order["total_minor"]) * GOODWILL_PERCENT // 100
        entry = _entry(rng, str(order["id"]), 0, status.DELIVERED, status.DELIVERED, STAFF, None, reason, at)
    else:
        return 0
    if at > until:
        return 0
    timeline.insert(paid + 1, entry)
    for version, each in enumerate(timeline, 1):
        each["version"] = version
    order["version"], order["changed_at"] = len(timeline), timeline[-1]["at"]
    order["refunded_minor"] = order["refunded_minor"] or amount
    return amount


def _refunds(
    rng: random.Random, chances: random.Random, order: Mapping[str, object], timeline: Sequence[Entry], returned: int
) -> Iterator[dict[str, object]]:
    """Return what went back at each entry that tells of it: a part, and the rest of it with the status REFUNDED."""
    for entry in timeline:
        if entry["status"] == status.REFUNDED.value:
            yield _refund(rng, order, entry, cast("int", order["total_minor"]) - returned)
        elif entry["status"] == entry["previous"] and entry["status"] != status.SHIPPED.value:
            yield _refund(chances, order, entry, returned)


def _refund(rng: random.Random, order: Mapping[str, object], entry: Entry, amount: int) -> dict[str, object]:
    return {
        "id": id_at("rfd", entry["at"], rng),
        "currency": order["currency"],
        "amount_minor": amount,
        "order_id": entry["order_id"],
        "reason": entry["reason"],
        "actor_kind": entry["actor_kind"],
        "actor_id": entry["actor_id"],
        "at": entry["at"],
    }
