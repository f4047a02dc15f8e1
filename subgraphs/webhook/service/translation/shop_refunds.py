"""Shopify's refunds, in the shop's own currency: the buyer may have paid in another (presentment) currency.

https://shopify.dev/docs/api/admin-rest/latest/resources/refund
"""

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP

from subgraphs.webhook.events import ReportedRefund
from subgraphs.webhook.service.translation.payload import Unreadable, amount, identity, items, mapping, minor, moment

UNNAMED = "XXX"
"""The code of ISO 4217 for no currency."""
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


def refund_of(document: Mapping[str, object], order: Mapping[str, object] | None = None) -> ReportedRefund:
    """Return a refund in the shop's currency as far as the delivery tells it, `order` being the order that holds it.

    Raises Unreadable where its transactions are of several currencies, or of one that cannot be converted though the
    order's is known.
    """
    done = [
        transaction
        for transaction in items(document.get("transactions"))
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    ]
    amounts = [_amount(transaction, document, order or {}) for transaction in done]
    currencies = {currency for _, currency in amounts if currency is not None}
    if len(currencies) > 1:
        raise Unreadable("`transactions` of the refund have several currencies.")
    return ReportedRefund(
        refund_id=identity("Refund", document),
        amount_minor=sum(amount for amount, _ in amounts),
        currency=currencies.pop() if currencies else None,
        at=moment(document, "created_at"),
    )


def _amount(
    transaction: Mapping[str, object], refund: Mapping[str, object], order: Mapping[str, object]
) -> tuple[int, str | None]:
    """Return an amount in minor units and its currency, where that is known."""
    in_shop = mapping(mapping(transaction.get("amount_set")).get("shop_money"))
    if in_shop:
        return _minor(in_shop, _code(in_shop, "currency_code"))
    currency, of_order = _code(transaction, "currency"), _code(order, "currency")
    if currency is None or currency == of_order:
        return _minor(transaction, of_order)
    for shop, paid in _pairs(refund, order):
        if _code(paid, "currency_code") != currency or _code(shop, "currency_code") is None:
            continue
        (worth, known), price = _minor(shop, _code(shop, "currency_code")), amount(paid, "amount")
        if worth > 0 and price > 0:
            converted = (amount(transaction, "amount") * worth / price).to_integral_value(ROUND_HALF_UP)
            return int(converted), known
    if of_order is not None:
        raise Unreadable("`currency` of a refund is not the order's, and no amount of the order is given in both.")
    return _minor(transaction, currency)


def _minor(money: Mapping[str, object], currency: str | None) -> tuple[int, str | None]:
    # Old API versions name no currency; those that sell in a currency without decimals do.
    return minor(money, "amount", currency or UNNAMED), currency


def _pairs(
    refund: Mapping[str, object], order: Mapping[str, object]
) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    """Yield amounts that are given in the shop's currency and in the buyer's, the largest first as far as possible."""
    sets = [order.get("total_price_set")]
    sets += [item.get("subtotal_set") for item in items(refund.get("refund_line_items"))]
    sets += [mapping(item.get("line_item")).get("price_set") for item in items(refund.get("refund_line_items"))]
    sets += [item.get("amount_set") for item in items(refund.get("order_adjustments"))]
    sets += [item.get("subtotal_amount_set") for item in items(refund.get("refund_shipping_lines"))]
    for each in map(mapping, sets):
        yield mapping(each.get("shop_money")), mapping(each.get("presentment_money"))


def _code(document: Mapping[str, object], field: str) -> str | None:
    given = document.get(field)
    return given.upper() if isinstance(given, str) and _CURRENCY.fullmatch(given) else None
