"""The status machine of orders: one table says what may follow what, and who may cause it.

    PENDING ─→ PAID ─→ IN_PRODUCTION ─→ (PARTIALLY_SHIPPED ─→) SHIPPED ─→ (OUT_FOR_DELIVERY ─→) DELIVERED

Whatever has not left may be cancelled by staff and, where another shop tells of it, by the system.
Some rules are not about pairs of statuses alone: an order on hold goes on from where it was stopped; only an order
that was paid is refunded, and one that is under way only where all of its money is back already, by other ways than
ours. They stand in `_allows`. Money that comes in for an order which cannot become PAID
changes no status, but what may follow: `paid_meanwhile`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from subgraphs.order.enums import ActorKind, OrderStatus

PENDING = OrderStatus.PENDING
PAID = OrderStatus.PAID
IN_PRODUCTION = OrderStatus.IN_PRODUCTION
PARTIALLY_SHIPPED = OrderStatus.PARTIALLY_SHIPPED
SHIPPED = OrderStatus.SHIPPED
OUT_FOR_DELIVERY = OrderStatus.OUT_FOR_DELIVERY
DELIVERED = OrderStatus.DELIVERED
ON_HOLD = OrderStatus.ON_HOLD
CANCELLED = OrderStatus.CANCELLED
REFUNDED = OrderStatus.REFUNDED
RETURNED = OrderStatus.RETURNED

_SHOP = frozenset({ActorKind.STAFF, ActorKind.SYSTEM})
_ANYBODY = frozenset(ActorKind)

TRANSITIONS: Mapping[OrderStatus, Mapping[OrderStatus, frozenset[ActorKind]]] = {
    PENDING: {PAID: _SHOP, ON_HOLD: _SHOP, CANCELLED: _ANYBODY},
    PAID: {IN_PRODUCTION: _SHOP, ON_HOLD: _SHOP, CANCELLED: _ANYBODY, REFUNDED: _SHOP},
    # What is being made to measure cannot be sold to anybody else: from here on the customer may not cancel.
    IN_PRODUCTION: {PARTIALLY_SHIPPED: _SHOP, SHIPPED: _SHOP, ON_HOLD: _SHOP, CANCELLED: _SHOP, REFUNDED: _SHOP},
    PARTIALLY_SHIPPED: {SHIPPED: _SHOP, REFUNDED: _SHOP},
    # Not every carrier reports the last leg.
    SHIPPED: {OUT_FOR_DELIVERY: _SHOP, DELIVERED: _SHOP, RETURNED: _SHOP, REFUNDED: _SHOP},
    OUT_FOR_DELIVERY: {DELIVERED: _SHOP, RETURNED: _SHOP, REFUNDED: _SHOP},
    DELIVERED: {RETURNED: _SHOP, REFUNDED: _SHOP},
    ON_HOLD: {PENDING: _SHOP, PAID: _SHOP, IN_PRODUCTION: _SHOP, CANCELLED: _SHOP, REFUNDED: _SHOP},
    CANCELLED: {REFUNDED: _SHOP},
    RETURNED: {REFUNDED: _SHOP},
    REFUNDED: {},
}

_UNDER_WAY = frozenset({IN_PRODUCTION, PARTIALLY_SHIPPED, SHIPPED, OUT_FOR_DELIVERY, ON_HOLD})
REORDERABLE = frozenset({SHIPPED, OUT_FOR_DELIVERY, DELIVERED, CANCELLED, RETURNED, REFUNDED})


@dataclass(frozen=True)
class Situation:
    """All that decides what may follow: the status, whether money came in and all of it went back, and where a held
    order was stopped."""

    status: OrderStatus
    is_paid: bool = False
    is_repaid: bool = False
    held_from: OrderStatus | None = None


NEW = Situation(PENDING)


def refusal(now: Situation, to: OrderStatus, by: ActorKind) -> str | None:
    """Return why `by` may not move an order to `to`, as a sentence for the client; None when it is legal."""
    if by in TRANSITIONS[now.status].get(to, frozenset()) and _allows(now, to):
        return None
    allowed = " or ".join(sorted(status.value for status in legal(now, by))) or "no other status"
    return f"An order that is {now.status.value} cannot become {to.value} here; allowed: {allowed}."


def legal(now: Situation, by: ActorKind) -> frozenset[OrderStatus]:
    """Return every status that `by` may move an order to."""
    return frozenset(to for to, who in TRANSITIONS[now.status].items() if by in who and _allows(now, to))


def _allows(now: Situation, to: OrderStatus) -> bool:
    if to is REFUNDED:
        return now.is_paid and (now.is_repaid or now.status not in _UNDER_WAY)
    if now.status is ON_HOLD and to is not CANCELLED:
        return to is now.held_from
    return True


def after(now: Situation, to: OrderStatus) -> Situation:
    """Return the situation once an order has legally become `to`."""
    return Situation(
        status=to,
        is_paid=now.is_paid or to is PAID,
        is_repaid=now.is_repaid or to is REFUNDED,
        held_from=now.status if to is ON_HOLD else None,
    )


def paid_meanwhile(now: Situation) -> Situation:
    """Return the situation once money has come in without a change of status.

    An order on hold stays there, since its question is not answered; released, it goes on as a paid one.
    """
    return replace(now, is_paid=True, held_from=PAID if now.held_from is PENDING else now.held_from)


def is_final(now: Situation) -> bool:
    """Tell whether nothing can follow any more, whoever asks."""
    return not any(legal(now, kind) for kind in ActorKind)
