"""What was reported about payments: each payment under all its ids, with what came in, went back and is disputed.

Of what changes, the newest report by the sender's own time counts. What a later report says must have happened before:
money that went back or is disputed had come in.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from subgraphs.order.enums import FactKind, LedgerEntryState, LedgerProvider
from subgraphs.order.fact_models import OrderFact

IMPLIES_MONEY = (FactKind.PAYMENT, FactKind.PAYMENT_REFUNDED, FactKind.REFUND_STATE, FactKind.DISPUTE)
ABOUT_PAYMENTS = (*IMPLIES_MONEY, FactKind.PAYMENT_FAILED)


@dataclass(frozen=True)
class Refund:
    """Money that went back, or did not: `id` is the other system's, `own_id` ours where it was asked for from here.

    Of a payment of which only the sum that went back is known, `id` is the payment's, and it `is_sum`.
    """

    id: str
    at: dt.datetime
    amount_minor: int
    delivery_id: str
    provider: LedgerProvider = LedgerProvider.STRIPE
    state: LedgerEntryState = LedgerEntryState.SUCCEEDED
    own_id: str | None = None
    payment: str | None = None
    is_sum: bool = False


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
    provider: LedgerProvider

    @property
    def is_lost(self) -> bool:
        """Whether the money is gone."""
        return self.closed_at is not None and not self.won


@dataclass(frozen=True)
class Declined:
    """A payment of which nothing has come in, as of the last attempt; `name` is the provider's id."""

    name: str
    at: dt.datetime
    amount_minor: int
    currency: str
    provider: LedgerProvider


class Payment:
    """One payment in one currency, by all facts that are about it: what came in, went back, failed to, is disputed."""

    def __init__(self, facts: Sequence[OrderFact], currency: str) -> None:
        self.facts = [fact for fact in facts if fact.data.get("currency", currency) == currency]
        self.currency = currency
        self.name = min(payment for fact in facts for payment in fact.payments)
        self.provider = provider_of(facts)
        of = {kind: [fact for fact in self.facts if fact.kind is kind] for kind in IMPLIES_MONEY}
        self.disputes = _disputes(of[FactKind.DISPUTE], self.provider)
        objects = _newest_states(of[FactKind.REFUND_STATE], self.provider, self.name)
        self.failed = [refund for refund in objects if refund.state is LedgerEntryState.FAILED]
        self.refunds = [refund for refund in objects if refund.state is not LedgerEntryState.FAILED]
        self._add_sum(of[FactKind.PAYMENT_REFUNDED])
        amounts = [fact.data["amount_minor"] for fact in of[FactKind.PAYMENT]]
        amounts += [
            max(fact.data["received_minor"], fact.data["amount_minor"]) for fact in of[FactKind.PAYMENT_REFUNDED]
        ]
        amounts += [refund.amount_minor for refund in objects] + [it.amount_minor for it in self.disputes]
        self.received = max([*amounts, sum(refund.amount_minor for refund in self.refunds)], default=0)

    @property
    def names(self) -> frozenset[str]:
        """All ids by which it was told of."""
        return frozenset(name for fact in self.facts for name in fact.payments)

    @property
    def at(self) -> dt.datetime:
        """When its money had come in, as far as anybody tells."""
        implying = [fact for fact in self.facts if fact.kind in IMPLIES_MONEY]
        told = [fact for fact in implying if fact.kind is FactKind.PAYMENT]
        return min(fact.occurred_at for fact in told or implying)

    def _add_sum(self, sums: Sequence[OrderFact]) -> None:
        """Add what went back by the sum that the provider keeps, beyond the refunds that are known one by one."""
        if not sums:
            return
        newest = max(sums, key=lambda fact: (fact.occurred_at, fact.data["amount_minor"]))
        failed_since = sum(refund.amount_minor for refund in self.failed if refund.at >= newest.occurred_at)
        rest = newest.data["amount_minor"] - failed_since - sum(refund.amount_minor for refund in self.refunds)
        if rest > 0:
            by = newest.deliveries[0]
            self.refunds.append(Refund(self.name, newest.occurred_at, rest, by, self.provider, is_sum=True))


def payments_of(facts: Iterable[OrderFact], currency: str) -> tuple[list[Payment], list[Payment]]:
    """Return an order's payments in its currency, and those in others. `facts` are in the order of their age."""
    own: list[Payment] = []
    other: list[Payment] = []
    for group in _clusters([fact for fact in facts if fact.kind in ABOUT_PAYMENTS]):
        currencies = {fact.data.get("currency") or currency for fact in group if fact.kind in IMPLIES_MONEY}
        for each in sorted(currencies):
            (own if each == currency else other).append(Payment(group, each))
    return [payment for payment in own if payment.received], [payment for payment in other if payment.received]


def declined_of(facts: Iterable[OrderFact]) -> list[Declined]:
    """Return the payments that were declined and of which nothing is known to have come in, by their last attempts.

    Reports of earlier versions have no amounts, and are left out. `facts` are in the order of their age.
    """
    found = []
    for group in _clusters([fact for fact in facts if fact.kind in ABOUT_PAYMENTS]):
        last = group[-1]
        if any(fact.kind in IMPLIES_MONEY for fact in group) or not last.data.get("amount_minor"):
            continue
        name = min(payment for fact in group for payment in fact.payments)
        amount, currency = last.data["amount_minor"], last.data["currency"] or ""
        found.append(Declined(name, last.occurred_at, amount, currency, provider_of(group)))
    return sorted(found, key=lambda it: it.name)


def provider_of(facts: Iterable[OrderFact]) -> LedgerProvider:
    """Return who reported something; facts of earlier versions do not say, and are Stripe's."""
    named = sorted({fact.data["provider"] for fact in facts if "provider" in fact.data})
    if not named:
        return LedgerProvider.STRIPE
    # Stripe's ids are the ones that others quote.
    best = "STRIPE" if "STRIPE" in named else named[0]
    return LedgerProvider[best] if best in LedgerProvider.__members__ else LedgerProvider.INTERNAL


def _clusters(facts: Sequence[OrderFact]) -> list[list[OrderFact]]:
    """Group the facts of payments that have an id in common, directly or by others; each group keeps their order."""
    groups: list[tuple[set[str], list[OrderFact]]] = []
    for fact in facts:
        names, members = set(fact.payments), [fact]
        apart = []
        for group in groups:
            if group[0] & names:
                names, members = names | group[0], group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (names, members)]
    places = {fact.id: place for place, fact in enumerate(facts)}
    return [sorted(members, key=lambda fact: places[fact.id]) for _, members in groups]


def _newest_states(facts: Sequence[OrderFact], provider: LedgerProvider, payment: str) -> list[Refund]:
    """Return each refund as its newest report has it; what failed stays so, since nothing follows a failure."""
    found: dict[str, Refund] = {}
    for fact in facts:
        key, state = fact.data["refund_id"], LedgerEntryState[fact.data["state"]]
        known = found.get(key)
        if known is None or known.state is not LedgerEntryState.FAILED:
            found[key] = Refund(
                id=key,
                at=fact.occurred_at,
                amount_minor=fact.data["amount_minor"],
                delivery_id=fact.deliveries[0],
                provider=provider,
                state=_later(known, state),
                own_id=fact.data.get("own_refund_id") or (known.own_id if known is not None else None),
                payment=payment,
            )
    return list(found.values())


def _later(known: Refund | None, state: LedgerEntryState) -> LedgerEntryState:
    # Reports of one second have no order: one that succeeded is not pending any more.
    came_through = known is not None and known.state is LedgerEntryState.SUCCEEDED
    return LedgerEntryState.SUCCEEDED if came_through and state is LedgerEntryState.PENDING else state


def _disputes(facts: Sequence[OrderFact], provider: LedgerProvider) -> list[Dispute]:
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
                provider=provider,
            )
        )
    return disputes
