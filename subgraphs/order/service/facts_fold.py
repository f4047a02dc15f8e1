"""What the facts that the outside world reported add up to: a pure function of their set, whatever order they came in.

Each fact implies what must have gone before it: money that went back or is disputed had come in, a dispute that was
closed had been opened. Amounts only grow, and of what changes the newest by the sender's own time counts.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from subgraphs.order.enums import FactKind, ShipmentStatus
from subgraphs.order.models import OrderFact


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


@dataclass(frozen=True)
class Refund:
    """Money that went back: `id` is the other system's."""

    id: str
    at: dt.datetime
    amount_minor: int
    delivery_id: str


@dataclass(frozen=True)
class Dispute:
    """A payer's bank wants money back; `closed` tells whether that is decided, `won` that it stays here."""

    id: str
    at: dt.datetime
    closed_at: dt.datetime | None
    won: bool
    reason: str | None
    amount_minor: int
    opened_by: str
    closed_by: str


@dataclass(frozen=True)
class Reported:
    """What was reported about one order; facts are those that a step is due to."""

    paid: OrderFact | None
    cancelled: OrderFact | None
    all_left: bool
    payments: Sequence[OrderFact]
    failures: Sequence[OrderFact]
    parcels: Sequence[Parcel]
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]


def fold(facts: Iterable[OrderFact], total_minor: int, currency: str) -> Reported:
    """Add up all facts of an order that costs `total_minor`."""
    of: dict[FactKind, list[OrderFact]] = {kind: [] for kind in FactKind}
    for fact in sorted(facts, key=_age):
        of[fact.kind].append(fact)
    clusters = [_Payment(cluster, currency) for cluster in _clusters(of)]
    received = sum(payment.received for payment in clusters)
    in_shop = _refunds_in_shop(of[FactKind.REFUND])
    paying = [fact for payment in clusters for fact in payment.facts if fact.kind in _IMPLIES_MONEY]
    shop_paid = of[FactKind.PAID] + of[FactKind.REFUND]
    paid = sorted(shop_paid + (paying if received >= total_minor else []), key=_age)
    return Reported(
        paid=paid[0] if paid else None,
        cancelled=of[FactKind.CANCELLED][0] if of[FactKind.CANCELLED] else None,
        all_left=bool(of[FactKind.ALL_LEFT]),
        payments=of[FactKind.PAYMENT],
        failures=of[FactKind.PAYMENT_FAILED],
        parcels=_parcels(of[FactKind.PARCEL]),
        refunds=_all_refunds(in_shop, [refund for payment in clusters for refund in payment.refunds]),
        disputes=sorted((it for payment in clusters for it in payment.disputes), key=lambda it: (it.at, it.id)),
    )


_IMPLIES_MONEY = (FactKind.PAYMENT, FactKind.PAYMENT_REFUNDED, FactKind.DISPUTE)


class _Payment:
    """One payment under all its ids. What is of another currency does not count."""

    def __init__(self, facts: Sequence[OrderFact], currency: str) -> None:
        self.facts = [fact for fact in facts if fact.data.get("currency", currency) == currency]
        refunded = [fact for fact in self.facts if fact.kind is FactKind.PAYMENT_REFUNDED]
        self.disputes = _disputes([fact for fact in self.facts if fact.kind is FactKind.DISPUTE])
        amounts = [fact.data["amount_minor"] for fact in self.facts if fact.kind is FactKind.PAYMENT]
        amounts += [max(fact.data["received_minor"], fact.data["amount_minor"]) for fact in refunded]
        self.received = max([*amounts, *[dispute.amount_minor for dispute in self.disputes]], default=0)
        self.refunds = [_lost(dispute) for dispute in self.disputes if dispute.closed_at and not dispute.won]
        if refunded:
            most = max(refunded, key=lambda fact: fact.data["amount_minor"])
            name = min(payment for fact in facts for payment in fact.payments)
            self.refunds.append(Refund(name, most.occurred_at, most.data["amount_minor"], most.deliveries[0]))


def _clusters(of: dict[FactKind, list[OrderFact]]) -> list[list[OrderFact]]:
    """Group the facts of payments that have an id in common, directly or by others."""
    groups: list[tuple[set[str], list[OrderFact]]] = []
    for kind in (*_IMPLIES_MONEY, FactKind.PAYMENT_FAILED):
        for fact in of[kind]:
            names, facts = set(fact.payments), [fact]
            apart = []
            for group in groups:
                if group[0] & names:
                    names, facts = names | group[0], facts + group[1]
                else:
                    apart.append(group)
            groups = [*apart, (names, facts)]
    return [sorted(facts, key=_age) for _, facts in groups]


def _disputes(facts: Sequence[OrderFact]) -> list[Dispute]:
    found: dict[str, list[OrderFact]] = {}
    for fact in facts:
        found.setdefault(fact.data["dispute_id"], []).append(fact)
    disputes = []
    for key, reported in found.items():
        closing = [fact for fact in reported if fact.data["outcome"] != "OPEN"]
        last = closing[-1] if closing else reported[-1]
        disputes.append(
            Dispute(
                id=key,
                at=reported[0].occurred_at,
                closed_at=last.occurred_at if closing else None,
                won=last.data["outcome"] == "WON",
                reason=last.data["reason"],
                amount_minor=max(fact.data["amount_minor"] for fact in reported),
                opened_by=reported[0].deliveries[0],
                closed_by=last.deliveries[0],
            )
        )
    return disputes


def _lost(dispute: Dispute) -> Refund:
    return Refund(dispute.id, dispute.closed_at or dispute.at, dispute.amount_minor, dispute.closed_by)


def _refunds_in_shop(facts: Sequence[OrderFact]) -> list[Refund]:
    largest: dict[str, OrderFact] = {}
    for fact in facts:
        known = largest.get(fact.data["refund_id"])
        if known is None or known.data["amount_minor"] < fact.data["amount_minor"]:
            largest[fact.data["refund_id"]] = fact
    return [Refund(key, it.occurred_at, it.data["amount_minor"], it.deliveries[0]) for key, it in largest.items()]


def _all_refunds(in_shop: Sequence[Refund], by_payment: Sequence[Refund]) -> list[Refund]:
    """Return what went back by the shop's books, and what of the payments' refunds goes beyond: both report the same
    money."""
    return in_turn(in_shop) + beyond(in_turn(by_payment), sum(refund.amount_minor for refund in in_shop))


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
            rest.append(Refund(refund.id, refund.at, refund.amount_minor - known, refund.delivery_id))
    return rest


def within(refunds: Iterable[Refund], most_minor: int) -> list[Refund]:
    """Return the first refunds, up to a sum."""
    chosen = []
    for refund in refunds:
        amount = min(most_minor, refund.amount_minor)
        most_minor -= amount
        if amount:
            chosen.append(Refund(refund.id, refund.at, amount, refund.delivery_id))
    return chosen


def _parcels(facts: Sequence[OrderFact]) -> list[Parcel]:
    newest: dict[str, OrderFact] = {}
    first: dict[str, OrderFact] = {}
    for fact in facts:  # by age, so the newest report stays
        first.setdefault(fact.data["parcel_id"], fact)
        newest[fact.data["parcel_id"]] = fact
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
        )
        for key, fact in newest.items()
    ]
    return sorted(parcels, key=lambda parcel: (parcel.at, parcel.id))


def newest(facts: Iterable[OrderFact]) -> OrderFact | None:
    """Return the newest of some facts by the sender's own time; None if there are none."""
    return max(facts, key=_age, default=None)


def _age(fact: OrderFact) -> tuple[dt.datetime, bytes]:
    # What has the same time is told apart by what it says, never by when it came.
    return fact.occurred_at, orjson.dumps([fact.kind.value, fact.data, fact.id], option=orjson.OPT_SORT_KEYS)
