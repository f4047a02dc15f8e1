"""What an order of Shopify consists of: lines, sums, and the sealed contact.

Orders are edited, and goods are taken back: a line keeps its `quantity`, and `current_quantity` is what is left of it.
`total_price` follows edits and not returns, so what was taken back is still part of it.
https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.core.ids import is_id
from shared.core.validation import Checks
from subgraphs.webhook.events import CHARGE, CUSTOMISED, GOODS, NOT_SENT, REMOVED, RETURNED, OrderContent, ReportedLine
from subgraphs.webhook.service.translation.fulfillments import is_sent, needs_parcel, quantity_of
from subgraphs.webhook.service.translation.payload import Unreadable, currency, items, mapping, minor, moment, text
from subgraphs.webhook.service.translation.source import MOST_PIECES, Source

DESIGN_PROPERTY = "_design_id"
VISITOR_ATTRIBUTE = "_visitor_id"
LONGEST_VISITOR = 100
LONGEST_LOCALE = 35
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)


@dataclass(frozen=True)
class _Line:
    """A line as it is sold: `ordered` pieces at first, `left` by now, `refunded` of those that are gone."""

    title: str
    design_id: str | None
    price: int
    sent: bool
    ordered: int
    left: int
    refunded: int
    shipped: int

    def told(self, billed: int) -> list[ReportedLine]:
        """Return the lines that it is here, where `billed` pieces are part of the total."""
        gone = max(0, billed - self.left)
        returned = min(gone, max(0, self.shipped - self.left)) if self.sent else 0
        counts = [(self.left, GOODS if self.sent else NOT_SENT), (returned, RETURNED), (gone - returned, REMOVED)]
        return [
            ReportedLine(
                title=self.title, quantity=count, unit_price_minor=self.price, design_id=self.design_id, kind=kind
            )
            for count, kind in counts
            if count > 0
        ]


@dataclass(frozen=True)
class _Sums:
    """How goods, discount, shipping and tax make up the total; `rest` is what has no field of its own."""

    discount: int
    shipping: int
    tax: int
    rest: int


def content_of(source: Source, document: Mapping[str, object]) -> OrderContent:
    """Return the content of an order, which adds up to what the customer is asked for; raises Unreadable."""
    traded = currency(document)
    sold = _sold(document, traded)
    if not sold:
        raise Unreadable("`line_items` has no lines.")
    lines, sums = _added_up(document, sold, traded)
    if sums.rest > 0:
        lines.append(ReportedLine(title="Other charges", quantity=1, unit_price_minor=sums.rest, kind=CHARGE))
    titles = {str(place): line.title for place, line in enumerate(lines) if line.design_id is not None}
    lines = [line if line.design_id is None else line.model_copy(update={"title": CUSTOMISED}) for line in lines]
    address = mapping(document.get("shipping_address")) or mapping(document.get("billing_address"))
    email = _email(document.get("contact_email")) or _email(document.get("email"))
    contact = {"contact_email": email, **_address(address), "titles": titles, "visitor": _visitor(document)}
    return OrderContent(
        placed_at=moment(document, "created_at"),
        updated_at=moment(document, "updated_at"),
        number=text(document.get("name"), 40),
        test=document.get("test") is True,
        locale=_locale(document),
        currency=traded,
        lines=lines,
        discount_minor=sums.discount,
        shipping_minor=sums.shipping,
        tax_minor=sums.tax,
        email_digest=source.digests.of_email(email) if email else None,
        contact=source.sealer.seal(contact),
        contact_digest=source.digests.of(contact),
    )


def _locale(document: Mapping[str, object]) -> str | None:
    """Return the language tag in which the customer read the shop, such as `de-AT`."""
    found = _LOCALE.match(text(document.get("customer_locale"), LONGEST_LOCALE) or "")
    return found[0] if found else None


def _visitor(document: Mapping[str, object]) -> str | None:
    """Return who used the cart: its attribute `_visitor_id`, or the property of that name of its first line that has
    one. A longer id is no visitor's."""
    lines = [items(item.get("properties")) for item in items(document.get("line_items"))]
    for properties in (items(document.get("note_attributes")), *lines):
        for each in properties:
            if text(each.get("name")) == VISITOR_ATTRIBUTE:
                visitor = text(each.get("value"), LONGEST_VISITOR + 1)
                return visitor if visitor is not None and len(visitor) <= LONGEST_VISITOR else None
    return None


def _sold(document: Mapping[str, object], traded: str) -> list[_Line]:
    refunded: Counter[object] = Counter()
    for refund in items(document.get("refunds")):
        for item in items(refund.get("refund_line_items")):
            refunded[_key(item.get("line_item_id"))] += quantity_of(item)
    shipped: Counter[object] = Counter()
    for fulfilment in items(document.get("fulfillments")):
        for item in items(fulfilment.get("line_items")) if is_sent(fulfilment) else ():
            shipped[_key(item.get("id"))] += quantity_of(item)
    found = []
    for item in items(document.get("line_items")):
        ordered, key = _quantity(item, "quantity"), _key(item.get("id"))
        left = _quantity(item, "current_quantity") if item.get("current_quantity") is not None else ordered
        properties = {text(each.get("name")): each.get("value") for each in items(item.get("properties"))}
        design, price = properties.get(DESIGN_PROPERTY), minor(item, "price", traded)
        if price < 0:
            raise Unreadable("`price` of a line is negative.")
        found.append(
            _Line(
                title=text(item.get("name")) or text(item.get("title")) or "Goods",
                design_id=design if isinstance(design, str) and is_id("des", design) else None,
                price=price,
                sent=needs_parcel(item),
                ordered=ordered,
                left=left,
                refunded=refunded[key],
                shipped=shipped[key],
            )
        )
    return found


def _key(value: object) -> int | None:
    return value if type(value) is int else None


def _quantity(item: Mapping[str, object], field: str) -> int:
    quantity = item.get(field)
    if type(quantity) is not int or not 0 <= quantity <= MOST_PIECES:
        raise Unreadable(f"`{field}` of a line is not a number of pieces.")
    return quantity


def _added_up(document: Mapping[str, object], sold: Sequence[_Line], traded: str) -> tuple[list[ReportedLine], _Sums]:
    """Return the lines and sums that explain the total best: by what is left, or with what was taken back as well."""
    billings = [
        [line.left for line in sold],
        [max(line.left, min(line.ordered, line.left + line.refunded)) for line in sold],
        [max(line.left, line.ordered) for line in sold],
    ]
    discounts = [minor(document, "total_discounts", traded)]
    is_changed = any(line.left != line.ordered for line in sold)
    if is_changed and document.get("current_total_discounts") is not None:
        discounts.append(minor(document, "current_total_discounts", traded))
    found: list[tuple[int, Sequence[int], _Sums]] = []
    for billed in billings:
        goods = sum(count * line.price for count, line in zip(billed, sold, strict=True))
        for discount in discounts:
            sums = _sums(document, goods, discount, traded)
            if sums is not None:
                # A rest below nothing is a discount that nobody gave.
                missing = sums.rest if sums.rest >= 0 else 2 * goods - sums.rest
                found.append((missing, billed, sums))
    if not found and not is_changed:
        raise Unreadable("The amounts of the order do not add up.")
    best: tuple[int, Sequence[int], _Sums | None] = min(found, key=lambda way: way[0], default=(0, billings[0], None))
    _, chosen, sums = best
    lines = [each for count, line in zip(chosen, sold, strict=True) for each in line.told(count)]
    goods = sum(line.quantity * line.unit_price_minor for line in lines)
    if sums is None:
        sums = _Sums(0, 0, 0, minor(document, "total_price", traded) - goods)
    if sums.rest < 0:
        sums = _Sums(sums.discount - sums.rest, sums.shipping, sums.tax, 0)
    if sums.discount > goods:
        raise Unreadable("The amounts of the order do not add up.")
    return lines, sums


def _sums(document: Mapping[str, object], goods: int, discount: int, traded: str) -> _Sums | None:
    """Return how the total is made up by its parts; None where they contradict each other."""
    shipping = _shipping(document, traded)
    tax = 0 if document.get("taxes_included") is True else minor(document, "total_tax", traded)
    # A discount on shipping is part of `total_discounts`; here a discount is one on the goods.
    on_shipping = max(0, discount - goods)
    discount, shipping = discount - on_shipping, shipping - on_shipping
    # Tips, duties and roundings have no field of their own, but the total must be what the customer is asked for.
    rest = minor(document, "total_price", traded) - (goods - discount + shipping + tax)
    if shipping < 0 or discount + max(0, -rest) > goods or min(discount, tax) < 0:
        return None
    return _Sums(discount, shipping, tax, rest)


def _shipping(document: Mapping[str, object], traded: str) -> int:
    total = mapping(mapping(document.get("total_shipping_price_set")).get("shop_money"))
    if total:
        return minor(total, "amount", traded)
    return sum(minor(each, "price", traded) for each in items(document.get("shipping_lines")))


def _email(value: object) -> str | None:
    checks = Checks()
    return checks.email("email", value) or None if isinstance(value, str) else None


def _address(address: Mapping[str, object]) -> dict[str, str | None]:
    country = text(address.get("country_code"))
    return {
        "recipient": text(address.get("name")),
        "address_line1": text(address.get("address1")),
        "address_line2": text(address.get("address2")),
        "city": text(address.get("city")),
        "region": text(address.get("province")),
        "postal_code": text(address.get("zip")),
        "country_code": country if country is not None and len(country) == 2 else None,
        "phone": text(address.get("phone")),
    }
