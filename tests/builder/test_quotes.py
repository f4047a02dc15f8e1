"""Quotes of designs and presets: signed for whoever may order them, and refused with a reason for what is not sold."""

import datetime as dt
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.security.quotes import Quote, QuoteSigner
from subgraphs.builder import demo
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.enums import ProductKind
from subgraphs.builder.models import BuilderPreset, Product, SavedDesign
from subgraphs.builder.service.optimization import optimize_design
from subgraphs.order.events import OrderCreated, OrderedLine
from tests.builder.support import Maker, config, events_of, patch, run, stored
from tests.builder.test_handlers import receive
from tests.support.apps import Identities, Served

QUOTE = """quote(currency: GBP) { __typename
  ... on Quote { token unitPrice { amount currencyCode } quantityBreaks { quantity percent } expiresAt }
  ... on NoQuote { reason message } }"""
OF_DESIGN = f"query ($id: ID!) {{ result: design(id: $id) {{ version {QUOTE} }} }}"
OF_PRESET = f"query ($id: ID!) {{ result: preset(id: $id) {{ version name {QUOTE} }} }}"
PRESET_ID = str(demo.preset_rows()[0]["id"])


def read(token: str) -> Quote:
    return QuoteSigner.from_runtime(_Running()).read(token)


class _Running:
    settings = Settings()


@pytest_asyncio.fixture
async def withdrawn(builder: Served) -> AsyncIterator[None]:
    """Collars are not sold within the test."""
    async with builder.database.write() as session:
        await session.execute(update(Product).where(Product.kind == ProductKind.COLLAR).values(active=False))
    yield
    async with builder.database.write() as session:
        await session.execute(update(Product).values(active=True))


async def test_an_owner_gets_the_quote_of_a_design(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    design = await make()
    shown = (await builder.execute(OF_DESIGN, customer, id=design["id"])).data["result"]["quote"]
    assert shown["unitPrice"] == {"amount": "26.16", "currencyCode": "GBP"}
    assert shown["quantityBreaks"] == [
        {"quantity": 3, "percent": 5},
        {"quantity": 10, "percent": 10},
        {"quantity": 50, "percent": 18},
    ]
    quote = read(shown["token"])
    assert quote == Quote(
        subject="design",
        subject_id=design["id"],
        version=1,
        product="COLLAR",
        title="Custom Collar",
        owner_id=customer_id,
        currency="GBP",
        unit_price_minor=2616,
        quantity_breaks=((3, 5), (10, 10), (50, 18)),
        grams=95,
        expires_at=quote.expires_at,
    )
    assert dt.datetime.fromisoformat(shown["expiresAt"]).timestamp() == quote.expires_at
    assert 23.9 * 3600 < quote.expires_at - time.time() <= 25 * 3600


async def test_staff_who_see_a_design_get_no_quote_of_it(builder: Served, make: Maker, support: str) -> None:
    design = await make()
    refused = await builder.execute(OF_DESIGN, support, id=design["id"])
    assert (refused.body["data"], refused.codes) == ({"result": {"version": 1, "quote": None}}, ["FORBIDDEN"])


async def test_anybody_gets_the_quote_of_a_preset(builder: Served) -> None:
    shown = (await builder.execute(OF_PRESET, id=PRESET_ID)).data["result"]
    quote = read(shown["quote"]["token"])
    assert (quote.subject, quote.subject_id, quote.owner_id) == ("preset", PRESET_ID, None)
    assert (quote.version, quote.title) == (shown["version"], shown["name"])
    assert quote.product == demo.PRESETS[0].config.product.value


@pytest.mark.usefixtures("withdrawn")
async def test_what_the_shop_does_not_sell_has_no_quote(builder: Served, make: Maker, customer: str) -> None:
    refused = await run(builder, "designCreate", customer, name="Rex", config=config())
    assert refused["code"] == "ILLEGAL_STATE"
    collar = next(row for row in demo.preset_rows() if row["product_kind"] == "COLLAR")
    shown = (await builder.execute(OF_PRESET, id=collar["id"])).data["result"]["quote"]
    assert (shown["__typename"], shown["reason"]) == ("NoQuote", "WITHDRAWN")
    assert shown["message"] == "The shop no longer sells this product; choose another one."


async def test_what_is_archived_has_no_quote(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    await run(builder, "designDelete", customer, id=design["id"], version=1)
    shown = (await builder.execute(OF_DESIGN, customer, id=design["id"])).data["result"]["quote"]
    assert (shown["__typename"], shown["reason"]) == ("NoQuote", "ARCHIVED")
    archived = new_id("pre")
    row = demo.preset_rows()[0] | {
        "id": archived,
        "handle": archived,
        "archived_at": dt.datetime.now(dt.UTC),
        "position": 999_999,
    }
    async with builder.database.write() as session:
        session.add(BuilderPreset(**row))
    shown = (await builder.execute(OF_PRESET, id=archived)).data["result"]["quote"]
    assert (shown["__typename"], shown["reason"]) == ("NoQuote", "ARCHIVED")


async def test_what_the_catalogue_dropped_has_no_quote(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    async with builder.database.write() as session:
        dropped = SavedDesign.__table__.c.config.op("||")({"material": "CERAMIC"})
        await session.execute(update(SavedDesign).where(SavedDesign.id == design["id"]).values(config=dropped))
    shown = (await builder.execute(OF_DESIGN, customer, id=design["id"])).data["result"]["quote"]
    assert (shown["__typename"], shown["reason"]) == ("NoQuote", "NOT_OFFERED")


async def test_quotes_of_many_cost_as_many_statements_as_of_one(
    builder: Served, make: Maker, customer: str, people: Identities
) -> None:
    for _ in range(6):
        await make()
    lists = [
        ("designs", customer, f"query ($first: Int) {{ result: designs(first: $first) {{ nodes {{ {QUOTE} }} }} }}"),
        ("presets", None, f"query ($first: Int) {{ result: presets(first: $first) {{ nodes {{ {QUOTE} }} }} }}"),
    ]
    for name, token, query in lists:
        costs = []
        for first in (1, 6):
            with builder.statements() as sent:
                nodes = (await builder.execute(query, token, first=first)).data["result"]["nodes"]
            assert [node["quote"]["__typename"] for node in nodes] == ["Quote"] * first, name
            costs.append(len(sent))
        assert costs == [2, 2], name
    keys = [row["id"] for row in demo.preset_rows()[:6]]
    entities = f"query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Preset {{ {QUOTE} }} }} }}"
    costs = []
    for asked in (keys[:1], keys):
        representations = [{"__typename": "Preset", "id": key} for key in asked]
        with builder.statements() as sent:
            found = (await builder.execute(entities, r=representations)).data["_entities"]
        assert all(each["quote"]["__typename"] == "Quote" for each in found)
        costs.append(len(sent))
    assert costs == [2, 2]


def ordered(customer_id: str, design_id: str, *versions: int | None) -> OrderCreated:
    return OrderCreated(
        order_id=new_id("ord"),
        number="1001",
        customer_id=customer_id,
        lines=[OrderedLine(design_id=design_id, quantity=1, design_version=version) for version in versions],
        total_minor=1000,
        currency="EUR",
    )


async def refusals(served: Served, order: OrderCreated) -> list[Any]:
    return [(data["design_id"], data["refusal"]) for _, data in await events_of(served, order.order_id)]


async def test_a_design_that_was_changed_after_its_quote_is_refused_and_not_frozen(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    design = await make()
    await run(builder, "designUpdate", customer, id=design["id"], version=1, config=config(size="LARGE"))
    before, _, _ = await stored(builder)
    order = ordered(customer_id, design["id"], 2, 1, None)
    await receive(builder, order)
    assert await refusals(builder, order) == [(design["id"], "CHANGED")]
    after, _, _ = await stored(builder)
    assert after == before
    order = ordered(customer_id, design["id"], 2, None)
    await receive(builder, order)
    assert await refusals(builder, order) == []
    # Frozen meanwhile: what was quoted before the change is refused still.
    late = ordered(customer_id, design["id"], 1)
    await receive(builder, late)
    assert await refusals(builder, late) == [(design["id"], "CHANGED")]


async def test_a_quote_stands_where_the_design_got_a_name_or_was_ordered_and_tidied(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    design = await make(config=config(text=None, layers=[patch(), patch(hidden=True)]))
    await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Rex's other collar")
    for quoted in (1, 2, 3):
        order = ordered(customer_id, design["id"], quoted)
        await receive(builder, order)
        await optimize_design(builder.database, design["id"])
        assert await refusals(builder, order) == []
    shown = (await builder.execute(OF_DESIGN, customer, id=design["id"])).data["result"]
    assert (shown["version"], shown["quote"]["__typename"]) == (4, "Quote")


def test_heavier_sizes_follow_lighter_ones() -> None:
    for rules in CATALOGUE.values():
        grams = [size.grams for size in rules.sizes]
        assert grams == sorted(set(grams))
