"""What the mails about orders say: pure functions from what is stored to what the templates show, in a language.

A mail tells what has happened and what is known. It promises nothing that no job or person does: a cancelled or
returned order is not yet refunded, and each refund has a mail of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shared.core.settings import is_url
from shared.graph.languages import Language, code_of
from shared.graph.money import CurrencyCode, Money
from subgraphs.order.enums import OrderStatus, ShipmentStatus
from subgraphs.order.service.mail_languages import TEXTS, OrderMailKind, Words


@dataclass(frozen=True)
class MailedParcel:
    """A parcel as its mail shows it; `superseded` means that another is sent or made instead."""

    carrier: str
    tracking_number: str
    tracking_url: str | None = None
    status: ShipmentStatus = ShipmentStatus.IN_TRANSIT
    superseded: bool = False


@dataclass(frozen=True)
class Rule:
    """When a mail is sent, for the documentation, and what it shows: parcels, or what is paid and was not refunded."""

    when: str
    shows_parcels: bool = False
    shows_held: bool = False


RULES: Mapping[OrderMailKind, Rule] = {
    OrderMailKind.PLACED: Rule(
        "An order is placed here, and staff take the payments. Other shops confirm their orders themselves."
    ),
    OrderMailKind.PAID: Rule("An order is paid. Of one that is placed here and paid online, this is the confirmation."),
    OrderMailKind.IN_PRODUCTION: Rule("Production starts."),
    OrderMailKind.MADE_AGAIN: Rule(
        "An order that had left goes back to production, and no parcel of it is lost or returned."
    ),
    OrderMailKind.MADE_AGAIN_LOST: Rule("An order goes back to production because a parcel of it got lost."),
    OrderMailKind.MADE_AGAIN_RETURNED: Rule("An order goes back to production because a parcel of it came back."),
    OrderMailKind.PARTIALLY_SHIPPED: Rule("A parcel has left, and others follow.", shows_parcels=True),
    OrderMailKind.SHIPPED: Rule("All parcels have left.", shows_parcels=True),
    OrderMailKind.SENT_AGAIN: Rule(
        "A parcel leaves instead of one that was lost or came back, or for an exchange.", shows_parcels=True
    ),
    OrderMailKind.OUT_FOR_DELIVERY: Rule("The carrier is on the way to the door.", shows_parcels=True),
    OrderMailKind.READY_FOR_PICKUP: Rule("A parcel waits at a pickup point.", shows_parcels=True),
    OrderMailKind.DELIVERED: Rule("All parcels are delivered."),
    OrderMailKind.ON_HOLD: Rule("An order is put on hold."),
    OrderMailKind.RESUMED: Rule("An order is released from hold."),
    OrderMailKind.CANCELLED: Rule(
        "An order is cancelled by its customer, by staff or in its shop; not where it was not paid in time.",
        shows_held=True,
    ),
    OrderMailKind.PARTIALLY_REFUNDED: Rule("A part of the price is refunded."),
    OrderMailKind.REFUNDED: Rule("The whole price is refunded."),
    OrderMailKind.REFUND_FAILED: Rule("A refund has failed that was reported as made."),
    OrderMailKind.RETURNED: Rule("A parcel is returned, or is on its way back.", shows_parcels=True, shows_held=True),
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
    link: str | None = None
    language: Language = Language.EN


def subject_of(kind: OrderMailKind, order: MailedOrder) -> str:
    """Return the subject of a mail."""
    texts = TEXTS[order.language]
    return f"{texts.labelled(texts.mails[kind].headline)} {order.number}"


def facts_of(kind: OrderMailKind, order: MailedOrder) -> dict[str, object]:
    """Return the context of the templates `status.txt.j2` and `status.html.j2`."""
    texts, rule, held = TEXTS[order.language], RULES[kind], order.total_minor - order.refunded_minor
    text, words = texts.mails[kind], texts.words
    amounts = {
        "total": _price(order, order.total_minor),
        "refunded": _price(order, order.refunded_minor),
        "held": _price(order, held),
    }
    said = [*text.paragraphs, *([words.not_refunded] if rule.shows_held and order.is_paid and held > 0 else ())]
    sums = [
        (words.discount, -order.discount_minor),
        (words.shipping, order.shipping_minor),
        (words.tax, order.tax_minor),
        (words.total, order.total_minor),
        (words.refunded, order.refunded_minor),
    ]
    return {
        "language": code_of(order.language),
        "texts": texts,
        "headline": text.headline,
        "name": order.recipient,
        "number": order.number,
        "paragraphs": [each.format_map(amounts) for each in said],
        "reason": order.reason,
        "parcels": _parcels(words, shown_in(kind, order.parcels)) if rule.shows_parcels else [],
        "lines": [
            {"quantity": count, "title": title, "price": _price(order, minor)} for count, title, minor in order.lines
        ],
        "sums": [(label, _price(order, minor)) for label, minor in sums if minor or label == words.total],
        "link": order.link,
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


def _parcels(words: Words, parcels: Collection[MailedParcel]) -> list[dict[str, str | None]]:
    shown = list[dict[str, str | None]]()
    for number, parcel in enumerate(parcels, start=1):
        what = words.numbered_parcel.format(number=number) if len(parcels) > 1 else words.parcel
        # Other shops pass on whatever their merchants typed.
        url = parcel.tracking_url if is_url(parcel.tracking_url or "", "http", "https") else None
        heading = words.parcel_with.format(parcel=what, carrier=parcel.carrier) if parcel.carrier else what
        shown.append({"heading": heading, "tracking_number": parcel.tracking_number, "url": url})
    return shown


def _price(order: MailedOrder, minor: int) -> str:
    money = Money.of(minor, order.currency)
    return f"{TEXTS[order.language].in_marks(money.amount)} {money.currency_code.value}"
