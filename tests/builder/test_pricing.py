"""Prices: exact, itemised, never negative, and never falling with the quantity between two breaks."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.graph.money import CurrencyCode
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.pricing import lowest_price, quote, unit_price
from subgraphs.builder.enums import PriceItemKind, ProductKind
from tests.builder.configs import allowed
from tests.builder.support import config, patch, run, words
from tests.support.apps import Served
from tests.support.properties import examples

CONFIGS = st.integers(0, 2**32).map(lambda seed: allowed(random.Random(seed)))
CURRENCIES = st.sampled_from(CurrencyCode)
QUANTITIES = st.integers(1, 1000)
QUOTE = """query ($config: DesignConfigInput!, $quantity: Int! = 1, $currency: CurrencyCode! = EUR) {
  priceQuote(input: { config: $config, quantity: $quantity, currency: $currency }) {
    ... on PriceQuote {
      quantity unitPrice { amount } total { amount currencyCode } items { kind label amount { amount } }
    }
    ... on InvalidInputProblem { code fields { path code } }
  }
}"""


@settings(max_examples=examples(200), deadline=None)
@given(CONFIGS, QUANTITIES, CURRENCIES)
def test_items_sum_to_a_total_that_is_never_negative(
    design: DesignConfig, quantity: int, currency: CurrencyCode
) -> None:
    priced = quote(design, quantity, currency)
    assert priced.total_minor == sum(item.amount_minor for item in priced.items) > 0
    assert priced.total_minor <= priced.unit_price_minor * quantity
    assert priced.unit_price_minor == unit_price(design, currency) == quote(design, 1, currency).total_minor
    discounts = [item for item in priced.items if item.kind is PriceItemKind.QUANTITY_DISCOUNT]
    assert all((item.amount_minor < 0) == (item in discounts) for item in priced.items)
    assert len(discounts) <= 1


@settings(max_examples=examples(200), deadline=None)
@given(CONFIGS, QUANTITIES, CURRENCIES)
def test_one_more_piece_costs_more_unless_it_reaches_a_break(
    design: DesignConfig, quantity: int, currency: CurrencyCode
) -> None:
    reached = {step.quantity for step in CATALOGUE[design.product].quantity_breaks}
    less, more = quote(design, quantity, currency), quote(design, quantity + 1, currency)
    if quantity + 1 not in reached:
        assert more.total_minor > less.total_minor
    assert more.total_minor * quantity <= less.total_minor * (quantity + 1) + quantity


@settings(max_examples=examples(100), deadline=None)
@given(CONFIGS, CURRENCIES)
def test_nothing_costs_less_than_the_plainest(design: DesignConfig, currency: CurrencyCode) -> None:
    assert unit_price(design, currency) >= lowest_price(design.product, currency)


@pytest.mark.parametrize("currency", CurrencyCode)
def test_every_product_has_a_price_in_every_currency(currency: CurrencyCode) -> None:
    assert all(lowest_price(product, currency) > 500 for product in ProductKind)


async def test_a_quote_names_what_it_is_made_of(builder: Served) -> None:
    with builder.statements() as sent:
        priced = (await builder.execute(QUOTE, config=config(material="HEMP"), quantity=10)).data["priceQuote"]
    assert sent == []
    assert priced == {
        "quantity": 10,
        "unitPrice": {"amount": "35.65"},
        "total": {"amount": "320.85", "currencyCode": "EUR"},
        "items": [
            {"kind": "BASE", "label": "Collar", "amount": {"amount": "199.00"}},
            {"kind": "SIZE", "label": "Medium", "amount": {"amount": "20.00"}},
            {"kind": "MATERIAL", "label": "Hemp", "amount": {"amount": "50.00"}},
            {"kind": "PATTERN", "label": "Stripes", "amount": {"amount": "20.00"}},
            {"kind": "HARDWARE", "label": "Brass", "amount": {"amount": "30.00"}},
            {"kind": "TEXT", "label": "Embroidery", "amount": {"amount": "37.50"}},
            {"kind": "QUANTITY_DISCOUNT", "label": "10 % off", "amount": {"amount": "-35.65"}},
        ],
    }


async def test_a_discount_is_rounded_down_to_whole_cents(builder: Served) -> None:
    priced = (await builder.execute(QUOTE, config=config(), quantity=3)).data["priceQuote"]
    # 3 times 30.65 is 91.95; 5 % of it is 4.5975
    assert priced["items"][-1]["amount"] == {"amount": "-4.59"}
    assert priced["total"]["amount"] == "87.36"


async def test_a_quote_of_a_wrong_configuration_names_the_fields(builder: Served) -> None:
    wrong = config(hardware=None, text=words(content="x" * 17))
    refused = (await builder.execute(QUOTE, config=wrong, quantity=0)).data["priceQuote"]
    assert refused == {
        "code": "INVALID_INPUT",
        "fields": [
            {"path": "input.config.hardware", "code": "HARDWARE_REQUIRED"},
            {"path": "input.config.text.content", "code": "TOO_LONG"},
            {"path": "input.quantity", "code": "OUT_OF_RANGE"},
        ],
    }


@pytest.mark.parametrize("quantity", [0, -1, 1001, 2**31 - 1])
async def test_quantities_out_of_range_are_refused(builder: Served, quantity: int) -> None:
    refused = (await builder.execute(QUOTE, config=config(), quantity=quantity)).data["priceQuote"]
    assert refused["fields"] == [{"path": "input.quantity", "code": "OUT_OF_RANGE"}]


@settings(max_examples=examples(100), deadline=None)
@given(CONFIGS, QUANTITIES, CURRENCIES)
def test_amounts_are_whole_and_the_discount_is_exact(
    design: DesignConfig, quantity: int, currency: CurrencyCode
) -> None:
    priced = quote(design, quantity, currency)
    assert all(type(item.amount_minor) is int for item in priced.items)
    gross = priced.unit_price_minor * quantity
    percent = max(
        (it.percent for it in CATALOGUE[design.product].quantity_breaks if quantity >= it.quantity), default=0
    )
    assert gross - priced.total_minor == gross * percent // 100
    for item in priced.items:
        if item.kind is not PriceItemKind.QUANTITY_DISCOUNT:
            assert item.amount_minor % quantity == 0


async def test_only_motifs_that_can_be_seen_are_paid_for(builder: Served) -> None:
    layers = [patch(), patch(hidden=True), patch(x=-25, size=10)]
    priced = (await builder.execute(QUOTE, config=config(text=None, layers=layers), quantity=2)).data["priceQuote"]
    assert priced["items"][-1] == {"kind": "LAYERS", "label": "1 motif", "amount": {"amount": "3.00"}}


async def test_a_saved_design_costs_what_was_quoted(builder: Served, customer: str) -> None:
    for currency in CurrencyCode:
        look = config(layers=[patch(), patch(motif="HEART", x=20)])
        quoted = (await builder.execute(QUOTE, config=look, currency=currency.value)).data["priceQuote"]
        made = await run(builder, "designCreate", customer, name="x", config=look, currency=currency.value)
        assert made["design"]["price"] == {**quoted["unitPrice"], "currencyCode": currency.value}
