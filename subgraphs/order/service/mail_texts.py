"""What the mails about orders say: pure functions from what is stored to what the templates show.

A mail tells what has happened and what is known. It promises nothing that no job or person does: a cancelled or
returned order is not yet refunded, and each refund has a mail of its own.
"""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shared.core.settings import is_url
from shared.graph.money import CurrencyCode, Money
from subgraphs.order.enums import OrderStatus, ShipmentStatus


@dataclass(frozen=True)
class MailedParcel:
    """A parcel as its mail shows it; `superseded` means that another is sent or made instead."""

    carrier: str
    tracking_number: str
    tracking_url: str | None = None
    status: ShipmentStatus = ShipmentStatus.IN_TRANSIT
    superseded: bool = False


class OrderMailKind(enum.Enum):
    """What a mail about an order tells."""

    PLACED = "PLACED"
    PAID = "PAID"
    IN_PRODUCTION = "IN_PRODUCTION"
    MADE_AGAIN = "MADE_AGAIN"
    MADE_AGAIN_LOST = "MADE_AGAIN_LOST"
    MADE_AGAIN_RETURNED = "MADE_AGAIN_RETURNED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    SENT_AGAIN = "SENT_AGAIN"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DELIVERED = "DELIVERED"
    ON_HOLD = "ON_HOLD"
    RESUMED = "RESUMED"
    CANCELLED = "CANCELLED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    REFUND_FAILED = "REFUND_FAILED"
    RETURNED = "RETURNED"


@dataclass(frozen=True)
class Text:
    """What is said of some news: its subject, when it is sent (for the documentation), and its paragraphs.

    Paragraphs may name `{total}`, `{refunded}` and `{held}`: the price, and what went back of it and did not.
    """

    headline: str
    when: str
    paragraphs: tuple[str, ...] = ()
    if_paid: tuple[str, ...] = ()
    shows_parcels: bool = False


_NOT_REFUNDED = "You have paid, and {held} of it has not been refunded. You get another mail about each refund."
TEXTS: Mapping[OrderMailKind, Text] = {
    OrderMailKind.PLACED: Text(
        "We have your order",
        "An order is placed here, and staff take the payments. Other shops confirm their orders themselves.",
        ("Thank you. We start to make it once your payment has arrived.",),
    ),
    OrderMailKind.PAID: Text(
        "Your payment has arrived",
        "An order is paid. Of one that is placed here and paid online, this is the confirmation.",
        ("Thank you. We have your order and your payment, and start to make it soon.",),
    ),
    OrderMailKind.IN_PRODUCTION: Text("We are making your order", "Production starts."),
    OrderMailKind.MADE_AGAIN: Text(
        "We are making your order again",
        "An order that had left goes back to production, and no parcel of it is lost or returned.",
        ("It goes back to production. You get another mail when it leaves.",),
    ),
    OrderMailKind.MADE_AGAIN_LOST: Text(
        "We are making your order again",
        "An order goes back to production because a parcel of it got lost.",
        ("A parcel of it got lost, so it goes back to production. You get another mail when it leaves.",),
    ),
    OrderMailKind.MADE_AGAIN_RETURNED: Text(
        "We are making your order again",
        "An order goes back to production because a parcel of it came back.",
        ("A parcel of it came back to us, so it goes back to production. You get another mail when it leaves.",),
    ),
    OrderMailKind.PARTIALLY_SHIPPED: Text(
        "Part of your order is on its way",
        "A parcel has left, and others follow.",
        ("The rest follows in another parcel.",),
        shows_parcels=True,
    ),
    OrderMailKind.SHIPPED: Text("Your order is on its way", "All parcels have left.", shows_parcels=True),
    OrderMailKind.SENT_AGAIN: Text(
        "Your order is on its way again",
        "A parcel leaves instead of one that was lost or came back, or for an exchange.",
        ("This parcel is sent instead of an earlier one.",),
        shows_parcels=True,
    ),
    OrderMailKind.OUT_FOR_DELIVERY: Text(
        "Your order is out for delivery", "The carrier is on the way to the door.", shows_parcels=True
    ),
    OrderMailKind.READY_FOR_PICKUP: Text(
        "Your order is ready for pickup",
        "A parcel waits at a pickup point.",
        ("You can collect it at the pickup point of the carrier.",),
        shows_parcels=True,
    ),
    OrderMailKind.DELIVERED: Text("Your order has arrived", "All parcels are delivered."),
    OrderMailKind.ON_HOLD: Text(
        "Your order is on hold",
        "An order is put on hold.",
        ("We do not go on with it for now. You get another mail when it goes on.",),
    ),
    OrderMailKind.RESUMED: Text("Your order goes on", "An order is released from hold."),
    OrderMailKind.CANCELLED: Text(
        "Your order is cancelled",
        "An order is cancelled by its customer, by staff or in its shop; not where it was not paid in time.",
        ("It is not made or sent.",),
        (_NOT_REFUNDED,),
    ),
    OrderMailKind.PARTIALLY_REFUNDED: Text(
        "Part of your order is refunded",
        "A part of the price is refunded.",
        (
            "So far we have refunded {refunded} of {total}, in the way in which you paid. Your bank decides when you "
            "see the money.",
        ),
    ),
    OrderMailKind.REFUNDED: Text(
        "Your order is refunded",
        "The whole price is refunded.",
        ("We have refunded {refunded}, in the way in which you paid. Your bank decides when you see the money.",),
    ),
    OrderMailKind.REFUND_FAILED: Text(
        "Your refund did not go through",
        "A refund has failed that was reported as made.",
        ("The payment provider could not make it. You get another mail when a refund is made.",),
    ),
    OrderMailKind.RETURNED: Text(
        "A parcel comes back to us",
        "A parcel is returned, or is on its way back.",
        ("The carrier reports that it was returned, or that it is on its way back to us.",),
        (_NOT_REFUNDED,),
        shows_parcels=True,
    ),
}

_BY_STATUS: Mapping[str, OrderMailKind] = {
    "PENDING": OrderMailKind.PLACED,
    **{each.value: OrderMailKind(each.value) for each in OrderStatus if each is not OrderStatus.PENDING},
}
_UNSENT = frozenset({"PENDING", "PAID", "IN_PRODUCTION", "ON_HOLD"})


_SENT_BEFORE = frozenset({"IN_PRODUCTION", "DELIVERED", "RETURNED"})


def mail_kind_of(
    previous: OrderStatus | None,
    reached: OrderStatus,
    parcels: Collection[MailedParcel] = (),
    *,
    of_parcel: bool = False,
) -> OrderMailKind:
    """Return what a step from one status to another is news of; a step to the same one is a partial refund, or one
    `of_parcel` that left.

    `parcels` are all of the order, by which it is told why something is made or sent again.
    """
    was, now = previous.value if previous is not None else None, reached.value
    if was is None:
        return OrderMailKind.PLACED
    if was == now and of_parcel:
        if any(parcel.superseded for parcel in parcels):
            return OrderMailKind.SENT_AGAIN
        is_part = reached is OrderStatus.PARTIALLY_SHIPPED
        return OrderMailKind.PARTIALLY_SHIPPED if is_part else OrderMailKind.SHIPPED
    if was == now:
        return OrderMailKind.PARTIALLY_REFUNDED
    if was == "ON_HOLD" and now in _UNSENT:
        return OrderMailKind.RESUMED
    if was == "REFUNDED":
        return OrderMailKind.REFUND_FAILED
    if now in _UNSENT and was not in _UNSENT:
        states = {parcel.status for parcel in parcels}
        if ShipmentStatus.LOST in states:
            return OrderMailKind.MADE_AGAIN_LOST
        return OrderMailKind.MADE_AGAIN_RETURNED if ShipmentStatus.RETURNED in states else OrderMailKind.MADE_AGAIN
    if reached is OrderStatus.SHIPPED and was in _SENT_BEFORE and any(parcel.superseded for parcel in parcels):
        return OrderMailKind.SENT_AGAIN
    return _BY_STATUS[now]


@dataclass(frozen=True)
class MailedOrder:
    """An order as its mail shows it; amounts in minor units."""

    number: str
    recipient: str | None
    currency: CurrencyCode
    total_minor: int
    refunded_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    is_paid: bool
    has_account: bool
    lines: Sequence[tuple[int, str, int]] = ()
    parcels: Collection[MailedParcel] = field(default=())
    reason: str | None = None
    unsubscribe: str | None = None


def subject_of(kind: OrderMailKind, order: MailedOrder) -> str:
    """Return the subject of a mail."""
    return f"{TEXTS[kind].headline}: {order.number}"


def facts_of(kind: OrderMailKind, order: MailedOrder) -> dict[str, object]:
    """Return the context of the templates `status.txt.j2` and `status.html.j2`."""
    text, held = TEXTS[kind], order.total_minor - order.refunded_minor
    amounts = {
        "total": _price(order, order.total_minor),
        "refunded": _price(order, order.refunded_minor),
        "held": _price(order, held),
    }
    said = [*text.paragraphs, *(text.if_paid if order.is_paid and held > 0 else ())]
    sums = [
        ("Discount", -order.discount_minor),
        ("Shipping", order.shipping_minor),
        ("Tax", order.tax_minor),
        ("Total", order.total_minor),
        ("Refunded", order.refunded_minor),
    ]
    return {
        "headline": text.headline,
        "name": order.recipient,
        "number": order.number,
        "paragraphs": [each.format_map(amounts) for each in said],
        "reason": order.reason,
        "parcels": _parcels(shown_in(kind, order.parcels)) if text.shows_parcels else [],
        "lines": [
            {"quantity": count, "title": title, "price": _price(order, minor)} for count, title, minor in order.lines
        ],
        "sums": [(label, _price(order, minor)) for label, minor in sums if minor or label == "Total"],
        "unsubscribe": order.unsubscribe,
        "has_account": order.has_account,
    }


def shown_in(kind: OrderMailKind, parcels: Collection[MailedParcel]) -> list[MailedParcel]:
    """Return the parcels that a mail is about: those that came back, or else those that are to arrive."""
    if kind is OrderMailKind.RETURNED:
        back = [parcel for parcel in parcels if parcel.status is ShipmentStatus.RETURNED]
        return back or list(parcels)
    gone = {ShipmentStatus.LOST, ShipmentStatus.RETURNED}
    if kind is OrderMailKind.PARTIALLY_SHIPPED:
        # What has no more than a label has not left.
        gone.add(ShipmentStatus.LABEL_CREATED)
    return [parcel for parcel in parcels if not parcel.superseded and parcel.status not in gone]


def _parcels(parcels: Collection[MailedParcel]) -> list[dict[str, str | None]]:
    shown = list[dict[str, str | None]]()
    for number, parcel in enumerate(parcels, start=1):
        what = f"Parcel {number}" if len(parcels) > 1 else "Parcel"
        # Other shops pass on whatever their merchants typed.
        url = parcel.tracking_url if is_url(parcel.tracking_url or "", "http", "https") else None
        heading = f"{what} with {parcel.carrier}" if parcel.carrier else what
        shown.append({"heading": heading, "tracking_number": parcel.tracking_number, "url": url})
    return shown


def _price(order: MailedOrder, minor: int) -> str:
    money = Money.of(minor, order.currency)
    return f"{money.amount} {money.currency_code.value}"
