"""What the parcels of an order show of it, by all that are on their way, arrived, came back or got lost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import many
from subgraphs.order.enums import OrderStatus, ShipmentStatus
from subgraphs.order.models import Shipment

_PARCELS = (
    select(Shipment.__table__)
    .where(Shipment.order_id == bindparam("order"), ~Shipment.withdrawn)
    .order_by(Shipment.created_at, Shipment.id)
)

_DOOR = frozenset({ShipmentStatus.OUT_FOR_DELIVERY, ShipmentStatus.DELIVERED})
_PICKUP = _DOOR | {ShipmentStatus.READY_FOR_PICKUP}
_BACK = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED, ShipmentStatus.LOST})
UNDER_WAY = frozenset({ShipmentStatus.IN_TRANSIT, ShipmentStatus.OUT_FOR_DELIVERY, ShipmentStatus.READY_FOR_PICKUP})
"""The statuses of parcels that are about to reach the customer."""
GONE = frozenset({ShipmentStatus.LOST, ShipmentStatus.RETURNED})
"""The statuses of parcels that do not reach the customer."""


@dataclass(frozen=True)
class Seen:
    """A parcel as its order sees it. `pieces` are None where it is not known what is in it; `again` means that it is
    sent in addition to what had completed the order, `superseded` that another is sent or made instead."""

    id: str
    at: dt.datetime
    status: ShipmentStatus
    completes: bool
    pieces: int | None = None
    again: bool = False
    superseded: bool = False

    @property
    def has_left(self) -> bool:
        """Whether a carrier has it."""
        return self.status is not ShipmentStatus.LABEL_CREATED


def relevant(parcels: Sequence[Seen], pieces: int | None) -> list[Seen]:
    """Return the parcels by which an order goes: none that another one stands for, and no label that may still do so.

    What got lost or came back does not count where the others hold all `pieces` of the order.
    """
    counted = [parcel for parcel in parcels if parcel.has_left or not parcel.again]
    live = [parcel for parcel in counted if not parcel.superseded]
    if any(parcel.has_left for parcel in live):
        counted = live
    others = [parcel for parcel in counted if parcel.status not in GONE]
    sent = sum(parcel.pieces or 0 for parcel in others if parcel.has_left)
    return others if pieces and sent >= pieces else counted


def steps_shown_by(parcels: Sequence[tuple[ShipmentStatus, bool]]) -> Sequence[OrderStatus]:
    """Return the statuses that an order's parcels (status, completes) show, in their order on the way.

    Those that an order has had already, or cannot have now, are the caller's to leave out.
    """
    states = {state for state, _ in parcels}
    if states <= {ShipmentStatus.LABEL_CREATED}:
        return ()
    if ShipmentStatus.LABEL_CREATED in states or not any(completes for _, completes in parcels):
        return (OrderStatus.PARTIALLY_SHIPPED,)
    if states == {ShipmentStatus.DELIVERED}:
        return (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
    if ShipmentStatus.RETURNED in states and states <= _BACK:
        return (OrderStatus.SHIPPED, OrderStatus.RETURNED)
    if states <= _DOOR:
        return (OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY)
    if states <= _PICKUP:
        return (OrderStatus.SHIPPED, OrderStatus.READY_FOR_PICKUP)
    return (OrderStatus.SHIPPED,)


def shown_by(parcels: Sequence[Seen], pieces: int | None, *, nothing_follows: bool = False) -> Sequence[OrderStatus]:
    """Return the statuses that parcels show (`steps_shown_by`); `nothing_follows` where the rest was cancelled."""
    counted = relevant(parcels, pieces)
    if nothing_follows:
        counted = [parcel for parcel in counted if parcel.has_left]
    return steps_shown_by([(parcel.status, parcel.completes or nothing_follows) for parcel in counted])


async def parcels_of(session: AsyncSession, order_id: str) -> list[Seen]:
    """Return an order's parcels as it sees them, oldest first. What another shop has packed into them is not known."""
    rows = await many(session, Shipment, _PARCELS, {"order": order_id})
    return [seen(row) for row in rows]


def seen(row: Shipment) -> Seen:
    """Return a parcel as its order sees it."""
    key = row.external_id or row.id
    return Seen(key, row.created_at, row.status, row.completes, None, row.again, row.superseded)
