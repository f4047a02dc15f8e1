"""What a discount code takes off a cart, and why it may take nothing off."""

from dataclasses import dataclass

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import DiscountKind, DiscountRefusal


@dataclass(frozen=True)
class DiscountRule:
    """A discount code as it is for carts in one currency; amounts in minor units.

    `percent` is that of a PERCENTAGE, `amount_minor` that of an AMOUNT. `currency` is that of the amounts, None where
    the rule has none. Goods must cost `minimum_minor`, after quantity discounts, before the code takes anything off.
    """

    code: str
    kind: DiscountKind
    percent: int | None = None
    amount_minor: int | None = None
    currency: CurrencyCode | None = None
    minimum_minor: int = 0


def inapplicable(rule: DiscountRule, goods_minor: int, currency: CurrencyCode) -> DiscountRefusal | None:
    """Return why a rule does not apply to goods that cost so much after quantity discounts, or None where it does."""
    if rule.currency not in (None, currency):
        return DiscountRefusal.OTHER_CURRENCY
    return DiscountRefusal.BELOW_MINIMUM if goods_minor < rule.minimum_minor else None


def off_goods(rule: DiscountRule, goods_minor: int) -> int:
    """Return what a rule that applies takes off goods that cost so much: never more than that, a percentage rounded
    down to whole minor units."""
    if rule.kind is DiscountKind.PERCENTAGE:
        return goods_minor * (rule.percent or 0) // 100
    return min(goods_minor, rule.amount_minor or 0) if rule.kind is DiscountKind.AMOUNT else 0
