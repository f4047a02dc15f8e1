"""Demo data: a plausible shop, the same for the same numbers, written with COPY into every subgraph.

Each subgraph knows what its own rows look like (`subgraphs/NAME/demo.py`); here they are made to agree.
"""

import datetime as dt
import enum
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from petplus.bulk_copy import Tables, open_copy
from petplus.registry import NAMES
from shared.core.ids import id_at
from shared.core.settings import Settings
from shared.graph.money import CurrencyCode
from subgraphs.analytics import demo as analytics_demo
from subgraphs.audit import demo as audit_demo
from subgraphs.builder import demo as builder_demo
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.pricing import grams, unit_price
from subgraphs.builder.service.preset_sales import is_sold_in
from subgraphs.order import cart_demo
from subgraphs.order import demo as order_demo
from subgraphs.order.enums import OrderLineKind
from subgraphs.user import demo as user_demo
from subgraphs.webhook import demo as webhook_demo

# One in so many customers designs and never orders.
ONLY_DESIGNS = 3
# Of all designs, how many belong to the one customer whom everybody logs in as.
DEMO_CUSTOMER_SHARE = 0.05
SHARED_SHARE = 0.2


@dataclass(frozen=True)
class Plan:
    """How much to make. `number` seeds the generator: another number makes another shop.

    Nothing happens after `until`, which is today's midnight unless told.
    """

    users: int
    designs: int
    orders: int
    number: int = 1
    until: dt.datetime = field(default_factory=lambda: dt.datetime.combine(dt.datetime.now(dt.UTC), dt.time(), dt.UTC))


_PLAN = TypeAdapter(Plan)


async def seed(settings: Settings, plan: Plan, out: Console) -> None:
    """Fill the empty tables of all subgraphs, or none; raises NotEmpty where there are rows.

    A seeding of several databases that was killed between their commits is completed, by the plan that it had.
    """
    # Whether there are users tells whether all is done, so their database commits last.
    async with open_copy(settings, sorted(NAMES, key=lambda name: name != "user")) as copy:
        marks = {subgraph: await copy.mark(subgraph) for subgraph in NAMES}
        unfinished = None if marks["user"] else next(filter(None, marks.values()), None)
        mark = unfinished or _PLAN.dump_json(plan).decode()
        with _progress(out) as progress:
            for subgraph, rows in generate(_PLAN.validate_json(mark)):
                if unfinished and marks[subgraph] == unfinished:
                    continue
                count = sum(len(made) for made in rows.values())
                task = progress.add_task(f"{subgraph:<10}", total=1, count=f"{count:>7,} rows")
                tables = {table: _stored(made) for table, made in rows.items()}
                await copy.fill(subgraph, tables, mark, before=_prepare(rows))
                progress.update(task, completed=1)


def _cause(cause: webhook_demo.Cause | None) -> dict[str, object]:
    return {} if cause is None else cause._asdict()


def _progress(out: Console) -> Progress:
    count = TextColumn("{task.fields[count]}")
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), count, TimeElapsedColumn(), console=out)


def generate(plan: Plan) -> Iterator[tuple[str, Tables]]:
    """Make the rows of each subgraph in turn."""
    rng = random.Random(plan.number)  # noqa: S311 (a shop for show, not a secret)
    end = plan.until
    users = _users(rng, plan, end)
    yield "user", users
    designs = _designs(rng, plan, users, end)
    orders = _orders(rng, plan, users, designs, end)
    reports, causes = webhook_demo.deliveries(rng, _reported(orders), end)
    timeline = [{**entry, **_cause(causes.get(entry["id"]))} for entry in orders["order_timeline"]]
    bought = {line["design_id"] for line in orders["order_line"] if line["kind"] != OrderLineKind.REMOVED.value}
    for design in designs:
        design["status"] = "ORDERED" if design["id"] in bought else "DRAFT"
    sales = _sales(designs, {**orders, "order_timeline": timeline})
    sold = Counter[str]()
    for sale in sales:
        sold.update(sale["units"] if sale["is_sold"] else {})
    yield (
        "builder",
        {
            "product": builder_demo.product_rows(),
            "builder_preset": [{**row, "units_sold": sold[str(row["id"])]} for row in builder_demo.preset_rows()],
            "preset_order": sales,
            "preset_version": builder_demo.preset_version_rows(),
            "saved_design": designs,
        },
    )
    yield "order", {**orders, "order_timeline": timeline}
    yield "webhook", reports
    yield "analytics", _analytics(rng, designs, orders, end)
    yield "audit", audit_demo.history(rng, _facts(rng, users, designs, orders))


def _sales(designs: Sequence[Mapping[str, Any]], orders: Tables) -> list[dict[str, Any]]:
    """Return the rows of `preset_order`: what orders hold of designs that started with presets."""
    started = {design["id"]: design["preset_id"] for design in designs if design["preset_id"] is not None}
    units: dict[str, Counter[str]] = {order["id"]: Counter() for order in orders["order_meta"]}
    for line in orders["order_line"]:
        if line["kind"] != OrderLineKind.REMOVED.value and line["design_id"] in started:
            units[line["order_id"]][started[line["design_id"]]] += line["quantity"]
    is_sold = dict.fromkeys(units, False)
    for entry in sorted(orders["order_timeline"], key=lambda each: each["version"]):
        is_sold[entry["order_id"]] = is_sold_in(entry["status"], is_sold[entry["order_id"]])
    return [{"order_id": key, "units": dict(held), "is_sold": is_sold[key]} for key, held in units.items()]


def _users(rng: random.Random, plan: Plan, until: dt.datetime) -> Tables:
    rows: dict[str, list[Mapping[str, Any]]] = {"user_profile": [], "user_preferences": [], "user_credential": []}
    for person in user_demo.people(rng, plan.users, until):
        for table, row in person.items():
            rows[table].append(row)
    password = PasswordHash((Argon2Hasher(),)).hash(user_demo.DEMO_PASSWORD)
    for profile in rows["user_profile"][: len(user_demo.DEMO_ACCOUNTS)]:
        rows["user_credential"].append({"user_id": profile["id"], "password_hash": password})
    return {**rows, **user_demo.belongings(rows["user_profile"], until)}


def _designs(rng: random.Random, plan: Plan, users: Tables, until: dt.datetime) -> list[dict[str, Any]]:
    """Make designs, each by somebody who had an account then, with some by the demo customer for certain."""
    profiles = users["user_profile"]
    currency_of = {row["user_id"]: row["currency"] for row in users["user_preferences"]}
    demo_customer, customers = profiles[0], profiles[len(user_demo.DEMO_ACCOUNTS) :] or profiles[:1]
    designs = []
    # Of its own, so that what starts with a preset changes nothing else of the shop.
    starts = random.Random(plan.number)  # noqa: S311 (a shop for show, not a secret)
    for number in range(plan.designs):
        is_demo = number < 8 or rng.random() < DEMO_CUSTOMER_SHARE
        owner = demo_customer if is_demo else rng.choice(customers)
        name, config = builder_demo.random_config(rng)
        preset_id = None
        if (start := builder_demo.random_start(starts)) is not None:
            preset_id, name, config = start
        made = owner["created_at"] + (until - owner["created_at"]) * rng.random()
        currency = CurrencyCode[currency_of[owner["id"]]]
        designs.append(
            {
                "id": id_at("des", made, rng),
                "owner_id": owner["id"],
                "name": name,
                "product_kind": config.product,
                "config": config.to_json(),
                "price_minor": unit_price(config, currency),
                "currency": currency,
                "status": "DRAFT",
                "version": 1,
                "preset_id": preset_id,
                "created_at": made,
                "updated_at": made,
            }
        )
    return designs


def _orders(
    rng: random.Random, plan: Plan, users: Tables, designs: Sequence[Mapping[str, Any]], until: dt.datetime
) -> Tables:
    profiles = users["user_profile"]
    people = {row["id"]: order_demo.DemoPerson(row["name"], row["email"]) for row in profiles}
    customers = profiles[len(user_demo.DEMO_ACCOUNTS) :]
    never = {row["id"] for number, row in enumerate(customers, 1) if number % ONLY_DESIGNS == 0}
    wardrobe = [
        order_demo.DemoDesign(
            id=design["id"],
            owner_id=design["owner_id"],
            title=design["name"],
            unit_price_minor=design["price_minor"],
            currency=design["currency"].value,
            created_at=design["created_at"],
            product=design["product_kind"].value,
        )
        for design in designs
        if design["owner_id"] not in never
    ]
    cart = _cart(rng, people, designs, until)
    wishes = [
        {"customer_id": row["user_id"], "order_emails": row["order_emails"], "locale": row["locale"]}
        for row in users["user_preferences"]
    ]
    return {**order_demo.order_rows(rng, plan.orders, wardrobe, people, until), **cart, "customer_preference": wishes}


def _cart(
    rng: random.Random,
    people: Mapping[str, order_demo.DemoPerson],
    designs: Sequence[Mapping[str, Any]],
    until: dt.datetime,
) -> Tables:
    """Make the cart of the demo customer, with the newest of their designs and a preset."""
    theirs = [design for design in designs if design["owner_id"] == next(iter(people))]
    if not theirs:
        return {}
    design = max(theirs, key=lambda each: (each["created_at"], each["id"]))
    preset = builder_demo.preset_rows()[0]
    quotes = [
        _quote("preset", preset["id"], preset["name"], preset["config"], design["currency"]),
        _quote("design", design["id"], design["name"], design["config"], design["currency"]),
    ]
    owner_id, currency = design["owner_id"], design["currency"].value
    return cart_demo.cart_rows(rng, owner_id, people[owner_id], currency, quotes, until)


def _quote(subject: str, key: Any, title: Any, stored: Any, currency: CurrencyCode) -> cart_demo.DemoQuote:
    config = DesignConfig.from_json(stored)
    breaks = CATALOGUE[config.product].quantity_breaks
    return cart_demo.DemoQuote(
        subject=subject,
        subject_id=key,
        product=config.product.value,
        title=title,
        unit_price_minor=unit_price(config, currency),
        quantity_breaks=[(each.quantity, each.percent) for each in breaks],
        grams=grams(config),
    )


def _reported(orders: Tables) -> Iterator[webhook_demo.ReportedOrder]:
    """Yield what was reported of each order: by the shop that sold it, or else by the provider of its payment."""
    timelines: dict[str, list[Mapping[str, Any]]] = {}
    for entry in orders["order_timeline"]:
        timelines.setdefault(entry["order_id"], []).append(entry)
    amounts = {(row["order_id"], row["at"]): row["amount_minor"] for row in orders["order_refund"]}
    edited = {line["order_id"] for line in orders["order_line"] if line["kind"] == OrderLineKind.REMOVED.value}
    for row in orders["order_meta"]:
        steps = []
        for entry in timelines[row["id"]]:
            topic = _topic(entry, is_sold_elsewhere=row["shop"] is not None)
            if topic is not None:
                amount = amounts.get((row["id"], entry["at"]), 0)
                steps.append(webhook_demo.ReportedStep(topic, entry["at"], entry["id"], amount))
                if topic == "refunds/create" and row["id"] in edited and entry["status"] == entry["previous"]:
                    steps.append(webhook_demo.ReportedStep("orders/updated", entry["at"]))
        yield webhook_demo.ReportedOrder(
            order_id=row["id"],
            number=row["shop_number"] or order_demo.number_of(row["serial"]),
            placed_at=row["placed_at"],
            total_minor=row["total_minor"],
            currency=row["currency"],
            steps=steps,
            shop=row["shop"],
            external_id=row["external_id"],
        )


def _topic(entry: Mapping[str, Any], *, is_sold_elsewhere: bool) -> str | None:
    """Return the topic of the delivery that an entry of a timeline came of; None where none did."""
    if entry["previous"] is None:
        return "orders/create" if is_sold_elsewhere else None
    if entry["actor_kind"] != "SYSTEM":
        return None
    is_refund = entry["status"] == "REFUNDED" or entry["status"] == entry["previous"] == "PAID"
    if is_refund:
        return "refunds/create" if is_sold_elsewhere else "charge.refunded"
    if entry["status"] == "PAID":
        return "orders/paid" if is_sold_elsewhere else "payment_intent.succeeded"
    return None


def _analytics(rng: random.Random, designs: Sequence[Mapping[str, Any]], orders: Tables, until: dt.datetime) -> Tables:
    lines_of: dict[str, list[Mapping[str, Any]]] = {}
    for line in orders["order_line"]:
        if line["kind"] != OrderLineKind.REMOVED.value:
            lines_of.setdefault(line["order_id"], []).append(line)
    seen = [
        analytics_demo.DemoDesign(
            id=design["id"],
            owner_id=design["owner_id"],
            product=design["product_kind"].value,
            created_at=design["created_at"],
            shared_at=_shares(rng, design["created_at"], until),
        )
        for design in designs
    ]
    bought = [
        analytics_demo.DemoOrder(
            id=row["id"],
            customer_id=row["customer_id"],
            placed_at=row["placed_at"],
            design_ids=tuple(dict.fromkeys(line["design_id"] for line in lines_of[row["id"]])),
            quantity=sum(line["quantity"] for line in lines_of[row["id"]]),
            total_minor=row["total_minor"],
            currency=row["currency"],
        )
        for row in orders["order_meta"]
    ]
    return analytics_demo.activity(rng, seen, bought, until)


def _shares(rng: random.Random, made: dt.datetime, until: dt.datetime) -> tuple[dt.datetime, ...]:
    return (made + (until - made) * rng.random(),) if rng.random() < SHARED_SHARE else ()


def _facts(
    rng: random.Random, users: Tables, designs: Sequence[Mapping[str, Any]], orders: Tables
) -> Iterator[audit_demo.Fact]:
    for row in users["user_profile"]:
        yield audit_demo.fact(rng, "user.created", row["id"], row["created_at"])
    for design in designs:
        yield audit_demo.fact(rng, "design.created", design["id"], design["created_at"], design["owner_id"])
    for entry in orders["order_timeline"]:
        if entry["previous"] is None:
            yield audit_demo.fact(rng, "order.created", entry["order_id"], entry["at"], entry["actor_id"])
        elif entry["previous"] != entry["status"]:
            change = audit_demo.Change("status", entry["previous"], entry["status"])
            yield audit_demo.fact(
                rng, "order.status_changed", entry["order_id"], entry["at"], entry["actor_id"], [change]
            )


def _prepare(rows: Tables) -> str | None:
    """Return what must run before some rows are written: events find their months ready."""
    moments = [row["occurred_at"] for row in rows.get("analytics_event", ())]
    if not moments:
        return None
    return f"SELECT ensure_partitions('{min(moments):%Y-%m-%d}', '{max(moments):%Y-%m-%d}')"


def _stored(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Write enums as the database does: by their name."""
    return [
        {name: value.name if isinstance(value, enum.Enum) else value for name, value in row.items()} for row in rows
    ]
