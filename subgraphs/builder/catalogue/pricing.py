"""What a configuration costs: pure functions over the catalogue's rules, in integer minor units.

A piece costs base + size + material + pattern + hardware + text + the layers that can be seen. From each quantity
break on, a percentage of the sum is taken off, rounded in the shop's favour to whole minor units. The items of a quote
always sum to its total.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from shared.graph.money import CurrencyCode
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.layers import optimized
from subgraphs.builder.catalogue.rules import Surcharge
from subgraphs.builder.enums import HardwareFinish, Material, Pattern, PriceItemKind, ProductKind, Size, TextTechnique

R = TypeVar("R")
Choice: TypeAlias = ProductKind | Size | Material | Pattern | HardwareFinish | TextTechnique


@dataclass(frozen=True)
class Item:
    """One line of a quote: what it is for and its amount for all pieces, in minor units.

    `subject` is the choice, the number of motifs or the percentage that is taken off.
    """

    kind: PriceItemKind
    subject: Choice | int
    amount_minor: int
    currency: CurrencyCode


@dataclass(frozen=True)
class Quote:
    """What some pieces of one configuration cost. Amounts are minor units of `currency`."""

    quantity: int
    currency: CurrencyCode
    unit_price_minor: int
    items: tuple[Item, ...]

    @property
    def total_minor(self) -> int:
        return sum(item.amount_minor for item in self.items)


def quote(config: DesignConfig, quantity: int, currency: CurrencyCode) -> Quote:
    """Price `quantity` pieces of a configuration that the catalogue allows."""
    parts = [(kind, subject, amount) for kind, subject, amount in _parts(config, currency) if amount > 0]
    unit_price = sum(amount for _, _, amount in parts)
    items = [Item(kind, subject, amount * quantity, currency) for kind, subject, amount in parts]
    percent = _percent_off(config, quantity)
    if percent:
        discount = unit_price * quantity * percent // 100
        items.append(Item(PriceItemKind.QUANTITY_DISCOUNT, percent, -discount, currency))
    return Quote(quantity, currency, unit_price, tuple(items))


def unit_price(config: DesignConfig, currency: CurrencyCode) -> int:
    """Return what a single piece costs, in minor units."""
    return sum(amount for _, _, amount in _parts(config, currency))


def grams(config: DesignConfig) -> int:
    """Return what a single piece weighs with its packaging, in grams."""
    return _on_offer(CATALOGUE[config.product].size(config.size)).grams


def lowest_price(product: ProductKind, currency: CurrencyCode) -> int:
    """Return what the plainest piece of a product costs, in minor units."""
    rules = CATALOGUE[product]
    size = min(rule.price[currency] for rule in rules.sizes)
    material = min(rule.price[currency] for rule in rules.materials)
    hardware = min((rule.price[currency] for rule in rules.hardware), default=0)
    return rules.price[currency] + size + material + hardware


def _parts(config: DesignConfig, currency: CurrencyCode) -> Iterator[tuple[PriceItemKind, Choice | int, int]]:
    rules = CATALOGUE[config.product]
    yield PriceItemKind.BASE, rules.product, rules.price[currency]
    yield PriceItemKind.SIZE, config.size, _surcharge(rules.size(config.size), currency)
    yield PriceItemKind.MATERIAL, config.material, _surcharge(rules.material(config.material), currency)
    if config.pattern is not Pattern.SOLID:
        yield PriceItemKind.PATTERN, config.pattern, _surcharge(rules.pattern(config.pattern), currency)
    if config.hardware is not None:
        yield PriceItemKind.HARDWARE, config.hardware, _surcharge(rules.finish(config.hardware), currency)
    if config.text is not None:
        technique = _on_offer(rules.technique(config.text.technique))
        characters = technique.price_per_character[currency] * len(config.text.content)
        yield PriceItemKind.TEXT, config.text.technique, technique.price[currency] + characters
    seen = optimized(config).layers
    if seen:
        amount = _on_offer(rules.layers).price[currency] * len(seen)
        yield PriceItemKind.LAYERS, len(seen), amount


def _on_offer(rule: R | None) -> R:
    if rule is None:
        raise ValueError("a configuration is validated before it is priced")
    return rule


def _surcharge(rule: Surcharge | None, currency: CurrencyCode) -> int:
    return _on_offer(rule).price[currency]


def _percent_off(config: DesignConfig, quantity: int) -> int:
    reached = [step.percent for step in CATALOGUE[config.product].quantity_breaks if quantity >= step.quantity]
    return max(reached, default=0)
