"""What a cart costs in all, line by line: exact in minor units, whatever the order of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import DiscountKind, ShippingMethod
from subgraphs.order.pricing.allocation import allocate
from subgraphs.order.pricing.discounts import DiscountRule, inapplicable, off_goods
from subgraphs.order.pricing.rules import TAX, TaxRules
from subgraphs.order.pricing.shipping import ShippingRate, shipping_rates
from subgraphs.order.pricing.tax import tax_on


@dataclass(frozen=True)
class PricedItem:
    """Pieces of one thing in a cart; `key` is unique in it.

    `unit_price_minor` and `grams` are those of one piece. `quantity_breaks` are (quantity, percent): from so many
    pieces on, so many per cent off.
    """

    key: str
    product: str
    quantity: int
    unit_price_minor: int
    quantity_breaks: tuple[tuple[int, int], ...]
    grams: int


@dataclass(frozen=True)
class LineTotals:
    """What a line costs: `total_minor` is `subtotal_minor` less both discounts.

    `tax_minor` is the line's share of the tax, which is part of the total or comes on top of it as for the whole cart.
    """

    key: str
    subtotal_minor: int
    quantity_discount_minor: int
    code_discount_minor: int
    total_minor: int
    tax_minor: int


@dataclass(frozen=True)
class CartTotals:
    """What a cart costs; each sum is exactly that of the lines, and of shipping where it says so.

    `total_minor` is subtotal - quantity discount - code discount + shipping + tax added. `shipping` is the rate by
    which the cart is sent: None where no method or country was chosen yet, or where the one that was chosen is not on
    offer. `shipping_minor` is its amount less `shipping_discount_minor`, which a code takes off. The tax of the lines
    and `shipping_tax_minor` are together the tax included or added.
    """

    lines: tuple[LineTotals, ...]
    shipping: ShippingRate | None
    subtotal_minor: int
    quantity_discount_minor: int
    code_discount_minor: int
    shipping_minor: int
    shipping_discount_minor: int
    shipping_tax_minor: int
    tax_added_minor: int
    tax_included_minor: int
    total_minor: int


def cart_totals(
    items: Sequence[PricedItem],
    currency: CurrencyCode,
    *,
    discount: DiscountRule | None = None,
    country_code: str | None = None,
    method: ShippingMethod | None = None,
    taxes: TaxRules = TAX,
) -> CartTotals:
    """Return what a cart costs, its lines in the order of `items`.

    A discount that does not apply (see `discounts.inapplicable`) takes nothing off.
    """
    # Units that cannot be split go to the first of equal lines: by key, so that the order of lines changes nothing.
    ordered = sorted(items, key=lambda item: item.key)
    subtotals = [item.quantity * item.unit_price_minor for item in ordered]
    off_quantity = [subtotal * _percent_off(item) // 100 for item, subtotal in zip(ordered, subtotals, strict=True)]
    reduced = [subtotal - off for subtotal, off in zip(subtotals, off_quantity, strict=True)]
    goods = sum(reduced)
    rule = discount if discount is not None and inapplicable(discount, goods, currency) is None else None
    off_code = allocate(off_goods(rule, goods) if rule is not None else 0, reduced)
    totals = [price - off for price, off in zip(reduced, off_code, strict=True)]
    offered = _offered(ordered, currency, goods, country_code)
    shipping = next((rate for rate in offered if rate.method is method), None)
    full = shipping.amount_minor if shipping is not None else 0
    is_free = rule is not None and rule.kind is DiscountKind.FREE_SHIPPING and method is ShippingMethod.STANDARD
    shipping_minor = 0 if is_free else full
    tax = tax_on(sum(totals) + shipping_minor, country_code, taxes)
    *line_taxes, shipping_tax = allocate(tax.amount_minor, [*totals, shipping_minor])
    columns = zip(ordered, subtotals, off_quantity, off_code, totals, line_taxes, strict=True)
    lines = {item.key: LineTotals(item.key, *amounts) for item, *amounts in columns}
    return CartTotals(
        lines=tuple(lines[item.key] for item in items),
        shipping=shipping,
        subtotal_minor=sum(subtotals),
        quantity_discount_minor=sum(off_quantity),
        code_discount_minor=sum(off_code),
        shipping_minor=shipping_minor,
        shipping_discount_minor=full - shipping_minor,
        shipping_tax_minor=shipping_tax,
        tax_added_minor=tax.added_minor,
        tax_included_minor=tax.included_minor,
        total_minor=sum(totals) + shipping_minor + tax.added_minor,
    )


def _percent_off(item: PricedItem) -> int:
    return max((percent for quantity, percent in item.quantity_breaks if item.quantity >= quantity), default=0)


def _offered(
    items: Sequence[PricedItem], currency: CurrencyCode, goods_minor: int, country_code: str | None
) -> Sequence[ShippingRate]:
    if not items or country_code is None:
        return []
    return shipping_rates(country_code, sum(item.quantity * item.grams for item in items), currency, goods_minor)
