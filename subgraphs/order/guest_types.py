"""What guests see of an order whose number and e-mail address they know, or whose token they hold."""

import dataclasses
import datetime as dt
from typing import Self

import strawberry

from shared.graph.context import Info
from shared.graph.money import Money
from shared.graph.row_types import RowType
from subgraphs.order import models
from subgraphs.order.enums import OrderStatus
from subgraphs.order.line_types import OrderLine
from subgraphs.order.loaders import ShipmentsByOrder, TimelineByOrder
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.shipment_types import Shipment
from subgraphs.order.types import OrderTimelineEntry


@strawberry.type(description="The status of an order as shown to a guest who knows its number and e-mail address.")
class GuestOrderStatus(RowType[models.Order]):
    number: str = strawberry.field(description="The order number shown to customers, such as `AP-100234`.")
    status: OrderStatus = strawberry.field(description="The current status of the order.")
    version: int = strawberry.field(
        description="Increases by 1 with each entry of the order's timeline; 1 when the order is placed."
    )
    changed_at: dt.datetime = strawberry.field(
        description="When the status last changed; when the order was placed if it has not changed yet."
    )


@strawberry.type(
    description="An order as shown to a guest who knows its number and e-mail address, or holds a token of it. It has "
    "no contact data and no delivery address."
)
class GuestOrder(RowType[models.Order]):
    id: strawberry.Private[str]
    customer_id: strawberry.Private[str | None]
    opened_by: strawberry.Private[str | None] = dataclasses.field(default=None, init=False)
    number: str = strawberry.field(description="The order number shown to customers, such as `AP-100234`.")
    shop_number: str | None = strawberry.field(
        description="The order number in the shop that took the order, such as `#1234`; null for orders that were "
        "placed here."
    )
    status: OrderStatus = strawberry.field(description="The current status of the order.")
    version: int = strawberry.field(
        description="Increases by 1 with each entry of `timeline`. Send it to `orderStatusChanged` as `afterVersion`."
    )
    placed_at: dt.datetime = strawberry.field(description="When the order was placed.")
    changed_at: dt.datetime = strawberry.field(
        description="When the status last changed; when the order was placed if it has not changed yet."
    )
    total: Money = strawberry.field(description="The amount to pay, including shipping and tax.")
    refunded: Money = strawberry.field(description="The part of `total` that was refunded so far.")

    @classmethod
    def of_token(cls, row: models.Order, token: str) -> Self:
        """Show the order that a token has opened; the token is not renewed."""
        shown = cls.from_row(row)
        shown.opened_by = token
        return shown

    @strawberry.field(description="The order's id, `ord_…`.")
    def order_id(self) -> strawberry.ID:
        return strawberry.ID(self.id)

    @strawberry.field(
        description="A token for `orderByToken` and `orderStatusChanged`, with which a guest can open and follow this "
        "order for seven days, as long as its contact e-mail address stays the same. `orderByToken` returns the token "
        "that it was given."
    )
    def tracking_token(self, info: Info) -> str:
        return self.opened_by or info.context.resource(GuestLookup).issue(self.id)[0]

    @strawberry.field(description="The ordered items.")
    def lines(self, info: Info) -> list[OrderLine]:
        return OrderLine.of_order(info, self.id, self.customer_id)

    @strawberry.field(description="Every status, partial refund and further parcel of the order so far, oldest first.")
    def timeline(self, info: Info) -> list[OrderTimelineEntry]:
        return info.context.loader(TimelineByOrder).then(self.id, OrderTimelineEntry.from_rows)

    @strawberry.field(description="The order's parcels, in the sequence in which they were added.")
    def shipments(self, info: Info) -> list[Shipment]:
        return info.context.loader(ShipmentsByOrder).then(self.id, Shipment.from_rows)
