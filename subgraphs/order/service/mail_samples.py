"""The mails about orders as the documentation shows them: an order of two lines, as a customer or a guest sees it."""

from collections.abc import Iterator
from dataclasses import replace

from shared.graph.languages import Language, code_of
from shared.graph.money import CurrencyCode
from shared.mail import Sample
from subgraphs.order.service.mail_languages import OrderMailKind
from subgraphs.order.service.mail_texts import RULES, MailedOrder, MailedParcel, facts_of, subject_of

LINK = "https://shop.allpetplus.example/unsubscribe/token"
ORDER_LINK = "https://allpetplus.example/orders/ord_01kb2xw1m4f8q9t3v6y7z8a9b0"
GUEST_LINK = f"{ORDER_LINK}#token=token"
PARCELS = (
    MailedParcel("DHL", "00340434161094042557", "https://track.example/00340434161094042557"),
    MailedParcel("Austrian Post", "1009876543210", None),
)
ORDER = MailedOrder(
    number="AP-500123",
    recipient="Anna Muster",
    currency=CurrencyCode.EUR,
    total_minor=10_720,
    refunded_minor=0,
    discount_minor=500,
    shipping_minor=490,
    tax_minor=1800,
    is_paid=True,
    has_account=True,
    lines=((2, "Collar Rex", 4980), (1, "Leash", 3950)),
    parcels=PARCELS,
    unsubscribe=LINK,
    link=ORDER_LINK,
)
SHOWN = {
    OrderMailKind.PLACED: replace(ORDER, is_paid=False),
    OrderMailKind.PARTIALLY_SHIPPED: replace(ORDER, parcels=PARCELS[:1]),
    OrderMailKind.SENT_AGAIN: replace(ORDER, parcels=(replace(PARCELS[0], superseded=True), PARCELS[1])),
    OrderMailKind.OUT_FOR_DELIVERY: replace(ORDER, parcels=PARCELS[:1]),
    OrderMailKind.READY_FOR_PICKUP: replace(ORDER, parcels=PARCELS[:1], has_account=False, link=GUEST_LINK),
    OrderMailKind.ON_HOLD: replace(ORDER, reason="Which colour is the stitching to have?"),
    OrderMailKind.CANCELLED: replace(ORDER, reason="Ordered twice."),
    OrderMailKind.PARTIALLY_REFUNDED: replace(ORDER, refunded_minor=1000),
    OrderMailKind.REFUNDED: replace(ORDER, refunded_minor=10_720),
    OrderMailKind.RETURNED: replace(ORDER, parcels=PARCELS[1:], has_account=False, link=GUEST_LINK),
}
"""What some mails show instead of `ORDER`."""


def samples() -> Iterator[Sample]:
    """Yield the mail of each kind."""
    for kind in OrderMailKind:
        order = SHOWN.get(kind, ORDER)
        name = f"order-{kind.value.lower().replace('_', '-')}"
        others = {
            code_of(each): subject_of(kind, replace(order, language=each))
            for each in Language
            if each is not Language.EN
        }
        yield Sample(name, RULES[kind].when, "status", subject_of(kind, order), facts_of(kind, order), others)
