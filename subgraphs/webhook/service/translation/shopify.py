"""Shopify's words: orders as whole snapshots, refunds, fulfilments and products.

https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence

from shared.core.ids import is_id
from shared.core.validation import Checks
from shared.events.event import Event
from subgraphs.webhook.events import (
    CUSTOMISED,
    OrderContent,
    ReportedLine,
    ReportedOrder,
    ReportedParcel,
    ReportedRefund,
    WebhookOrderCreated,
    WebhookOrderUpdated,
    WebhookProductUpdated,
)
from subgraphs.webhook.service.translation.payload import (
    Unreadable,
    currency,
    identity,
    items,
    mapping,
    minor,
    moment,
    optional_moment,
    text,
    word,
)
from subgraphs.webhook.service.translation.source import Source

DESIGN_PROPERTY = "_design_id"
VISITOR_ATTRIBUTE = "_visitor_id"
LONGEST_VISITOR = 100
PAID = frozenset({"paid", "partially_refunded", "refunded"})
LONGEST_DESCRIPTION = 5000
MOST_PIECES = 1_000_000
# By `shipment_status`, where the carrier has reported; a fulfilment without one has left.
PARCEL_STATUS = {
    "label_printed": "LABEL_CREATED",
    "label_purchased": "LABEL_CREATED",
    "confirmed": "LABEL_CREATED",
    "in_transit": "IN_TRANSIT",
    "out_for_delivery": "OUT_FOR_DELIVERY",
    "ready_for_pickup": "OUT_FOR_DELIVERY",
    "attempted_delivery": "EXCEPTION",
    "failure": "EXCEPTION",
    "delivered": "DELIVERED",
}
WITHDRAWN = frozenset({"cancelled", "error", "failure"})
_TAG = re.compile(r"<[^>]*>")


def translate(source: Source, document: Mapping[str, object]) -> Sequence[Event]:
    """Return the events that a delivery reports; raises Unreadable."""
    kind = source.topic.partition("/")[0]
    if kind == "products":
        return [_product(source, document)]
    field, reported = "id", _order(source, document) if kind == "orders" else None
    if kind == "refunds":
        field, reported = "order_id", ReportedOrder(refunds=[_refund(document)])
    elif kind == "fulfillments":
        field, reported = "order_id", ReportedOrder(parcels=[_parcel(document)])
    about = {
        "delivery_id": source.delivery_id,
        "source": source.name,
        "shop": source.shop,
        "external_order_id": identity("Order", document, field),
        "occurred_at": source.occurred_at,
        "order": reported,
    }
    if source.topic == "orders/create":
        return [WebhookOrderCreated(**about)]
    return [WebhookOrderUpdated(**about, topic=source.topic)]


def _order(source: Source, document: Mapping[str, object]) -> ReportedOrder:
    return ReportedOrder(
        content=_content(source, document),
        paid=word(document.get("financial_status")) in PAID,
        cancelled_at=optional_moment(document, "cancelled_at"),
        all_left=document.get("fulfillment_status") == "fulfilled",
        refunds=[_refund(refund) for refund in items(document.get("refunds"))],
        parcels=[_parcel(fulfilment) for fulfilment in items(document.get("fulfillments"))],
    )


def _content(source: Source, document: Mapping[str, object]) -> OrderContent:
    lines = [_line(item) for item in items(document.get("line_items")) if item.get("quantity") != 0]
    if not lines:
        raise Unreadable("`line_items` has no lines.")
    goods = sum(line.quantity * line.unit_price_minor for line in lines)
    shipping = _shipping(document)
    tax = 0 if document.get("taxes_included") is True else minor(document, "total_tax")
    discount = minor(document, "total_discounts")
    # A discount on shipping is part of `total_discounts`; here a discount is one on the goods.
    on_shipping = max(0, discount - goods)
    discount, shipping = discount - on_shipping, shipping - on_shipping
    # Tips, duties and roundings have no field of their own, but the total must be what the customer is asked for.
    rest = minor(document, "total_price") - (goods - discount + shipping + tax)
    if rest > 0:
        lines.append(ReportedLine(title="Other charges", quantity=1, unit_price_minor=rest))
    else:
        discount -= rest
    if shipping < 0 or discount > goods or min(discount, tax) < 0:
        raise Unreadable("The amounts of the order do not add up.")
    titles = {str(place): line.title for place, line in enumerate(lines) if line.design_id is not None}
    lines = [line if line.design_id is None else line.model_copy(update={"title": CUSTOMISED}) for line in lines]
    address = mapping(document.get("shipping_address")) or mapping(document.get("billing_address"))
    email = _email(document.get("contact_email")) or _email(document.get("email"))
    return OrderContent(
        placed_at=moment(document, "created_at"),
        updated_at=moment(document, "updated_at"),
        currency=currency(document),
        lines=lines,
        discount_minor=discount,
        shipping_minor=shipping,
        tax_minor=tax,
        email_digest=source.digests.of_email(email) if email else None,
        contact=source.sealer.seal(
            {"contact_email": email, **_address(address), "titles": titles, "visitor": _visitor(document)}
        ),
        test=document.get("test") is True,
    )


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


def _shipping(document: Mapping[str, object]) -> int:
    total = mapping(mapping(document.get("total_shipping_price_set")).get("shop_money"))
    return (
        minor(total, "amount") if total else sum(minor(each, "price") for each in items(document.get("shipping_lines")))
    )


def _line(item: Mapping[str, object]) -> ReportedLine:
    quantity = item.get("quantity")
    if type(quantity) is not int or not 0 <= quantity <= MOST_PIECES:
        raise Unreadable("`quantity` of a line is not a number of pieces.")
    price = minor(item, "price")
    if price < 0:
        raise Unreadable("`price` of a line is negative.")
    properties = {text(each.get("name")): each.get("value") for each in items(item.get("properties"))}
    design = properties.get(DESIGN_PROPERTY)
    return ReportedLine(
        title=text(item.get("name")) or text(item.get("title")) or "Goods",
        quantity=quantity,
        unit_price_minor=price,
        design_id=design if is_id("des", design) else None,
    )


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


def _refund(document: Mapping[str, object]) -> ReportedRefund:
    done = [
        transaction
        for transaction in items(document.get("transactions"))
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    ]
    return ReportedRefund(
        refund_id=identity("Refund", document),
        amount_minor=sum(minor(transaction, "amount") for transaction in done),
        at=moment(document, "created_at"),
    )


def _parcel(document: Mapping[str, object]) -> ReportedParcel:
    numbers, urls = document.get("tracking_numbers"), document.get("tracking_urls")
    status = PARCEL_STATUS.get(word(document.get("shipment_status")) or "", "IN_TRANSIT")
    if word(document.get("status")) in WITHDRAWN:
        status = "EXCEPTION"
    created = moment(document, "created_at")
    url = text(document.get("tracking_url"), 2000) or _first(urls, 2000)
    return ReportedParcel(
        parcel_id=identity("Fulfillment", document),
        status=status,
        pieces=sum(_pieces(item) for item in items(document.get("line_items"))),
        at=created,
        updated_at=optional_moment(document, "updated_at") or created,
        carrier=text(document.get("tracking_company"), 60) or "Unnamed carrier",
        tracking_number=text(document.get("tracking_number"), 60) or _first(numbers, 60) or "",
        tracking_url=url if url is not None and url.startswith(("http://", "https://")) else None,
    )


def _pieces(item: Mapping[str, object]) -> int:
    quantity = item.get("quantity")
    return quantity if type(quantity) is int and 0 < quantity <= MOST_PIECES else 0


def _first(values: object, longest: int) -> str | None:
    return text(values[0], longest) if isinstance(values, list) and values else None


def _product(source: Source, document: Mapping[str, object]) -> WebhookProductUpdated:
    gone = source.topic == "products/delete"
    changed: dt.datetime | None = None if gone else optional_moment(document, "updated_at")
    return WebhookProductUpdated(
        delivery_id=source.delivery_id,
        source=source.name,
        shop=source.shop,
        topic=source.topic,
        external_product_id=identity("Product", document),
        occurred_at=changed or source.occurred_at,
        handle=text(document.get("handle")),
        title=None if gone else text(document.get("title")),
        description=None if gone else _plain(document.get("body_html")),
        active=not gone and document.get("status", "active") == "active",
    )


def _plain(value: object) -> str | None:
    return text(html.unescape(_TAG.sub(" ", value)), LONGEST_DESCRIPTION) if isinstance(value, str) else None
