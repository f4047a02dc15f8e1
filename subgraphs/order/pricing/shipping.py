"""What it costs to send goods: by country, weight, and the value of the goods."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import ShippingMethod
from subgraphs.order.pricing.rules import SHIPPING, MethodRule


@dataclass(frozen=True)
class ShippingRate:
    """A method with its price in minor units, and the working days that it takes (from, to)."""

    method: ShippingMethod
    amount_minor: int
    days: tuple[int, int]


def shipping_rates(country_code: str, grams: int, currency: CurrencyCode, goods_minor: int) -> Sequence[ShippingRate]:
    """Return the methods by which goods can be sent, STANDARD first; none where nothing is sent to the country.

    `goods_minor` is what the goods cost after quantity discounts: a code that takes something off must not
    make shipping dearer. What is heavier than the heaviest parcel goes in several.
    """
    zone = SHIPPING.zone(country_code)
    if zone is None:
        return []
    return [ShippingRate(rule.method, _amount(rule, grams, currency, goods_minor), rule.days) for rule in zone.methods]


def delivered_countries() -> list[str]:
    """Return the codes of all countries to which goods are sent, sorted."""
    return sorted(country for zone in SHIPPING.zones for country in zone.countries)


def _amount(rule: MethodRule, grams: int, currency: CurrencyCode, goods_minor: int) -> int:
    if rule.free_from is not None and goods_minor >= rule.free_from[currency]:
        return 0
    heaviest = rule.steps[-1]
    full, rest = divmod(grams, heaviest.grams)
    amount = full * heaviest.price[currency]
    if rest or not full:
        amount += next(step.price[currency] for step in rule.steps if rest <= step.grams)
    return amount
