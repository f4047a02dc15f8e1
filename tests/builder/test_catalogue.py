"""The catalogue's files agree with themselves, forms can be drawn from them, and demo content obeys them."""

import datetime as dt
import random
from typing import Any

import pytest
from pydantic import ValidationError

from petplus.bulk_copy import copy_rows
from shared.core.settings import Settings
from shared.graph.money import CurrencyCode
from subgraphs.builder import demo
from subgraphs.builder.catalogue import CATALOGUE, PALETTE, pricing
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.rules import ProductRules
from subgraphs.builder.catalogue.validation import is_offered
from subgraphs.builder.enums import Color, DesignStatus, Pattern, PresetCategory, ProductKind, TextTechnique
from tests.builder.support import DESIGN
from tests.support.apps import Served


@pytest.mark.parametrize("rules", CATALOGUE.values(), ids=lambda rules: rules.product.name)
def test_whatever_a_product_offers_can_be_chosen(rules: ProductRules) -> None:
    grounds = {color for material in rules.materials for color in material.colors}
    assert set(rules.color_pairs) == grounds
    assert all(partners and primary not in partners for primary, partners in rules.color_pairs.items())
    offered = {pattern for material in rules.materials for pattern in material.patterns}
    assert offered == {Pattern.SOLID} | {rule.pattern for rule in rules.patterns}
    techniques = {technique for material in rules.materials for technique in material.techniques}
    assert techniques == {rule.technique for rule in rules.techniques}
    assert all(bool(rule.colors) == (rule.technique is TextTechnique.EMBROIDERY) for rule in rules.techniques)
    for choices in (
        [rule.size for rule in rules.sizes],
        [rule.material for rule in rules.materials],
        [rule.finish for rule in rules.hardware],
        [rule.pattern for rule in rules.patterns],
    ):
        assert len(choices) == len(set(choices))
    steps = [(step.quantity, step.percent) for step in rules.quantity_breaks]
    assert steps == sorted(steps)


def test_every_colour_has_a_value_for_screens() -> None:
    assert set(PALETTE) == set(Color)
    assert all(len(value) == 7 and int(value.removeprefix("#"), 16) >= 0 for value in PALETTE.values())


def test_a_slip_in_a_product_file_is_found_when_it_is_read() -> None:
    good = CATALOGUE[ProductKind.BOWL].model_dump(mode="json")
    assert ProductRules.model_validate(good) == CATALOGUE[ProductKind.BOWL]
    slips: list[dict[str, Any]] = [
        {"titel": "Bowl"},
        {"price": {"EUR": 1}},
        {"price": {"EUR": -1, "GBP": 1, "USD": 1}},
        {"sizes": []},
    ]
    for slip in slips:
        with pytest.raises(ValidationError):
            ProductRules.model_validate(good | slip)


async def test_a_form_can_be_drawn_from_the_options(builder: Served) -> None:
    query = """{ productOptions(product: TAG) {
      product sizes { size measure textLength } materials { material colors { color hex } patterns techniques }
      hardware colorPairs { primary secondary { color } } textPositions textPunctuation
      techniques { technique fonts colors { color } } quantityBreaks { quantity percent }
    } }"""
    with builder.statements() as sent:
        options = (await builder.execute(query)).data["productOptions"]
    assert sent == []
    assert options["sizes"][0] == {"size": "SMALL", "measure": "20 mm across", "textLength": 14}
    assert options["materials"][1] == {
        "material": "BRASS",
        "colors": [{"color": "GOLD", "hex": "#C9A24A"}],
        "patterns": ["SOLID", "PAWS"],
        "techniques": ["ENGRAVING"],
    }
    assert options["hardware"] == ["NICKEL", "BRASS"]
    assert options["colorPairs"][0] == {"primary": "SILVER", "secondary": [{"color": "BLACK"}, {"color": "GREY"}]}
    assert options["textPositions"] == ["CENTER", "BACK"]
    assert options["techniques"] == [
        {"technique": "ENGRAVING", "fonts": ["SANS", "SERIF", "SCRIPT", "TYPEWRITER"], "colors": []}
    ]
    assert options["quantityBreaks"][-1] == {"quantity": 25, "percent": 20}
    assert set("+&'!?") < set(options["textPunctuation"])


async def test_anybody_browses_products(builder: Served) -> None:
    query = "{ products { id title kind handle active priceFrom(currency: USD) { amount } options { product } } }"
    products = (await builder.execute(query)).data["products"]
    assert [product["title"] for product in products] == [
        *("Custom Bandana", "Custom Bed", "Custom Bowl", "Custom Collar", "Custom Harness", "Custom Leash"),
        "Engraved Tag",
    ]
    tag = products[-1]
    assert (tag["handle"], tag["active"], tag["priceFrom"]) == ("engraved-tag", True, {"amount": "10.90"})
    assert all(product["options"]["product"] == product["kind"] for product in products)
    one = await builder.execute("query ($id: ID!) { product(id: $id) { title } }", id=tag["id"])
    assert one.data == {"product": {"title": "Engraved Tag"}}


def test_demo_presets_are_on_offer_in_every_category() -> None:
    assert len(demo.PRESETS) >= 40
    assert {preset.category for preset in demo.PRESETS} == set(PresetCategory)
    assert {preset.config.product for preset in demo.PRESETS} == set(ProductKind)
    assert [preset.name for preset in demo.PRESETS if not is_offered(preset.config)] == []
    assert len({row["id"] for row in demo.preset_rows()}) == len(demo.PRESETS)


def test_demo_designs_are_on_offer() -> None:
    generator = random.Random(7)
    made = [demo.random_config(generator) for _ in range(10_000)]
    assert [name for name, config in made if not is_offered(config)] == []
    assert {config.product for _, config in made} == set(ProductKind)
    assert demo.random_config(random.Random(3)) == demo.random_config(random.Random(3))


async def test_demo_designs_are_stored_by_copy_and_shown(
    builder: Served, settings: Settings, customer: str, customer_id: str
) -> None:
    # A seed that makes designs with and without a preset: a fifth have one, so not all seeds do.
    generator, made = random.Random(7), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    rows: list[dict[str, Any]] = [
        demo.design_row(generator, customer_id, CurrencyCode.GBP, made, status)
        for status in (DesignStatus.DRAFT, DesignStatus.ORDERED, DesignStatus.ARCHIVED) * 10
    ]
    await copy_rows(settings, "builder", {"saved_design": rows})
    query = f"""{{ designs(first: 100) {{ nodes {{ {DESIGN} }} }} }}"""
    shown = {node["id"]: node for node in (await builder.execute(query, customer)).data["designs"]["nodes"]}
    assert set(shown) == {row["id"] for row in rows if row["status"] != "ARCHIVED"}
    assert {node["preset"] is None for node in shown.values()} == {True, False}
    for row in rows:
        if row["status"] != "ARCHIVED":
            node = shown[row["id"]]
            assert (node["preset"] is None) == (row["preset_id"] is None)
            assert (node["name"], node["status"], node["version"]) == (row["name"], row["status"], row["version"])
            assert node["price"] == {"amount": f"{row['price_minor'] / 100:.2f}", "currencyCode": "GBP"}


def test_configurations_survive_storage() -> None:
    generator = random.Random(11)
    for _ in range(500):
        _, config = demo.random_config(generator)
        assert DesignConfig.from_json(config.to_json()) == config


def test_what_the_catalogue_dropped_is_no_longer_on_offer() -> None:
    config = next(preset.config for preset in demo.PRESETS if preset.name == "Heritage Leather Collar")
    old = config.to_json() | {"primary_color": "PURPLE"}
    assert not is_offered(DesignConfig.from_json(old))
    assert pricing.unit_price(config, CurrencyCode.EUR) == 1990 + 400 + 1500 + 300 + 400 + 7 * 20
