"""Presets by any choices and by price, and how many each further choice would leave."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text, update

from shared.graph.money import CurrencyCode
from subgraphs.builder.jobs import JOBS
from subgraphs.builder.models import BuilderPreset
from subgraphs.builder.service import preset_prices, presets
from subgraphs.builder.service.job_types import PRESET_REPRICE
from tests.builder.support import config
from tests.builder.test_presets import call, everything, make_preset
from tests.support.apps import Served

LIST = """query (
  $filter: PresetFilter, $search: String, $sort: PresetSort! = SHOP, $currency: CurrencyCode! = EUR
  $category: PresetCategory, $product: ProductKind, $first: Int = 100, $after: String
) {
  presets(
    filter: $filter, search: $search, sort: $sort, currency: $currency, category: $category, product: $product
    first: $first, after: $after
  ) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id category config { product material primaryColor } price(currency: $currency) { amount } }
  }
}"""
FACETS = """query (
  $filter: PresetFilter, $search: String, $currency: CurrencyCode! = EUR, $language: Language! = EN
) {
  presetFacets(filter: $filter, search: $search, currency: $currency, language: $language) {
    totalCount categories { category label count } products { product label count }
    materials { material label count } colors { color label hex count }
    lowestPrice { amount } highestPrice { amount }
  }
}"""
FIELDS = {"categories": "category", "products": "product", "materials": "material", "colors": "color"}
FILTERS: list[dict[str, Any]] = [
    {},
    {"materials": ["LEATHER"]},
    {"materials": ["LEATHER", "NYLON"], "products": ["COLLAR", "LEASH"]},
    {"colors": ["NAVY", "BLACK", "NAVY"], "priceBelow": "40"},
    {"categories": ["ELEGANT"], "materials": [], "priceBelow": "60.00"},
    {"products": ["BED"], "materials": ["LEATHER"]},
]


async def listed(builder: Served, **given: Any) -> Any:
    return (await builder.execute(LIST, **given)).data["presets"]


async def facets(builder: Served, **given: Any) -> Any:
    return (await builder.execute(FACETS, **given)).data["presetFacets"]


def fits(preset: Any, wanted: dict[str, Any]) -> bool:
    """Tell in plain Python whether a preset meets a filter."""
    values = {
        "categories": preset["category"],
        "products": preset["config"]["product"],
        "materials": preset["config"]["material"],
        "colors": preset["config"]["primaryColor"],
    }
    chosen = all(not wanted.get(name) or value in wanted[name] for name, value in values.items())
    below = wanted.get("priceBelow")
    return chosen and (below is None or Decimal(preset["price"]["amount"]) < Decimal(below))


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_a_filter_lets_those_pass_that_meet_all_conditions(builder: Served, wanted: dict[str, Any]) -> None:
    shop = (await listed(builder))["nodes"]
    with builder.statements() as sent:
        page = await listed(builder, filter=wanted)
    assert len(sent) == 2
    assert page["nodes"] == [preset for preset in shop if fits(preset, wanted)]
    assert page["totalCount"] == len(page["nodes"])


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_each_count_is_the_length_of_the_list_with_that_choice(builder: Served, wanted: dict[str, Any]) -> None:
    shop = (await listed(builder))["nodes"]
    with builder.statements() as sent:
        found = await facets(builder, filter=wanted)
    assert len(sent) == 1
    assert found["totalCount"] == sum(fits(preset, wanted) for preset in shop)
    for name, field in FIELDS.items():
        for facet in found[name]:
            narrowed = wanted | {name: [facet[field]]}
            assert facet["count"] == sum(fits(preset, narrowed) for preset in shop) > 0
        others = {key: value for key, value in wanted.items() if key != name}
        assert sum(facet["count"] for facet in found[name]) == sum(fits(preset, others) for preset in shop)
    prices = [Decimal(preset["price"]["amount"]) for preset in shop if fits(preset, wanted | {"priceBelow": "1000000"})]
    shown = [found[name] and Decimal(found[name]["amount"]) for name in ("lowestPrice", "highestPrice")]
    assert shown == [min(prices, default=None), max(prices, default=None)]


async def test_choices_are_named_in_the_language_that_is_asked_for(builder: Served) -> None:
    found = await facets(builder, filter={"materials": ["LEATHER"]}, language="DE")
    assert {"material": "LEATHER", "label": "Leder"}.items() <= found["materials"][0].items()
    named = {facet["color"]: (facet["label"], facet["hex"]) for facet in found["colors"]}
    assert named["BROWN"] == ("Braun", "#6B4226")


async def test_a_search_and_the_former_arguments_narrow_the_list_as_well(builder: Served) -> None:
    shop = (await listed(builder))["nodes"]
    both = await listed(builder, category="ELEGANT", product="COLLAR", filter={"categories": ["ELEGANT", "PLAYFUL"]})
    wanted = {"categories": ["ELEGANT"], "products": ["COLLAR"]}
    assert both["nodes"] == [preset for preset in shop if fits(preset, wanted)] != []
    assert (await listed(builder, category="ELEGANT", filter={"categories": ["PLAYFUL"]}))["nodes"] == []
    found = (await listed(builder, search="Leash"))["totalCount"]
    assert 0 < found == (await facets(builder, search="Leash"))["totalCount"] < len(shop)


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
@pytest.mark.parametrize("sort", ["PRICE_ASC", "PRICE_DESC"])
async def test_pages_by_price_join_to_the_whole_list(builder: Served, sort: str, currency: str) -> None:
    shop = (await listed(builder, currency=currency))["nodes"]
    seen, after = list[Any](), None
    while True:
        page = await listed(builder, sort=sort, currency=currency, first=7, after=after)
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    prices = [Decimal(preset["price"]["amount"]) for preset in seen]
    assert prices == sorted(prices, reverse=sort == "PRICE_DESC")
    assert sorted(preset["id"] for preset in seen) == sorted(preset["id"] for preset in shop)
    wrong = await builder.execute(LIST, sort="SHOP", after=after)
    assert wrong.codes == ["INVALID_INPUT"]


async def test_an_amount_that_is_none_in_the_currency_is_refused_at_its_field(builder: Served) -> None:
    for query in (LIST, FACETS):
        refused = await builder.execute(query, filter={"priceBelow": "1.005"})
        assert refused.codes == ["INVALID_INPUT"]
        [field] = refused.body["errors"][0]["extensions"]["fields"]
        assert (field["path"], field["code"]) == ("filter.priceBelow", "TOO_PRECISE")
        assert (await builder.execute(query, filter={"priceBelow": "0.5"}, currency="JPY")).codes == ["INVALID_INPUT"]
        assert (await builder.execute(query, filter={"priceBelow": "9999999999.99"})).codes == []


async def test_a_preset_is_found_by_its_price_from_the_change_on(builder: Served, admin: str) -> None:
    made = await make_preset(builder, admin, name="Priced", config=config(text=None))
    price = Decimal(
        (await call(builder, "presetUpdate", admin, id=made["id"], version=1, position=5)).data["result"]["preset"][
            "price"
        ]["amount"]
    )
    found = await listed(builder, search="Priced", filter={"priceBelow": str(price + 1)})
    assert [preset["id"] for preset in found["nodes"]] == [made["id"]]
    assert (await listed(builder, search="Priced", filter={"priceBelow": str(price)}))["nodes"] == []
    dearer = config(text=None, size="EXTRA_LARGE")
    await call(builder, "presetUpdate", admin, id=made["id"], version=2, config=dearer)
    assert (await listed(builder, search="Priced", filter={"priceBelow": str(price + 1)}))["nodes"] == []
    await call(builder, "presetArchive", admin, id=made["id"], version=3)
    assert (await facets(builder, search="Priced"))["totalCount"] == 0


async def test_presets_are_priced_anew_by_another_catalogue_and_those_without_a_price(
    builder: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = [column.key for column in preset_prices.PRICE_COLUMNS.values()]
    wanted = select(BuilderPreset.id, *[getattr(BuilderPreset, name) for name in columns]).order_by(BuilderPreset.id)
    async with builder.database.read() as connection:
        before = (await connection.execute(wanted)).all()
    async with builder.database.write() as session:
        await session.execute(update(BuilderPreset).values(dict.fromkeys(columns) | {"priced_by": "older"}))
    assert (await listed(builder, sort="PRICE_ASC"))["nodes"] == []
    monkeypatch.setattr(preset_prices, "AT_ONCE", 20)
    await JOBS[PRESET_REPRICE](builder.runtime, {})
    async with builder.database.read() as connection:
        assert (await connection.execute(wanted.where(BuilderPreset.archived_at.is_(None)))).all() == [
            row for row in before if row.id in {each["id"] for each in (await listed(builder))["nodes"]}
        ]
    with builder.statements() as sent:
        await JOBS[PRESET_REPRICE](builder.runtime, {})
    assert len([statement for statement in sent if "UPDATE" in statement.upper().split("FOR UPDATE")[0]]) == 0


async def test_lists_by_price_and_choice_use_an_index(builder: Served) -> None:
    for condition, order, index in (
        ("price_eur IS NOT NULL", "price_eur, id", "builder_preset_in_shop_price_eur"),
        ("material = 'LEATHER'", "position, id", "builder_preset_in_shop_material"),
        ("primary_color = 'NAVY'", "position, id", "builder_preset_in_shop_primary_color"),
        ("priced_by < 'x'", "priced_by", "builder_preset_in_shop_priced_by"),
    ):
        statement = f"SELECT id FROM builder_preset WHERE archived_at IS NULL AND {condition} ORDER BY {order} LIMIT 3"  # noqa: S608
        async with builder.database.write() as session:
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            await session.execute(text("SET LOCAL enable_bitmapscan = off"))
            plan = (await session.execute(text("EXPLAIN " + statement))).scalars().all()
        assert index in "\n".join(plan)


async def test_the_shop_has_only_so_many_presets(builder: Served, admin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make_preset(builder, admin, name="The Last One")
    count = (await listed(builder))["totalCount"]
    monkeypatch.setattr(presets, "MOST_PRESETS", count)
    before = await everything(builder)
    given = {"name": "One Too Many", "category": "PLAYFUL", "config": config()}
    refused = await call(builder, "presetCreate", admin, **given)
    assert refused.data["result"]["__typename"] == "IllegalStateProblem"
    assert await everything(builder) == before
    await call(builder, "presetArchive", admin, id=made["id"], version=1)
    assert (await call(builder, "presetCreate", admin, **given)).data["result"]["__typename"] == "PresetCreateSuccess"


def test_every_currency_has_a_price_column() -> None:
    assert set(preset_prices.PRICE_COLUMNS) == set(CurrencyCode)
    assert {column.key for column in preset_prices.PRICE_COLUMNS.values()} == {
        f"price_{currency.value.lower()}" for currency in CurrencyCode
    }
