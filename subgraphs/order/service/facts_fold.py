"""What the facts that the outside world reported add up to: a pure function of their set, whatever order they came in.

Each fact implies what must have gone before it: money that went back or is disputed had come in, a dispute that was
closed had been opened. Of what changes, the newest by the sender's own time counts.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import orjson

from subgraphs.order.enums import FactKind, LedgerProvider, ShipmentStatus
from subgraphs.order.fact_models import FactData, OrderFact
from subgraphs.order.service.payment_facts import Declined, Dispute, Payment, Refund, declined_of, payments_of


@dataclass(frozen=True)
class Parcel:
    """A parcel by its newest report, which was made at `reported_at`."""

    id: str
    at: dt.datetime
    reported_at: dt.datetime
    status: ShipmentStatus
    carrier: str
    tracking_number: str
    tracking_url: str | None
    pieces: int
    delivery_id: str
    withdrawn: bool


@dataclass(frozen=True)
class Reported:
    """What was reported about one order; facts are those that a step is due to.

    `parcels` have left or are announced; those that were `withdrawn` count for nothing. `pieces` are what is to be sent
    by the newest content, None where no shop has reported any. `shop_minor` is what the shop's books have as received.
    """

    paid: OrderFact | None
    paid_at: dt.datetime | None
    cancelled: OrderFact | None
    all_left: bool
    pieces: int | None
    payments: Sequence[Payment]
    foreign_payments: Sequence[Payment]
    received: Sequence[OrderFact]
    failures: Sequence[OrderFact]
    declined: Sequence[Declined]
    parcels: Sequence[Parcel]
    withdrawn: Sequence[Parcel]
    refunds: Sequence[Refund]
    failed_refunds: Sequence[Refund]
    disputes: Sequence[Dispute]
    shop_minor: int
    shop_paid_at: dt.datetime | None
    contacts: Sequence[str]
    foreign_refunds: Sequence[OrderFact]
    data_requests: Sequence[OrderFact]


def fold(facts: Iterable[OrderFact], total_minor: int, currency: str) -> Reported:
    """Add up all facts of an order that costs `total_minor`."""
    ordered = sorted(facts, key=_age)
    of: dict[FactKind, list[OrderFact]] = {kind: [] for kind in FactKind}
    foreign_refunds: list[OrderFact] = []
    for fact in ordered:
        is_foreign = fact.kind is FactKind.REFUND and (fact.data.get("currency") or currency) != currency
        (foreign_refunds if is_foreign else of[fact.kind]).append(fact)
    payments, foreign = payments_of(ordered, currency)
    in_shop, shop_paid = _refunds_in_shop(of[FactKind.REFUND]), of[FactKind.PAID] + of[FactKind.REFUND]
    parcels, contents = _parcels(of[FactKind.PARCEL]), of[FactKind.CONTENT]
    paid = _first_paid(payments, shop_paid, contents, total_minor)
    return Reported(
        paid=paid,
        paid_at=_since(paid, contents) if paid is not None else None,
        cancelled=of[FactKind.CANCELLED][0] if of[FactKind.CANCELLED] else None,
        all_left=bool(of[FactKind.ALL_LEFT]),
        pieces=_pieces(contents[-1].data) if contents else None,
        payments=sorted(payments, key=lambda payment: payment.name),
        foreign_payments=sorted(foreign, key=lambda payment: payment.name),
        received=of[FactKind.PAYMENT],
        failures=of[FactKind.PAYMENT_FAILED],
        declined=declined_of(ordered),
        parcels=[parcel for parcel in parcels if not parcel.withdrawn],
        withdrawn=[parcel for parcel in parcels if parcel.withdrawn],
        refunds=_all_refunds(in_shop, [refund for payment in payments for refund in payment.refunds]),
        failed_refunds=in_turn(refund for payment in payments for refund in payment.failed),
        disputes=sorted((it for payment in payments for it in payment.disputes), key=lambda it: (it.at, it.id)),
        shop_minor=_in_books(shop_paid, contents, total_minor),
        shop_paid_at=min((_since(fact, contents) for fact in shop_paid), default=None),
        contacts=list(dict.fromkeys(fact.email_digest for fact in contents if fact.email_digest is not None)),
        foreign_refunds=_without(foreign_refunds, in_shop),
        data_requests=of[FactKind.DATA_REQUESTED],
    )


def _first_paid(
    payments: Sequence[Payment], shop_paid: Sequence[OrderFact], contents: Sequence[OrderFact], total_minor: int
) -> OrderFact | None:
    """Return the fact with which the order was paid first: the shop says so, or payments reach what it cost then.

    An order that costs more later stays paid, and is paid too little.
    """
    found = sorted(shop_paid, key=_age)[:1]
    moments = [(payment.at, payment) for payment in payments]
    for moment in sorted({at for at, _ in moments} | {fact.occurred_at for fact in contents}):
        received = sum(payment.received for at, payment in moments if at <= moment)
        if received and received >= _total_at(contents, moment, total_minor):
            last = max((at, payment.name, payment) for at, payment in moments if at <= moment)[2]
            found.append(next(fact for fact in last.facts if fact.kind is not FactKind.PAYMENT_FAILED))
            break
    return min(found, key=_age, default=None)


def _since(paid: OrderFact, contents: Sequence[OrderFact]) -> dt.datetime:
    """Return when an order was paid. One that its shop reports as paid from the first was paid when it was placed, as
    far as anybody says."""
    by_shop = paid.kind in (FactKind.PAID, FactKind.REFUND)
    if by_shop and contents and min(_sent_at(content) for content in contents) >= _sent_at(paid):
        return min(paid.occurred_at, dt.datetime.fromisoformat(contents[0].data["placed_at"]))
    return paid.occurred_at


def _in_books(shop_paid: Sequence[OrderFact], contents: Sequence[OrderFact], total_minor: int) -> int:
    """Return what the shop has received by its books: all that the order cost when the shop counted it as paid."""
    return max(
        (
            _total_at(contents, fact.occurred_at, total_minor)
            if fact.kind is FactKind.REFUND or "amount_minor" not in fact.data
            else fact.data["amount_minor"]
            for fact in shop_paid
        ),
        default=0,
    )


def _total_at(contents: Sequence[OrderFact], moment: dt.datetime, total_minor: int) -> int:
    """Return what an order cost at a moment; before its first known content, what that says."""
    known = [fact for fact in contents if fact.occurred_at <= moment] or contents[:1]
    return total_of(known[-1].data) if known else total_minor


def total_of(content: FactData) -> int:
    """Return what the content of an order sums up to."""
    goods = sum(line["quantity"] * line["unit_price_minor"] for line in content["lines"])
    return goods - content["discount_minor"] + content["shipping_minor"] + content["tax_minor"]


def _pieces(content: FactData) -> int:
    # Those that were returned had to leave as well.
    sent = ("GOODS", "RETURNED")
    return sum(line["quantity"] for line in content["lines"] if line.get("kind", "GOODS") in sent)


def _refunds_in_shop(facts: Sequence[OrderFact]) -> list[Refund]:
    newest: dict[str, OrderFact] = {}
    for fact in facts:
        known = newest.get(fact.data["refund_id"])
        if known is None or known.data["amount_minor"] < fact.data["amount_minor"]:
            newest[fact.data["refund_id"]] = fact
    return [
        Refund(key, it.occurred_at, it.data["amount_minor"], it.deliveries[0], LedgerProvider.SHOPIFY)
        for key, it in newest.items()
    ]


def _all_refunds(in_shop: Sequence[Refund], by_payment: Sequence[Refund]) -> list[Refund]:
    """Return what went back by the shop's books, and what of the payments' refunds goes beyond: both report the same
    money."""
    return in_turn(in_shop) + beyond(in_turn(by_payment), sum(refund.amount_minor for refund in in_shop))


def _without(foreign: Sequence[OrderFact], in_shop: Sequence[Refund]) -> list[OrderFact]:
    """Return the refunds of which nobody has reported what they are in the order's currency."""
    known = {refund.id for refund in in_shop}
    return [fact for fact in foreign if fact.data["refund_id"] not in known]


def in_turn(refunds: Iterable[Refund]) -> list[Refund]:
    """Return refunds in the order in which they happened."""
    return sorted(refunds, key=lambda refund: (refund.at, refund.id))


def beyond(refunds: Iterable[Refund], known_minor: int) -> list[Refund]:
    """Return refunds without the first `known_minor` of their sum."""
    rest = []
    for refund in refunds:
        known = min(known_minor, refund.amount_minor)
        known_minor -= known
        if refund.amount_minor > known:
            rest.append(replace(refund, amount_minor=refund.amount_minor - known))
    return rest


def _parcels(facts: Sequence[OrderFact]) -> list[Parcel]:
    newest: dict[str, OrderFact] = {}
    first: dict[str, OrderFact] = {}
    for fact in facts:  # by age, so the newest report stays
        first.setdefault(fact.data["parcel_id"], fact)
        newest[fact.data["parcel_id"]] = fact
    fulfillments = {_fulfillment(fact): fact for fact in facts}
    parcels = [
        Parcel(
            id=key,
            at=dt.datetime.fromisoformat(fact.data["at"]),
            reported_at=fact.occurred_at,
            status=ShipmentStatus(fact.data["status"]),
            carrier=fact.data["carrier"],
            tracking_number=fact.data["tracking_number"],
            tracking_url=fact.data["tracking_url"],
            pieces=fact.data["pieces"],
            delivery_id=first[key].deliveries[0],
            withdrawn=not _is_there(fact, fulfillments[_fulfillment(fact)]),
        )
        for key, fact in newest.items()
    ]
    return sorted(parcels, key=lambda parcel: (parcel.at, parcel.id))


def _fulfillment(fact: OrderFact) -> str:
    return fact.data.get("fulfillment_id") or fact.data["parcel_id"]


def _is_there(parcel: OrderFact, newest: OrderFact) -> bool:
    """Tell whether a fulfilment of the sender, by its newest report, still has a parcel."""
    return not newest.data.get("withdrawn", False) and parcel.data.get("place", 1) <= newest.data.get("places", 1)


def newest(facts: Iterable[OrderFact]) -> OrderFact | None:
    """Return the newest of some facts by the sender's own time; None if there are none."""
    return max(facts, key=_age, default=None)


def _age(fact: OrderFact) -> tuple[dt.datetime, dt.datetime, bytes]:
    # What has the same time is told apart by when it was sent and what it says, never by when it came.
    said = orjson.dumps([fact.kind.value, fact.data, fact.id], option=orjson.OPT_SORT_KEYS)
    return fact.occurred_at, _sent_at(fact), said


def _sent_at(fact: OrderFact) -> dt.datetime:
    return fact.sent_at or fact.occurred_at
