"""Keeps the parcels that another shop reports: as they are by the newest report or scan, whichever is newer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.rows import many
from shared.events.outbox import record
from subgraphs.order.enums import ShipmentStatus
from subgraphs.order.events import ShipmentCreated, ShipmentWithdrawn
from subgraphs.order.models import Order, Shipment, ShipmentScan
from subgraphs.order.service.facts_fold import Parcel, Reported
from subgraphs.order.service.parcel_status import UNDER_WAY, Seen, parcels_of, seen

_SHIPMENT = Shipment.__table__
_KNOWN = (
    select(_SHIPMENT).where(_SHIPMENT.c.order_id == bindparam("order")).order_by(_SHIPMENT.c.created_at, _SHIPMENT.c.id)
)
_SCANS = (
    select(ShipmentScan.shipment_id, ShipmentScan.at, ShipmentScan.status)
    .join(Shipment, Shipment.id == ShipmentScan.shipment_id)
    .where(Shipment.order_id == bindparam("order"))
    .ext(distinct_on(ShipmentScan.shipment_id))
    .order_by(ShipmentScan.shipment_id, ShipmentScan.at.desc(), ShipmentScan.id.desc())
)


@dataclass(frozen=True)
class Kept:
    """All parcels of an order, oldest first, and the last of those that are newly reported to be under way: by the id
    of its row."""

    all: Sequence[Seen]
    newest_id: str | None = None
    newest: Parcel | None = None


async def keep_parcels(session: AsyncSession, order: Order, reported: Reported, pieces: int) -> Kept:
    """Make the parcels of an order of so many pieces what was reported."""
    if not (reported.parcels or reported.withdrawn):
        return Kept(await parcels_of(session, order.id))
    rows = await many(session, Shipment, _KNOWN, {"order": order.id})
    known = {row.external_id: row for row in rows if row.external_id is not None}
    scans = {row.shipment_id: row for row in await session.execute(_SCANS, {"order": order.id})}
    found, sent = [seen(row) for row in rows if row.external_id is None], 0
    new: tuple[str, Parcel] | None = None
    for number, parcel in enumerate(reported.parcels, start=1):
        sent += parcel.pieces
        is_last = number == len(reported.parcels)
        completes = sent >= pieces or (is_last and reported.all_left)
        row = known.get(parcel.id)
        scan = scans.get(row.id) if row is not None else None
        is_newer = scan is not None and scan.at > parcel.reported_at
        now = scan.status if scan is not None and is_newer else parcel.status
        was_away = row is not None and not row.withdrawn and row.status is not ShipmentStatus.LABEL_CREATED
        row_id = await _keep(session, order, row, parcel, {"status": now, "completes": completes, "withdrawn": False})
        if now in UNDER_WAY and not was_away and parcel.pieces:
            new = (row_id, parcel)
        again, superseded = (row.again, row.superseded) if row is not None else (False, False)
        found.append(Seen(parcel.id, parcel.at, now, completes, parcel.pieces, again, superseded))
    gone = [known[parcel.id] for parcel in reported.withdrawn if parcel.id in known]
    await _withdraw(session, order, [row for row in gone if not row.withdrawn])
    in_turn = sorted(found, key=lambda each: (each.at, each.id))
    return Kept(in_turn, *new) if new is not None else Kept(in_turn)


async def _keep(
    session: AsyncSession,
    order: Order,
    known: Shipment | None,
    parcel: Parcel,
    state: Mapping[str, ShipmentStatus | bool],
) -> str:
    """Bring the row of a parcel in line, and return its id."""
    shown = {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        **state,
    }
    if known is None:
        key = {"id": new_id("shp"), "order_id": order.id, "external_id": parcel.id}
        await session.execute(insert(_SHIPMENT).values(key | shown))
        await record(session, ShipmentCreated(order_id=order.id, shipment_id=key["id"]))
        return key["id"]
    if any(getattr(known, name) != value for name, value in shown.items()):
        await session.execute(update(_SHIPMENT).where(_SHIPMENT.c.id == known.id).values(shown))
        if known.withdrawn:
            await record(session, ShipmentCreated(order_id=order.id, shipment_id=known.id))
    return known.id


async def _withdraw(session: AsyncSession, order: Order, gone: list[Shipment]) -> None:
    if not gone:
        return
    await session.execute(update(_SHIPMENT).where(_SHIPMENT.c.id.in_([row.id for row in gone])).values(withdrawn=True))
    await record(session, *[ShipmentWithdrawn(order_id=order.id, shipment_id=row.id) for row in gone])
