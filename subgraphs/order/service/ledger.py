"""The money of an order as a ledger, and what follows from it: pure functions of what was reported and decided.

Money is entered once, however many report it: shop and provider tell of the same payments and refunds, and of those
that were decided here. Amounts are in minor units of the order's currency, except for entries that name another one,
which do not count.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subgraphs.order.enums import LedgerEntryKind, LedgerEntryState, LedgerProvider
from subgraphs.order.models import Order
from subgraphs.order.service.facts_fold import Reported, in_turn
from subgraphs.order.service.payment_facts import Declined, Dispute, Payment, Refund
from subgraphs.order.service.refund_matching import Decided, SentPart, match

CHARGE, REFUND, DISPUTE = LedgerEntryKind.CHARGE, LedgerEntryKind.REFUND, LedgerEntryKind.DISPUTE
PENDING, SUCCEEDED, FAILED = LedgerEntryState.PENDING, LedgerEntryState.SUCCEEDED, LedgerEntryState.FAILED
HERE = LedgerProvider.ALL_PET_PLUS
RECORDED = "recorded"
"""The provider's id of what is counted as paid and told by no payment."""


@dataclass(frozen=True)
class Balance:
    """What came in (`received`) and went back (`returned`) of an order that costs `total`."""

    total: int
    received: int
    returned: int

    @property
    def held(self) -> int:
        """The money that is still here."""
        return max(0, self.received - self.returned)

    @property
    def refunded(self) -> int:
        """The part of the price that went back: refunds first take what was paid too much."""
        return min(max(0, self.returned - max(0, self.received - self.total)), self.total)

    @property
    def overpaid(self) -> int:
        """What was paid too much and is still here."""
        return max(0, self.received - self.total - self.returned)

    @property
    def owed(self) -> int:
        """What is still to be paid of the price."""
        return max(0, self.total - self.received)

    @property
    def is_repaid(self) -> bool:
        """Whether money had come in and none of it is left."""
        return 0 < self.received <= self.returned


def balance_of(order: Order) -> Balance:
    """Return an order's balance, read from its row. Orders of earlier versions had no ledger: a paid one was paid in
    full."""
    return balance_by_columns(
        order.total_minor, order.received_minor, order.returned_minor, order.refunded_minor, order.paid_at
    )


def is_of_before_ledger(order: Order) -> bool:
    """Tell whether an order was paid before there was a ledger, and has none yet."""
    return order.paid_at is not None and order.received_minor is None


def balance_by_columns(
    total_minor: int,
    received_minor: int | None,
    returned_minor: int | None,
    refunded_minor: int,
    paid_at: dt.datetime | None,
) -> Balance:
    """Return the balance that the columns of an order make; see `balance_of`."""
    if received_minor is None:
        received_minor = total_minor if paid_at is not None else 0
    return Balance(total_minor, received_minor, returned_minor if returned_minor is not None else refunded_minor)


@dataclass(frozen=True)
class Entry:
    """An entry of the ledger; `provider_id` is the provider's own id of what it tells of."""

    kind: LedgerEntryKind
    provider: LedgerProvider
    provider_id: str
    state: LedgerEntryState
    amount_minor: int
    currency: str
    occurred_at: dt.datetime

    @property
    def key(self) -> tuple[LedgerEntryKind, LedgerProvider, str]:
        """What it is known by: of one thing there is one entry."""
        return self.kind, self.provider, self.provider_id


@dataclass(frozen=True)
class Ledger:
    """All entries, the balance that they make, the refunds decided here in their states, and those of others."""

    entries: Sequence[Entry]
    balance: Balance
    decided: Sequence[Decided]
    reported: Sequence[Refund]


def make_ledger(
    reported: Reported,
    decided: Sequence[Refund],
    order: Order,
    *,
    sent: Sequence[SentPart] = (),
    confirms: bool,
    recorded_minor: int,
) -> Ledger:
    """Enter all money of an order.

    `decided` are the refunds that were decided here, oldest first, and `sent` what of them providers were asked for;
    where a provider `confirms` refunds, they are pending until it does. `recorded_minor` is what staff recorded as
    paid.
    """
    currency = order.currency.value
    refunds, others = match(decided, sent, reported, confirms=confirms)
    known = sum(refund.returned for refund in refunds)
    lost = [_lost(dispute) for dispute in reported.disputes if dispute.is_lost]
    paid = sum(payment.received for payment in reported.payments)
    returned = known + sum(refund.amount_minor for refund in (*others, *lost))
    counted = max(paid, reported.shop_minor, recorded_minor, returned)
    entries = [_charge(payment, currency) for payment in (*reported.payments, *reported.foreign_payments)]
    entries += [_declined(payment) for payment in reported.declined]
    if counted > paid:
        entries.append(_rest(reported, order, counted - paid))
    entries += [entry for refund in refunds for entry in _decided(refund, currency)]
    entries += [_entry(refund, currency) for refund in (*others, *reported.failed_refunds)]
    entries += [_dispute(dispute, currency) for dispute in reported.disputes]
    balance = Balance(order.total_minor, counted, returned)
    return Ledger(entries, balance, refunds, in_turn([*others, *lost]))


def _charge(payment: Payment, currency: str) -> Entry:
    own = payment.currency or currency
    return Entry(CHARGE, payment.provider, payment.name, SUCCEEDED, payment.received, own, payment.at)


def _declined(payment: Declined) -> Entry:
    return Entry(CHARGE, payment.provider, payment.name, FAILED, payment.amount_minor, payment.currency, payment.at)


def _rest(reported: Reported, order: Order, minor: int) -> Entry:
    """Return what is counted as received and no payment tells of."""
    provider = LedgerProvider.SHOPIFY if reported.shop_paid_at is not None else HERE
    # By reports first: when the order itself came to be paid depends on which of them came first.
    at = reported.shop_paid_at or reported.paid_at or order.paid_at or order.placed_at
    return Entry(CHARGE, provider, RECORDED, SUCCEEDED, minor, order.currency.value, at)


def _entry(refund: Refund, currency: str) -> Entry:
    return Entry(REFUND, refund.provider, refund.id, refund.state, refund.amount_minor, currency, refund.at)


def _decided(decided: Decided, currency: str) -> Iterator[Entry]:
    """Yield one entry for a refund, and further ones where parts of it are in different states."""
    refund = decided.refund
    for place, (state, minor) in enumerate(sorted(decided.amounts.items(), key=lambda each: each[0].value)):
        name = f"{refund.id}.{place + 1}" if place else refund.id
        yield Entry(REFUND, HERE, name, state, minor, currency, refund.at)


def _dispute(dispute: Dispute, currency: str) -> Entry:
    state = PENDING if dispute.closed_at is None else FAILED if dispute.won else SUCCEEDED
    return Entry(DISPUTE, dispute.provider, dispute.id, state, dispute.amount_minor, currency, dispute.at)


def _lost(dispute: Dispute) -> Refund:
    return Refund(
        dispute.id, dispute.closed_at or dispute.at, dispute.amount_minor, dispute.closed_by, dispute.provider
    )
