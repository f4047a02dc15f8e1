"""What a cart costs: exact in each currency, whatever the order of its lines; never negative, and rising with it."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import DiscountKind, DiscountRefusal, ShippingMethod
from subgraphs.order.pricing.allocation import allocate
from subgraphs.order.pricing.discounts import DiscountRule, inapplicable
from subgraphs.order.pricing.rules import SHIPPING, TAX, ShippingRules, TaxRules
from subgraphs.order.pricing.shipping import shipping_rates
from subgraphs.order.pricing.tax import tax_on
from subgraphs.order.pricing.totals import CartTotals, PricedItem, cart_totals
from tests.support.properties import examples

EUR, JPY, USD = CurrencyCode.EUR, CurrencyCode.JPY, CurrencyCode.USD
STANDARD, EXPRESS = ShippingMethod.STANDARD, ShippingMethod.EXPRESS
EUROPEAN_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
DESTINATIONS = [None, *(country for zone in SHIPPING.zones for country in zone.countries), "BR"]
ADDED = TaxRules(added={"US": 825, "CA": 500})

currencies = st.sampled_from(CurrencyCode)
prices = st.integers(0, 200_000)
breaks = st.sampled_from([(), ((3, 5), (10, 10), (50, 18)), ((2, 50),)])
items = st.lists(
    st.builds(
        PricedItem,
        key=st.uuids().map(str),
        product=st.just("COLLAR"),
        quantity=st.integers(1, 120),
        unit_price_minor=prices,
        quantity_breaks=breaks,
        grams=st.integers(0, 5000),
    ),
    max_size=8,
    unique_by=lambda item: item.key,
)
discounts = st.none() | st.builds(
    DiscountRule,
    code=st.just("WELCOME"),
    kind=st.sampled_from(DiscountKind),
    percent=st.integers(1, 100),
    amount_minor=st.integers(1, 10**6),
    currency=st.none() | currencies,
    minimum_minor=st.integers(0, 10**5),
)
carts = st.fixed_dictionaries(
    {
        "items": items,
        "currency": currencies,
        "discount": discounts,
        "country_code": st.sampled_from(DESTINATIONS),
        "method": st.none() | st.sampled_from(ShippingMethod),
        "taxes": st.sampled_from([TAX, ADDED]),
    }
)
many = settings(max_examples=examples(200), deadline=None)


def an_item(key: str = "a", price: int = 1000, quantity: int = 1, **given: object) -> PricedItem:
    return replace(PricedItem(key, "COLLAR", quantity, price, (), 100), **given)  # type: ignore[arg-type]


@many
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_an_amount_is_split_exactly_and_within_one_unit_of_proportion(amount: int, weights: list[int]) -> None:
    whole = sum(weights)
    if whole == 0:
        assert allocate(0, weights) == [0] * len(weights)
        return
    shares = allocate(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * whole - amount * weight) < whole
        assert share == 0 or weight > 0


def test_what_cannot_be_split_is_refused() -> None:
    for amount, weights in ((1, []), (1, [0, 0]), (-1, [1]), (1, [2, -1])):
        with pytest.raises(ValueError, match="split"):
            allocate(amount, weights)


@many
@given(carts)
def test_all_sums_are_exact_and_none_is_negative(cart: dict[str, Any]) -> None:
    found = cart_totals(**cart)
    lines = found.lines
    assert [line.key for line in lines] == [item.key for item in cart["items"]]
    for name in ("subtotal_minor", "quantity_discount_minor", "code_discount_minor"):
        assert getattr(found, name) == sum(getattr(line, name) for line in lines)
    for line in lines:
        assert line.total_minor == line.subtotal_minor - line.quantity_discount_minor - line.code_discount_minor
        assert min(line.total_minor, line.quantity_discount_minor, line.code_discount_minor, line.tax_minor) >= 0
    goods = sum(line.total_minor for line in lines)
    assert found.total_minor == goods + found.shipping_minor + found.tax_added_minor >= 0
    assert min(found.shipping_minor, found.shipping_discount_minor, found.shipping_tax_minor) >= 0
    paid = found.shipping_minor + found.shipping_discount_minor
    assert paid == (found.shipping.amount_minor if found.shipping is not None else 0)
    taxed = found.shipping_tax_minor + sum(line.tax_minor for line in lines)
    assert taxed == found.tax_included_minor + found.tax_added_minor
    assert 0 in (found.tax_included_minor, found.tax_added_minor)
    assert all(type(value) is int for value in vars(found).values() if isinstance(value, int))


@many
@given(carts)
def test_included_tax_never_exceeds_what_it_is_part_of(cart: dict[str, Any]) -> None:
    found = cart_totals(**{**cart, "taxes": TAX})
    assert found.tax_added_minor == 0
    assert found.tax_included_minor <= found.total_minor
    assert found.shipping_tax_minor <= found.shipping_minor
    assert all(line.tax_minor <= line.total_minor for line in found.lines)


@many
@given(carts, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(cart: dict[str, Any], rng: random.Random) -> None:
    shuffled = list(cart["items"])
    rng.shuffle(shuffled)
    one, other = cart_totals(**cart), cart_totals(**{**cart, "items": shuffled})
    assert replace(one, lines=()) == replace(other, lines=())
    assert {line.key: line for line in one.lines} == {line.key: line for line in other.lines}


def goods_of(found: CartTotals) -> int:
    return sum(line.total_minor for line in found.lines)


@many
@given(carts, st.integers(1, 1000))
def test_a_higher_price_never_makes_the_goods_cheaper_without_a_minimum(cart: dict[str, Any], more: int) -> None:
    if not cart["items"]:
        return
    rule = cart["discount"]
    cart["discount"] = replace(rule, minimum_minor=0) if rule is not None else None
    dearest = replace(cart["items"][0], unit_price_minor=cart["items"][0].unit_price_minor + more)
    dearer = {**cart, "items": [dearest, *cart["items"][1:]]}
    assert goods_of(cart_totals(**dearer)) >= goods_of(cart_totals(**cart))


@many
@given(currencies, st.sampled_from(DESTINATIONS), st.integers(0, 10**6), st.integers(0, 10**6), prices)
def test_heavier_goods_never_ship_for_less(
    currency: CurrencyCode, country: str | None, grams: int, more: int, goods: int
) -> None:
    for lighter, heavier in zip(
        shipping_rates(country or "DE", grams, currency, goods),
        shipping_rates(country or "DE", grams + more, currency, goods),
        strict=True,
    ):
        assert heavier.amount_minor >= lighter.amount_minor >= 0


@many
@given(carts)
def test_a_code_never_makes_a_cart_dearer(cart: dict[str, Any]) -> None:
    assert cart_totals(**cart).total_minor <= cart_totals(**{**cart, "discount": None}).total_minor


@many
@given(items, currencies, st.integers(1, 100))
def test_a_percentage_of_nothing_is_nothing(goods: list[PricedItem], currency: CurrencyCode, percent: int) -> None:
    free = [replace(item, unit_price_minor=0) for item in goods]
    rule = DiscountRule("NOTHING", DiscountKind.PERCENTAGE, percent=percent)
    found = cart_totals(free, currency, discount=rule)
    assert (found.code_discount_minor, found.total_minor) == (0, 0)


def test_an_empty_cart_costs_nothing() -> None:
    rule = DiscountRule("FIVE", DiscountKind.AMOUNT, amount_minor=500, currency=EUR)
    found = cart_totals([], EUR, discount=rule, country_code="DE", method=STANDARD)
    assert found == CartTotals((), None, *[0] * 9)


def test_a_cart_is_added_up() -> None:
    cart = [an_item("collar", 1490, 3, quantity_breaks=((3, 5), (10, 10)), grams=120), an_item("tag", 990, grams=20)]
    rule = DiscountRule("TEN", DiscountKind.PERCENTAGE, percent=10)
    found = cart_totals(cart, EUR, discount=rule, country_code="DE", method=STANDARD)
    # 44.70 less 5 % (2.235, rounded down), and 9.90; 10 % off 52.37; 19 % included in 47.14 and shipping of 3.90.
    collar, tag = found.lines
    assert (collar.subtotal_minor, collar.quantity_discount_minor, collar.code_discount_minor) == (4470, 223, 424)
    assert (tag.subtotal_minor, tag.quantity_discount_minor, tag.code_discount_minor) == (990, 0, 99)
    assert (found.shipping_minor, found.total_minor, found.tax_included_minor) == (390, 5104, 815)
    assert (collar.tax_minor, tag.tax_minor, found.shipping_tax_minor) == (611, 142, 62)


def test_yen_have_no_parts() -> None:
    rule = DiscountRule("THIRD", DiscountKind.PERCENTAGE, percent=33)
    found = cart_totals([an_item(price=3185)], JPY, discount=rule, country_code="JP", method=EXPRESS)
    assert (found.code_discount_minor, found.shipping_minor, found.total_minor) == (1051, 4460, 6594)


def test_a_code_of_another_currency_or_below_its_minimum_takes_nothing_off() -> None:
    rule = DiscountRule("FIVE", DiscountKind.AMOUNT, amount_minor=500, currency=EUR, minimum_minor=1000)
    assert inapplicable(rule, 1000, EUR) is None
    assert inapplicable(rule, 999, EUR) is DiscountRefusal.BELOW_MINIMUM
    assert inapplicable(rule, 1000, USD) is DiscountRefusal.OTHER_CURRENCY
    cases = ((EUR, 1000, 500), (EUR, 999, 0), (USD, 1000, 0))
    for currency, price, expected in cases:
        assert cart_totals([an_item(price=price)], currency, discount=rule).code_discount_minor == expected


def test_an_amount_takes_off_no_more_than_the_goods_cost() -> None:
    rule = DiscountRule("LOTS", DiscountKind.AMOUNT, amount_minor=99_999, currency=EUR)
    found = cart_totals([an_item("a", 300), an_item("b", 1)], EUR, discount=rule, country_code="DE", method=STANDARD)
    assert (found.code_discount_minor, found.total_minor) == (301, 390)
    assert [line.total_minor for line in found.lines] == [0, 0]
    assert (found.tax_included_minor, found.shipping_tax_minor) == (62, 62)


def test_free_shipping_is_free_by_the_standard_method_alone() -> None:
    rule = DiscountRule("FREE", DiscountKind.FREE_SHIPPING)
    for method, shipping, saved in ((STANDARD, 0, 390), (EXPRESS, 990, 0)):
        found = cart_totals([an_item()], EUR, discount=rule, country_code="NL", method=method)
        assert (found.shipping_minor, found.shipping_discount_minor, found.total_minor) == (
            shipping,
            saved,
            1000 + shipping,
        )


def test_shipping_is_free_from_an_amount_of_goods_after_quantity_discounts() -> None:
    for price, expected in ((5999, 390), (6000, 0)):
        assert cart_totals([an_item(price=price)], EUR, country_code="DE", method=STANDARD).shipping_minor == expected
    rule = DiscountRule("TEN", DiscountKind.PERCENTAGE, percent=10)
    found = cart_totals([an_item(price=6000)], EUR, discount=rule, country_code="DE", method=STANDARD)
    assert (found.shipping_minor, found.total_minor) == (0, 5400)
    several = [an_item(price=2000, quantity=3, quantity_breaks=((3, 5),))]
    assert cart_totals(several, EUR, country_code="DE", method=STANDARD).shipping_minor == 390


def test_what_is_too_heavy_for_a_parcel_goes_in_several() -> None:
    heaviest = {
        grams: shipping_rates("DE", grams, EUR, 0)[0].amount_minor for grams in (0, 500, 501, 30_000, 30_001, 60_000)
    }
    assert heaviest == {0: 390, 500: 390, 501: 490, 30_000: 1490, 30_001: 1880, 60_000: 2980}


def test_nothing_is_sent_to_a_country_without_a_zone() -> None:
    assert shipping_rates("BR", 100, EUR, 0) == []
    found = cart_totals([an_item()], EUR, country_code="BR", method=STANDARD)
    assert (found.shipping, found.shipping_minor, found.total_minor) == (None, 0, 1000)


def test_a_cart_without_destination_has_neither_shipping_nor_tax() -> None:
    found = cart_totals([an_item()], EUR, method=STANDARD)
    assert (found.shipping, found.tax_included_minor, found.total_minor) == (None, 0, 1000)


def test_prices_include_the_tax_of_the_destination_and_exports_have_none() -> None:
    assert TAX.included.keys() == {*EUROPEAN_UNION.split(), "GB", "CH"}
    assert TAX.added == {}
    found = {country: tax_on(10_000, country).included_minor for country in ("DE", "FI", "CH", "US", "JP", "NO")}
    assert found == {"DE": 1597, "FI": 2032, "CH": 749, "US": 0, "JP": 0, "NO": 0}


def test_tax_may_also_be_added_to_prices() -> None:
    found = cart_totals([an_item()], USD, country_code="US", method=STANDARD, taxes=ADDED)
    assert (found.tax_added_minor, found.tax_included_minor, found.total_minor) == (172, 0, 1000 + 1090 + 172)


def test_goods_are_delivered_to_all_whose_prices_include_tax() -> None:
    assert all(SHIPPING.zone(country) is not None for country in TAX.included)


def test_wrong_rules_are_refused() -> None:
    zone = SHIPPING.model_dump()["zones"][0]
    falling = {**zone["methods"][0], "steps": zone["methods"][0]["steps"][::-1]}
    for wrong in (
        {"zones": [zone, zone]},
        {"zones": [{**zone, "methods": zone["methods"][:1]}]},
        {"zones": [{**zone, "methods": [falling, zone["methods"][1]]}]},
    ):
        with pytest.raises(ValidationError):
            ShippingRules.model_validate(wrong)
    with pytest.raises(ValidationError):
        TaxRules(included={"DE": 1900}, added={"DE": 1900})
