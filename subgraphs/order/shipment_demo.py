"""Parcels for demonstrations: each with scans that tell the same story as the timeline of its order."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from shared.core.ids import id_at
from shared.database.rows import Values
from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus, ShipmentStatus


@dataclass(frozen=True)
class Country:
    """Where orders go, and who carries them there."""

    code: str
    carriers: Sequence[str]
    places: Sequence[tuple[str, str, str]]
    streets: Sequence[str]


class Entry(TypedDict):
    """A row of `order_timeline`."""

    id: str
    order_id: str
    version: int
    status: str
    previous: str | None
    actor_kind: str
    actor_id: str | None
    reason: str | None
    at: dt.datetime
    recorded_at: dt.datetime
    shipment_id: str | None
    delivery_id: str | None


def first_at(timeline: Sequence[Entry], wanted: OrderStatus) -> dt.datetime | None:
    """Return when an order first had a status; None if it never had."""
    return next((entry["at"] for entry in timeline if entry["status"] == wanted.value), None)


def shipments(
    rng: random.Random, order: Values, timeline: Sequence[Entry], country: Country, until: dt.datetime
) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Return each parcel with its scans; they tell the same story as the timeline."""
    hub, city, carrier = rng.choice(country.places)[0], str(order["city"]), rng.choice(country.carriers)
    ahead, sent = first_at(timeline, status.PARTIALLY_SHIPPED), first_at(timeline, status.SHIPPED)
    if ahead is not None:
        # The first of two parcels has no status of its own in the timeline.
        brought = ahead + dt.timedelta(hours=rng.uniform(30, 80))
        story = [*_sent(ahead, hub, brought), (brought, ShipmentStatus.DELIVERED, city, "Delivered.")]
        yield _parcel(rng, order, carrier, country, [scan for scan in story if scan[0] <= until], completes=False)
    if sent is not None:
        out, handed_over = first_at(timeline, status.OUT_FOR_DELIVERY), first_at(timeline, status.DELIVERED)
        back = first_at(timeline, status.RETURNED) if handed_over is None else None
        ready = first_at(timeline, status.READY_FOR_PICKUP)
        again = [entry for entry in timeline if entry["status"] == entry["previous"] == status.SHIPPED.value]
        for entry in again:
            lost_at = sent + (entry["at"] - sent) * 0.8
            lost = [*_sent(sent, hub, None), (lost_at, ShipmentStatus.LOST, hub, "The parcel cannot be found.")]
            yield _parcel(rng, order, carrier, country, lost, superseded=True)
            sent = entry["at"]
        story = _sent(sent, hub, out or ready or handed_over or back)
        if ready is not None:
            story.append((ready, ShipmentStatus.READY_FOR_PICKUP, city, "Ready for pickup."))
        if out is not None:
            story.append((out, ShipmentStatus.OUT_FOR_DELIVERY, city, "In the delivery vehicle."))
        if handed_over is not None:
            story.append((handed_over, ShipmentStatus.DELIVERED, city, "Delivered."))
        if back is not None:
            story.append((back, ShipmentStatus.RETURNED, hub, "Back at the sender: it could not be delivered."))
        shipment, scans = _parcel(rng, order, carrier, country, story, again=bool(again))
        for entry in again:
            entry["shipment_id"] = str(shipment["id"])
        yield shipment, scans


_Scan = tuple[dt.datetime, ShipmentStatus, str | None, str]


def _sent(at: dt.datetime, hub: str, following: dt.datetime | None) -> list[_Scan]:
    story: list[_Scan] = [
        (at - dt.timedelta(hours=3), ShipmentStatus.LABEL_CREATED, None, "The sender has announced the parcel."),
        (at, ShipmentStatus.IN_TRANSIT, hub, "Handed over to the carrier."),
    ]
    if following is not None:
        story.append((at + (following - at) / 2, ShipmentStatus.IN_TRANSIT, hub, "Sorted for the last leg."))
    return story


def _parcel(
    rng: random.Random,
    order: Values,
    carrier: str,
    country: Country,
    story: Sequence[_Scan],
    *,
    completes: bool = True,
    again: bool = False,
    superseded: bool = False,
) -> tuple[dict[str, object], list[dict[str, object]]]:
    created_at, number = story[0][0], f"{country.code}{rng.randrange(10**13, 10**14)}"
    shipment = {
        "id": id_at("shp", created_at, rng),
        "order_id": order["id"],
        "carrier": carrier,
        "tracking_number": number,
        "tracking_url": f"https://tracking.example/{carrier.lower().replace(' ', '-')}/{number}",
        "status": story[-1][1].value,
        "completes": completes,
        "again": again,
        "superseded": superseded,
        "estimated_delivery": (created_at + dt.timedelta(days=rng.randint(2, 5))).date(),
        "created_at": created_at,
    }
    scans = [
        {
            "id": id_at("scn", scanned_at, rng),
            "shipment_id": shipment["id"],
            "at": scanned_at,
            "status": reached.value,
            "location": location,
            "description": description,
            "actor_kind": ActorKind.SYSTEM.value,
            "actor_id": None,
        }
        for scanned_at, reached, location, description in story
    ]
    return shipment, scans
