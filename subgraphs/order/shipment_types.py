"""What is shown of parcels and their scans."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.row_types import RowType
from subgraphs.order import models
from subgraphs.order.enums import ActorKind, ShipmentStatus
from subgraphs.order.loaders import READ, ScansByShipment

if TYPE_CHECKING:
    from subgraphs.order.types import User


@strawberry.type(description="A carrier's report about a parcel at one point in time.")
class ShipmentScan(RowType[models.ShipmentScan]):
    id: strawberry.ID = strawberry.field(description="The scan's id, `scn_…`.")
    at: dt.datetime = strawberry.field(description="When the parcel was scanned.")
    status: ShipmentStatus = strawberry.field(description="The status of the parcel at that time.")
    location: str | None = strawberry.field(
        description="The place of the scan in the carrier's words; null if not given."
    )
    description: str = strawberry.field(description="The carrier's description of the scan.")
    actor_kind: ActorKind = strawberry.field(description="The kind of party that recorded the scan.")
    actor_id: strawberry.Private[str | None]

    @strawberry.field(
        description="The user who recorded the scan. Null for automated reports, for erased accounts, or without "
        "the scope `orders:read`.",
        extensions=scoped(READ),
    )
    def actor(self) -> Annotated["User", strawberry.lazy("subgraphs.order.types")] | None:
        from subgraphs.order.types import User

        return User.of(self.actor_id)


@strawberry.type(description="One parcel of an order.")
class Shipment(RowType[models.Shipment]):
    id: strawberry.ID = strawberry.field(description="The shipment's id, `shp_…`.")
    carrier: str = strawberry.field(description="The carrier's name, such as `DHL`.")
    tracking_number: str = strawberry.field(description="The carrier's tracking number; empty if there is none.")
    tracking_url: str | None = strawberry.field(
        description="The URL of the carrier's tracking page; null if there is none."
    )
    status: ShipmentStatus = strawberry.field(description="The current status of the parcel.")
    estimated_delivery: dt.date | None = strawberry.field(
        description="The date on which the carrier expects to deliver the parcel; null if unknown."
    )
    completes: bool = strawberry.field(
        description="Whether this parcel completes the order, so that no other parcel follows."
    )
    created_at: dt.datetime = strawberry.field(description="When the parcel was added to the order.")

    @classmethod
    def with_id(cls, key: str, rows: Iterable[models.Shipment]) -> Self | None:
        """Build the parcel with an id of an order's; None if it was withdrawn since."""
        return next((cls.from_row(row) for row in rows if row.id == key), None)

    @strawberry.field(description="The carrier's reports about the parcel, oldest first.")
    def scans(self, info: Info) -> list[ShipmentScan]:
        return info.context.loader(ScansByShipment).then(self.id, ShipmentScan.from_rows)
