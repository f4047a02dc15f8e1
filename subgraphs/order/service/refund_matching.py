"""Tells which of the refunds that providers report are those that were decided here: pure functions.

A refund that was sent to a provider is known by its ids, here and there. Of some payments only the sum that went back
is reported; and what no provider was asked for, since staff refund it by hand, is confirmed by amounts: what was
decided first is confirmed first, by what was refunded after it was decided.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from subgraphs.order.enums import LedgerEntryState
from subgraphs.order.service.facts_fold import Reported
from subgraphs.order.service.payment_facts import Refund

PENDING, SUCCEEDED, FAILED = LedgerEntryState.PENDING, LedgerEntryState.SUCCEEDED, LedgerEntryState.FAILED
CLOCK_LEEWAY = dt.timedelta(minutes=1)
"""How far a provider's clock may be behind."""


@dataclass(frozen=True)
class SentPart:
    """A part of a refund that one payment is asked to give back: `payment` and `provider_id` are the provider's ids.

    The provider has not taken it yet where there is no `provider_id`, and never does where there is a `refusal`.
    """

    refund_id: str
    payment: str
    amount_minor: int
    provider_id: str | None
    refusal: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Decided:
    """A refund that was decided here, with how much of it is in which state."""

    refund: Refund
    amounts: Mapping[LedgerEntryState, int]

    @property
    def state(self) -> LedgerEntryState:
        """The state of the whole: FAILED where any of it failed."""
        return next(state for state in (FAILED, PENDING, SUCCEEDED) if state in self.amounts or state is SUCCEEDED)

    @property
    def returned(self) -> int:
        """What of it went back, or will."""
        return sum(minor for state, minor in self.amounts.items() if state is not FAILED)


def match(
    decided: Sequence[Refund], parts: Iterable[SentPart], reported: Reported, *, confirms: bool
) -> tuple[list[Decided], list[Refund]]:
    """Return the decided refunds in the states that follow from the reports, and the reported ones that are others.

    What no provider `confirms` counts as made.
    """
    matching = _Matching(reported, confirms=confirms)
    by_refund: dict[str, list[SentPart]] = {}
    for part in parts:
        by_refund.setdefault(part.refund_id, []).append(part)
    # All of those that are known exactly first, so that none is taken for another of its amount.
    exact = {refund.id: [matching.by_id(part) for part in by_refund.get(refund.id, ())] for refund in decided}
    found = []
    for refund in decided:
        amounts: dict[LedgerEntryState, int] = {}
        sent = by_refund.get(refund.id, [])
        for part, known in zip(sent, exact[refund.id], strict=True):
            state = known or matching.by_sum(part)
            amounts[state] = amounts.get(state, 0) + part.amount_minor
        rest = refund.amount_minor - sum(part.amount_minor for part in sent)
        if rest > 0:
            state = matching.by_amount(replace(refund, amount_minor=rest))
            amounts[state] = amounts.get(state, 0) + rest
        found.append(Decided(refund, amounts))
    return found, matching.left


class _Matching:
    """What was reported and is not known to be a refund that was decided here."""

    def __init__(self, reported: Reported, *, confirms: bool) -> None:
        self.left = list(reported.refunds)
        self._failed = list(reported.failed_refunds)
        self._names = {name: payment.name for payment in reported.payments for name in payment.names}
        self._confirms = confirms

    def by_id(self, part: SentPart) -> LedgerEntryState | None:
        """Return the state of a part that a provider has refused or reported as this part."""
        if part.refusal is not None:
            return FAILED
        for reports in (self.left, self._failed):
            for each in reports:
                is_own = each.own_id == part.refund_id and each.payment == self._names.get(part.payment)
                if each.id == part.provider_id or is_own:
                    reports.remove(each)
                    return each.state
        return None

    def by_sum(self, part: SentPart) -> LedgerEntryState:
        """Return the state of a part by the sum that its payment gave back."""
        of_payment = [it.is_sum and it.id == self._names.get(part.payment) for it in self.left]
        return SUCCEEDED if self._take(part.amount_minor, of_payment) else PENDING

    def by_amount(self, refund: Refund) -> LedgerEntryState:
        """Return the state of a refund that no provider was asked for."""
        since = refund.at - CLOCK_LEEWAY
        wanted = refund.amount_minor
        after = [each.at >= since for each in self.left]
        available = sum(each.amount_minor for each, is_after in zip(self.left, after, strict=True) if is_after)
        failed = next((it for it in self._failed if it.amount_minor == wanted and it.at >= since), None)
        if available < wanted and failed is not None:
            self._failed.remove(failed)
            return FAILED
        self._take(min(wanted, available), after)
        return SUCCEEDED if available >= wanted or not self._confirms else PENDING

    def _take(self, minor: int, which: Sequence[bool]) -> bool:
        """Take an amount off some of what is left, all of it or nothing."""
        if sum(each.amount_minor for each, is_meant in zip(self.left, which, strict=True) if is_meant) < minor:
            return False
        rest = []
        for each, is_meant in zip(self.left, which, strict=True):
            taken = min(minor, each.amount_minor) if is_meant else 0
            minor -= taken
            if each.amount_minor > taken:
                rest.append(replace(each, amount_minor=each.amount_minor - taken))
        self.left = rest
        return True
