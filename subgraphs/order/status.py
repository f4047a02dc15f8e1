"""The status machine of orders: one table says what may follow what, and who may cause it.

    PENDING ─→ PAID ─→ IN_PRODUCTION ─→ (PARTIALLY_SHIPPED ─→) SHIPPED ─→ (OUT_FOR_DELIVERY ─→) DELIVERED

What has left may come back, be lost or be sent again: staff move it back to IN_PRODUCTION or SHIPPED.
Some rules are not about pairs of statuses alone, and stand in `_allows`: an order on hold goes on from where it was
stopped; only an order that was paid is refunded, or made and sent. Money that comes in for an order which cannot become
PAID changes no status, but what may follow: `paid_meanwhile`.

What providers and shops report may turn out to be different from what they reported before: a refund fails, a
fulfilment is withdrawn. Then `service/reconciliation.py` takes an order that stands where a report had put it to where
all reports put it now, which need not be a transition of this table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from subgraphs.order.enums import ActorKind, OrderStatus

PENDING = OrderStatus.PENDING
PAID = OrderStatus.PAID
IN_PRODUCTION = OrderStatus.IN_PRODUCTION
PARTIALLY_SHIPPED = OrderStatus.PARTIALLY_SHIPPED
SHIPPED = OrderStatus.SHIPPED
OUT_FOR_DELIVERY = OrderStatus.OUT_FOR_DELIVERY
READY_FOR_PICKUP = OrderStatus.READY_FOR_PICKUP
DELIVERED = OrderStatus.DELIVERED
ON_HOLD = OrderStatus.ON_HOLD
CANCELLED = OrderStatus.CANCELLED
REFUNDED = OrderStatus.REFUNDED
RETURNED = OrderStatus.RETURNED

_SHOP = frozenset({ActorKind.STAFF, ActorKind.SYSTEM})
_STAFF = frozenset({ActorKind.STAFF})
_ANYBODY = frozenset(ActorKind)

TRANSITIONS: Mapping[OrderStatus, Mapping[OrderStatus, frozenset[ActorKind]]] = {
    PENDING: {PAID: _SHOP, ON_HOLD: _SHOP, CANCELLED: _ANYBODY},
    PAID: {IN_PRODUCTION: _SHOP, ON_HOLD: _SHOP, CANCELLED: _ANYBODY, REFUNDED: _SHOP},
    # What is being made to measure cannot be sold to anybody else: from here on the customer may not cancel.
    IN_PRODUCTION: {PARTIALLY_SHIPPED: _SHOP, SHIPPED: _SHOP, ON_HOLD: _SHOP, CANCELLED: _SHOP, REFUNDED: _SHOP},
    PARTIALLY_SHIPPED: {SHIPPED: _SHOP, ON_HOLD: _SHOP, REFUNDED: _SHOP},
    # Not every carrier reports the last leg.
    SHIPPED: {
        OUT_FOR_DELIVERY: _SHOP,
        READY_FOR_PICKUP: _SHOP,
        DELIVERED: _SHOP,
        RETURNED: _SHOP,
        IN_PRODUCTION: _STAFF,
        REFUNDED: _SHOP,
    },
    # Nobody was at home: it goes on, or waits at a pickup point.
    OUT_FOR_DELIVERY: {
        SHIPPED: _SHOP,
        READY_FOR_PICKUP: _SHOP,
        DELIVERED: _SHOP,
        RETURNED: _SHOP,
        IN_PRODUCTION: _STAFF,
        REFUNDED: _SHOP,
    },
    READY_FOR_PICKUP: {
        SHIPPED: _SHOP,
        OUT_FOR_DELIVERY: _SHOP,
        DELIVERED: _SHOP,
        RETURNED: _SHOP,
        IN_PRODUCTION: _STAFF,
        REFUNDED: _SHOP,
    },
    # An exchange is sent at once, or made first.
    DELIVERED: {RETURNED: _SHOP, SHIPPED: _STAFF, IN_PRODUCTION: _STAFF, REFUNDED: _SHOP},
    ON_HOLD: {
        PENDING: _SHOP,
        PAID: _SHOP,
        IN_PRODUCTION: _SHOP,
        PARTIALLY_SHIPPED: _SHOP,
        CANCELLED: _SHOP,
        REFUNDED: _SHOP,
    },
    # It was sent all the same.
    CANCELLED: {SHIPPED: _STAFF, REFUNDED: _SHOP},
    # DELIVERED where the customer keeps the rest and what came back is settled.
    RETURNED: {SHIPPED: _SHOP, IN_PRODUCTION: _STAFF, DELIVERED: _SHOP, REFUNDED: _SHOP},
    REFUNDED: {},
}

LEFT = frozenset({PARTIALLY_SHIPPED, SHIPPED, OUT_FOR_DELIVERY, READY_FOR_PICKUP, DELIVERED, RETURNED})
"""The statuses of orders of which something has left."""
WHOLE = LEFT - {PARTIALLY_SHIPPED}
"""The statuses of orders of which everything has left."""
REORDERABLE = WHOLE | {CANCELLED, REFUNDED}


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


EXPLAINED = frozenset({ON_HOLD, CANCELLED})
"""What a customer is told of and cannot explain: staff should say why."""


def _allows(now: Situation, to: OrderStatus) -> bool:
    if to is REFUNDED or now.status is CANCELLED:
        return now.is_paid
    if now.status is ON_HOLD:
        return to is now.held_from or (to is CANCELLED and now.held_from is not PARTIALLY_SHIPPED)
    return True


def after(now: Situation, to: OrderStatus) -> Situation:
    """Return the situation once an order has become `to`."""
    return Situation(
        status=to,
        is_paid=now.is_paid or to is PAID,
        is_repaid=now.is_repaid or to is REFUNDED,
        held_from=now.status if to is ON_HOLD else None,
    )


def ahead(now: Situation, way: Sequence[OrderStatus], by: ActorKind) -> Sequence[OrderStatus]:
    """Return the part of a way that an order still has before it.

    Once all has left, an order goes to the end of the way at once where it may: what lies between is over.
    """
    places = [place for place, step in enumerate(way) if step is now.status]
    rest = way[places[-1] + 1 :] if places else way
    return rest[-1:] if now.status in WHOLE and rest and refusal(now, rest[-1], by) is None else rest


def paid_meanwhile(now: Situation) -> Situation:
    """Return the situation once money has come in without a change of status.

    An order on hold stays there, since its question is not answered; released, it goes on as a paid one.
    """
    return replace(now, is_paid=True, held_from=PAID if now.held_from is PENDING else now.held_from)


def is_final(now: Situation) -> bool:
    """Tell whether nothing can follow any more, whoever asks."""
    return not any(legal(now, kind) for kind in ActorKind)
