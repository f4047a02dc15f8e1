"""Parcels: announced to a carrier, scanned on their way, and what their scans show of the order."""

import datetime as dt
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, InvalidInput, NotFound
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.outbox import record
from shared.security.auth import Viewer
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, NoteVisibility, OrderStatus, ShipmentStatus
from subgraphs.order.events import ShipmentCreated, ShipmentScanned
from subgraphs.order.inputs import LONGEST_REASON, ShipmentCreateInput, ShipmentScanAddInput
from subgraphs.order.models import Order, Shipment, ShipmentScan
from subgraphs.order.service.notes import write_note
from subgraphs.order.service.parcel_status import UNDER_WAY, parcels_of, shown_by
from subgraphs.order.service.tasks import review_tasks
from subgraphs.order.service.transitions import Actor, change_status, count_parcel, locked_order, situation_of

SHIPPABLE = {OrderStatus.IN_PRODUCTION, *status.LEFT}
CLOCK_LEEWAY = dt.timedelta(minutes=5)
RETRIED_WITHIN = dt.timedelta(minutes=10)
"""How long a scan without a time that repeats the newest one is taken for a retry of it."""
_FAILED = {ShipmentStatus.LOST, ShipmentStatus.RETURNED, ShipmentStatus.EXCEPTION}


@dataclass(frozen=True)
class NewParcel:
    """A parcel as a carrier has announced it."""

    carrier: str
    tracking_number: str
    tracking_url: str | None = None
    estimated_delivery: dt.date | None = None
    completes: bool = True
    replaces: str | None = None


class NewScan(TypedDict):
    """A scan as a carrier has reported it, by the columns that it fills."""

    id: str
    shipment_id: str
    at: dt.datetime
    status: ShipmentStatus
    location: str | None
    description: str


async def create_shipment(database: Database, viewer: Viewer, given: ShipmentCreateInput) -> tuple[Order, Shipment]:
    """Add a parcel to an order as staff; returns the order's row and the parcel's.

    Raises InvalidInput, NotFound, or IllegalState where the order is not being made and nothing of it has left.
    """
    parcel = _checked_parcel(given)
    shipment_id = new_id("shp")
    async with database.write() as session:
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "shipmentCreate", key, given, shipment_id)
        order = await locked_order(session, given.order_id)
        if first is None:
            await announce(session, order, shipment_id, parcel, viewer.id)
        return order, await _shipment(session, first or shipment_id)


async def announce(session: AsyncSession, order: Order, shipment_id: str, parcel: NewParcel, by: str | None) -> None:
    """Store and publish a parcel of an order whose row is locked; raises IllegalState or InvalidInput.

    Where all of the order has left, it is sent again: for the parcel that it replaces, or for those that failed.
    """
    if order.status not in SHIPPABLE:
        allowed = " or ".join(sorted(wanted.value for wanted in SHIPPABLE))
        raise IllegalState(f"A parcel cannot be added to an order that is {order.status.value}; it must be {allowed}.")
    row = {
        "id": shipment_id,
        "order_id": order.id,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "status": ShipmentStatus.LABEL_CREATED,
        "estimated_delivery": parcel.estimated_delivery,
        "completes": parcel.completes,
        "again": await _supersede(session, order, parcel.replaces),
    }
    made = await session.execute(insert(Shipment).values(row).on_conflict_do_nothing().returning(Shipment.id))
    if made.one_or_none() is None:
        raise InvalidInput.field(
            "input.trackingNumber",
            "TAKEN",
            "Another parcel of this carrier has this tracking number; send a different one.",
        )
    await record(session, ShipmentCreated(order_id=order.id, shipment_id=shipment_id))
    text = f"Parcel announced: {parcel.carrier} {parcel.tracking_number}."
    await write_note(session, order.id, new_id("nte"), text, NoteVisibility.INTERNAL, by)
    await review_tasks(session, order, await parcels_of(session, order.id))


async def _supersede(session: AsyncSession, order: Order, replaces: str | None) -> bool:
    """Have the order follow a new parcel instead of the one that it replaces, or of those that failed; tells whether
    it is sent again."""
    of_order = (Shipment.order_id == order.id) & ~Shipment.withdrawn
    again = order.status in status.WHOLE or replaces is not None
    if replaces is not None:
        others = update(Shipment).where(of_order, Shipment.id == replaces).values(superseded=True)
        if await session.scalar(others.returning(Shipment.id)) is None:
            raise InvalidInput.field("input.replaces", "UNKNOWN", "Send the id of a shipment of this order.")
    elif again:
        failed = Shipment.status.in_(_FAILED)
        await session.execute(update(Shipment).where(of_order, failed).values(superseded=True))
    return again


async def add_scan(database: Database, viewer: Viewer, given: ShipmentScanAddInput) -> tuple[Order, Shipment]:
    """Note what a carrier reported, as staff; returns the order's row and the parcel's. The same scan counts once.

    The order follows its parcels as far as its status allows. Raises InvalidInput or NotFound.
    """
    scan = _checked_scan(given)
    async with database.write() as session:
        parcels = select(Shipment.order_id).where(Shipment.id == given.shipment_id, ~Shipment.withdrawn)
        order_id = await session.scalar(parcels)
        if order_id is None:
            raise NotFound("This shipment does not exist.")
        key, caller = given.idempotency_key, viewer.id or ""
        first = await idempotency.claim(session, caller, "shipmentScanAdd", key, given, scan["id"])
        order = await locked_order(session, order_id)
        if first is None and not (given.at is None and await _repeats(session, scan)):
            order = await record_scan(session, order, scan, Actor(ActorKind.STAFF, viewer.id))
        return order, await _shipment(session, given.shipment_id)


async def _repeats(session: AsyncSession, scan: NewScan) -> bool:
    """Tell whether a scan says what the newest of its parcel said just before: the request is sent once more."""
    newest = select(ShipmentScan.__table__).where(ShipmentScan.shipment_id == scan["shipment_id"])
    newest = newest.order_by(ShipmentScan.at.desc(), ShipmentScan.id.desc()).limit(1)
    row = await one_or_none(session, ShipmentScan, newest)
    if row is None or scan["at"] - row.at > RETRIED_WITHIN:
        return False
    return (row.status, row.location, row.description) == (scan["status"], scan["location"], scan["description"])


async def _shipment(session: AsyncSession, shipment_id: str) -> Shipment:
    return await one(session, Shipment, select(Shipment.__table__).where(Shipment.id == shipment_id))


async def record_scan(session: AsyncSession, order: Order, scan: NewScan, actor: Actor) -> Order:
    """Store a scan that is new, bring its parcel to the newest one, publish, and move the order on.

    Returns the order's row, which must be locked.
    """
    row = {**scan, "actor_kind": actor.kind, "actor_id": actor.id}
    made = await session.execute(insert(ShipmentScan).values(row).on_conflict_do_nothing().returning(ShipmentScan.id))
    if made.one_or_none() is None:
        return order
    shipment_id = scan["shipment_id"]
    before = await _shipment(session, shipment_id)
    of_parcel = select(ShipmentScan.status).where(ShipmentScan.shipment_id == shipment_id)
    newest = await session.scalar(of_parcel.order_by(ShipmentScan.at.desc(), ShipmentScan.id.desc()).limit(1))
    await session.execute(update(Shipment).where(Shipment.id == shipment_id).values(status=newest))
    event = ShipmentScanned(order_id=order.id, shipment_id=shipment_id, scan_id=scan["id"], status=scan["status"].value)
    await record(session, event)
    moved = await follow_parcels(session, order, actor, is_decided=before.again, at=scan["at"])
    leaves_now = before.status is ShipmentStatus.LABEL_CREATED and newest in UNDER_WAY
    if moved.version == order.version and order.status in status.LEFT and leaves_now:
        return await count_parcel(session, moved, shipment_id, actor, at=scan["at"])
    return moved


async def follow_parcels(
    session: AsyncSession, order: Order, actor: Actor, *, is_decided: bool = False, at: dt.datetime | None = None
) -> Order:
    """Move an order on as far as its parcels show and its status allows, and return its row, which must be locked.

    `at` is when that happened, where it is not now.

    Carriers take an order no further than they may, whoever brings in what they report; what staff have decided to send
    again may take it back from DELIVERED.
    """
    parcels = await parcels_of(session, order.id)
    shown = shown_by(parcels, None, nothing_follows=order.rest_cancelled_at is not None)
    by = actor.kind if is_decided and order.status in status.WHOLE else ActorKind.SYSTEM
    for to in status.ahead(situation_of(order), shown, by):
        if status.refusal(situation_of(order), to, by) is None:
            order = await change_status(session, order, order.version, to, actor, None, at=at)
    await review_tasks(session, order, parcels)
    return order


def _checked_parcel(given: ShipmentCreateInput) -> NewParcel:
    checks = Checks()
    carrier = checks.text("carrier", given.carrier, longest=60)
    number = checks.text("trackingNumber", given.tracking_number, longest=60)
    url = checks.url("trackingUrl", given.tracking_url) if given.tracking_url else None
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    return NewParcel(carrier, number, url, given.estimated_delivery, given.completes, given.replaces)


def _checked_scan(given: ShipmentScanAddInput) -> NewScan:
    checks = Checks()
    now = dt.datetime.now(dt.UTC)
    at = given.at or now
    if at > now + CLOCK_LEEWAY:
        checks.refuse("at", "IN_THE_FUTURE", "Send a time that is not in the future.")
    location = checks.text("location", given.location, shortest=0) if given.location is not None else None
    description = checks.text("description", given.description, longest=LONGEST_REASON)
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    return {
        "id": new_id("scn"),
        "shipment_id": given.shipment_id,
        "at": at,
        "status": given.status,
        "location": location or None,
        "description": description,
    }
