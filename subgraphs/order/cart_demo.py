"""A cart for demonstrations: one customer's, with all that is needed to order it."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from shared.core.ids import id_at
from shared.database.rows import Values
from subgraphs.order.demo import DemoPerson
from subgraphs.order.enums import ShippingMethod
from subgraphs.order.service.carts.holders import CUSTOMER_CARTS_LAST

QUOTES_LAST = dt.timedelta(hours=24)


@dataclass(frozen=True)
class DemoQuote:
    """What is in the cart: a design of the customer's or a preset, as the builder quotes it."""

    subject: str
    subject_id: str
    product: str
    title: str
    unit_price_minor: int
    quantity_breaks: Sequence[tuple[int, int]]
    grams: int


def cart_rows(
    rng: random.Random,
    customer_id: str,
    person: DemoPerson,
    currency: str,
    quotes: Sequence[DemoQuote],
    until: dt.datetime,
) -> dict[str, list[Values]]:
    """Return the rows of a cart by table, ready for COPY; its quotes are as old as the demo data."""
    cart_id = id_at("crt", until, rng)
    cart = {
        "id": cart_id,
        "version": 1,
        "currency": currency,
        "customer_id": customer_id,
        "contact_email": person.email,
        "recipient": person.name,
        "address_line1": "Bellmannstraße 12",
        "city": "Vienna",
        "postal_code": "1070",
        "country_code": "AT",
        "shipping_method": ShippingMethod.STANDARD.name,
        "created_at": until,
        "changed_at": until,
        "expires_at": until + CUSTOMER_CARTS_LAST,
    }
    lines = [
        {
            "id": id_at("cln", until, rng),
            "cart_id": cart_id,
            "position": position,
            "subject": quote.subject,
            "subject_id": quote.subject_id,
            "version": 1,
            "product": quote.product,
            "title": quote.title,
            "quantity": position,
            "currency": currency,
            "unit_price_minor": quote.unit_price_minor,
            "quantity_breaks": [list(each) for each in quote.quantity_breaks],
            "grams": quote.grams,
            "quote_expires_at": until + QUOTES_LAST,
        }
        for position, quote in enumerate(quotes, 1)
    ]
    return {"cart": [cart], "cart_line": list(lines)}
