"""What a cart comes to: its lines, what they cost with delivery and discount, and what prevents that it is ordered.

All of it is worked out from rows whenever it is shown or ordered. A price holds as long as its quote.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.graph.money import CurrencyCode
from subgraphs.order.cart_models import Cart, CartLine
from subgraphs.order.enums import ShippingMethod
from subgraphs.order.pricing.discounts import DiscountRule, inapplicable
from subgraphs.order.pricing.shipping import ShippingRate, shipping_rates
from subgraphs.order.pricing.totals import CartTotals, LineTotals, cart_totals
from subgraphs.order.service.availability import Subject, subjects_of
from subgraphs.order.service.carts.discounts import NO_DISCOUNT, Discount
from subgraphs.order.service.carts.items import Item
from subgraphs.order.service.discount_codes import MESSAGES


@dataclass(frozen=True)
class Obstacle:
    """What prevents that a cart is ordered: a stable code, a sentence, and the line that it is about, if one is."""

    code: str
    message: str
    line_id: str | None = None


@dataclass(frozen=True)
class CartContents:
    """All that is shown of a cart, and that its order is made of. `method` is the one that is chosen and offered."""

    cart: Cart
    items: Sequence[Item]
    rates: Sequence[ShippingRate]
    method: ShippingMethod | None
    discount: DiscountRule | None
    totals: CartTotals
    obstacles: Sequence[Obstacle]
    costs: Mapping[str, LineTotals] = field(repr=False)
    """By the ids of the lines."""


def contents_of(
    cart: Cart,
    rows: Sequence[CartLine],
    discount: Discount = NO_DISCOUNT,
    gone: Collection[Subject] = (),
    now: dt.datetime | None = None,
) -> CartContents:
    """Work out what a cart comes to; `rows` are its lines in order, `gone` are subjects that are not sold any more.

    One that is ordered has no obstacles.
    """
    items = [Item.of_row(row) for row in rows]
    priced = [item.priced for item in items]
    chosen = ShippingMethod[cart.shipping_method] if cart.shipping_method is not None else None
    totals = cart_totals(priced, cart.currency, discount=discount.rule, country_code=cart.country_code, method=chosen)
    rates: Sequence[ShippingRate] = []
    if cart.country_code is not None and items:
        goods = totals.subtotal_minor - totals.quantity_discount_minor
        grams = sum(item.grams * item.quantity for item in items)
        rates = shipping_rates(cart.country_code, grams, cart.currency, goods)
    method = next((rate.method for rate in rates if rate.method is chosen), None)
    obstacles: list[Obstacle] = []
    if cart.order_id is None:
        obstacles += _of_lines(items, gone, now or dt.datetime.now(dt.UTC))
        obstacles += _of_delivery(cart, items, rates, method)
        obstacles += _of_discount(discount, totals, cart.currency)
    costs = {line.key: line for line in totals.lines}
    return CartContents(cart, items, rates, method, discount.rule, totals, obstacles, costs)


def subjects_of_rows(rows: Sequence[CartLine]) -> list[Subject]:
    """Return all that must be on sale for lines to be ordered."""
    return [subject for row in rows for subject in _subjects(row.subject, row.subject_id, row.product)]


def _subjects(kind: str, subject_id: str, product: str) -> list[Subject]:
    is_design = kind == "design"
    return subjects_of(subject_id if is_design else None, None if is_design else subject_id, product)


def _of_lines(items: Sequence[Item], gone: Collection[Subject], now: dt.datetime) -> Iterator[Obstacle]:
    if not items:
        yield Obstacle("EMPTY", "The cart is empty: add lines with `cartLinesAdd`.")
    for item in items:
        if any(subject in gone for subject in _subjects(item.subject, item.subject_id, item.product)):
            yield Obstacle("WITHDRAWN", f"“{item.title}” is not sold any more: remove the line.", item.id)
        elif item.outdated:
            message = f"“{item.title}” has changed since its price was quoted: send a new quote of it."
            yield Obstacle("DESIGN_CHANGED", message, item.id)
        elif item.quote_expires_at <= now:
            yield Obstacle("QUOTE_EXPIRED", f"The price of “{item.title}” has expired: send a new quote.", item.id)


def _of_delivery(
    cart: Cart, items: Sequence[Item], rates: Sequence[ShippingRate], method: ShippingMethod | None
) -> Iterator[Obstacle]:
    if cart.contact_email is None:
        yield Obstacle("EMAIL_MISSING", "Send an e-mail address with `cartDeliverySet`.")
    if cart.country_code is None:
        yield Obstacle("ADDRESS_MISSING", "Send a delivery address with `cartDeliverySet`.")
    elif items and not rates:
        yield Obstacle("NOT_DELIVERED_THERE", f"Nothing of this weight is delivered to {cart.country_code}.")
    elif items and method is None:
        yield Obstacle("SHIPPING_MISSING", "Choose one of `shippingRates` with `cartDeliverySet`.")


def _of_discount(discount: Discount, totals: CartTotals, currency: CurrencyCode) -> Iterator[Obstacle]:
    refusal = discount.refusal
    if discount.rule is not None:
        goods = totals.subtotal_minor - totals.quantity_discount_minor
        refusal = inapplicable(discount.rule, goods, currency)
    if refusal is not None:
        message = f"{MESSAGES[refusal]} Apply another with `cartDiscountApply`, or remove it with `cartDiscountRemove`."
        yield Obstacle(f"DISCOUNT_{refusal.name}", message)
