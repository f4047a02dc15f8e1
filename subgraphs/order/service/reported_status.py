"""The status that all reports about an order put it in, and the way there: pure functions.

Whether money is still held is not part of it: `ledger.Balance` decides about REFUNDED, from any status.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.order import status
from subgraphs.order.enums import OrderStatus
from subgraphs.order.fact_models import OrderFact
from subgraphs.order.service.facts_fold import Reported
from subgraphs.order.service.parcel_status import Seen, shown_by
from subgraphs.order.service.payment_facts import Dispute

NOTHING_REPORTED = OrderStatus.PENDING.value
"""The text of a `ReportedStatus` for which nothing was reported."""


@dataclass(frozen=True)
class Step:
    """A status on the way, when it was reached, and the delivery that told of it."""

    to: OrderStatus
    at: dt.datetime
    delivery_id: str | None
    reason: str | None = None


@dataclass(frozen=True)
class ReportedStatus:
    """Where reports put an order: `way` are the steps, `dispute` is what it is on hold for, `text` tells it apart from
    what was reported before."""

    status: OrderStatus
    way: Sequence[Step]
    dispute: Dispute | None
    text: str


def reported_status(
    reported: Reported, parcels: Sequence[Seen], pieces: int, *, nothing_follows: bool = False
) -> ReportedStatus:
    """Return where all reports put an order of so many pieces with these parcels, oldest first.

    `nothing_follows` where the rest of the order was cancelled.
    """
    way = []
    if reported.paid is not None and reported.paid_at is not None:
        way.append(Step(status.PAID, reported.paid_at, reported.paid.deliveries[0]))
    left = [parcel for parcel in parcels if parcel.has_left]
    cancelled = cancelled_first(reported, left)
    if cancelled is not None:
        reason = "The order was cancelled in the shop."
        way.append(Step(status.CANCELLED, cancelled.occurred_at, cancelled.deliveries[0], reason))
        return ReportedStatus(status.CANCELLED, way, None, status.CANCELLED.value)
    sent = _sent(reported, parcels, pieces, nothing_follows=nothing_follows) if way else []
    dispute = next((it for it in reported.disputes if it.closed_at is None or it.is_lost), None)
    if sent or dispute is None:
        last = (sent or way)[-1].to if way else status.PENDING
        seen = " ".join(f"{parcel.id}={parcel.status.value}{parcel.completes:d}" for parcel in left) if sent else ""
        return ReportedStatus(last, way + sent, None, f"{last.value} {seen}".strip())
    why = f": {dispute.reason.replace('_', ' ')}" if dispute.reason else ""
    way.append(Step(status.ON_HOLD, dispute.at, dispute.opened_by, f"The payment is disputed{why}."))
    return ReportedStatus(status.ON_HOLD, way, dispute, f"{status.ON_HOLD.value} {dispute.id}")


def cancelled_first(reported: Reported, left: Sequence[Seen]) -> OrderFact | None:
    """Return the shop's cancellation of an order, where it was made before anything of the order left."""
    fact = reported.cancelled
    if fact is None or any(parcel.at < fact.occurred_at for parcel in left):
        return None
    return fact


def _sent(reported: Reported, parcels: Sequence[Seen], pieces: int, *, nothing_follows: bool) -> list[Step]:
    """Return the steps that parcels show one after the other."""
    deliveries = {parcel.id: parcel.delivery_id for parcel in reported.parcels}
    steps: list[Step] = []
    for number, parcel in enumerate(parcels, start=1):
        is_last = number == len(parcels)
        if not is_last and parcels[number].at == parcel.at:
            # They left together.
            continue
        shown = shown_by(parcels[:number], pieces, nothing_follows=nothing_follows and is_last)
        for place, to in enumerate(shown, start=1):
            repeats = any(step.to is to for step in steps)
            if repeats and not (is_last and place == len(shown) and steps[-1].to is not to):
                continue
            if not steps:
                steps.append(Step(status.IN_PRODUCTION, parcel.at, deliveries.get(parcel.id)))
            steps.append(Step(to, parcel.at, deliveries.get(parcel.id)))
    return steps
