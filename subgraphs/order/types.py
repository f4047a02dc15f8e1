"""What is shown of orders, and what this subgraph adds to users and designs."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias
from weakref import WeakKeyDictionary

import strawberry
from strawberry import federation

from shared.graph.access import owner_or, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.money import Money
from shared.graph.pagination import Connection, Page, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.order import models, status
from subgraphs.order.enums import ActorKind, NoteVisibility, OrderSource, OrderStatus, ShipmentStatus
from subgraphs.order.loaders import (
    READ,
    LinesByOrder,
    NotesByOrder,
    OrderById,
    OrderCountByCustomer,
    OrderCountByDesign,
    OrdersByCustomer,
    OrdersByDesign,
    RefundsByOrder,
    ScansByShipment,
    ShipmentsByOrder,
    TimelineByDelivery,
    TimelineByOrder,
)
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_feed import Position
from subgraphs.order.service.status_feed import Change

OrderConnection: TypeAlias = Connection["Order"]


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(description="The user's orders, newest first.", extensions=owner_or(READ, "id"))
    @paged
    def orders(self, info: Info, page: Page) -> OrderConnection | None:
        counter = info.context.loader(OrderCountByCustomer)
        return info.context.loader(OrdersByCustomer).connection(self.id, page, Order.from_row, counter)


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(
        description="The orders of this design, newest first: the caller's own, or with `orders:read` everybody's.",
        extensions=signed_in(),
        metadata=rule(signed_in=True, remark="those orders that they may see"),
    )
    @paged
    def orders(self, info: Info, page: Page) -> OrderConnection | None:
        counter = info.context.loader(OrderCountByDesign)
        return info.context.loader(OrdersByDesign).connection(self.id, page, Order.from_row, counter)


@strawberry.type(description="One kind of goods in an order.")
class OrderLine(RowType[models.OrderLine]):
    id: strawberry.ID = strawberry.field(description="The line's id, `oln_…`.")
    position: int = strawberry.field(description="Its place in the order, from 1.")
    title: str = strawberry.field(description="What was ordered, as it was called then.")
    quantity: int = strawberry.field(description="How many pieces.")
    unit_price: Money = strawberry.field(description="The price of one piece when it was ordered.")
    total: Money = strawberry.field(description="The price of all pieces.")
    design_id: strawberry.Private[str | None]

    @strawberry.field(description="The design that is made; null for goods off the shelf.")
    def design(self) -> Design | None:
        return Design.of(self.design_id)


@federation.type(keys=["id"])
class WebhookDelivery(Stub, prefix="whd"):
    id: strawberry.ID = strawberry.field(description="The delivery's id, `whd_…`.")

    @strawberry.field(description="The changes of orders that it caused, oldest first.", extensions=scoped(READ))
    def timeline(self, info: Info) -> "list[OrderTimelineEntry] | None":
        return info.context.loader(TimelineByDelivery).then(self.id, OrderTimelineEntry.from_rows)


@strawberry.type(description="One change of an order's status: who, why and when.")
class OrderTimelineEntry(RowType[models.OrderTimeline]):
    id: strawberry.ID = strawberry.field(description="The entry's id, `otl_…`.")
    version: int = strawberry.field(description="Counts the changes of the order; placing it is 1.")
    status: OrderStatus = strawberry.field(description="The status that the order then had.")
    previous: OrderStatus | None = strawberry.field(description="The status before; null when it was placed.")
    at: dt.datetime = strawberry.field(description="When it happened.")
    reason: str | None = strawberry.field(description="Why, in words for the customer, where one was given.")
    actor_kind: ActorKind = strawberry.field(description="What kind of party caused it.")
    actor_id: strawberry.Private[str | None]
    delivery_id: strawberry.Private[str | None]

    @strawberry.field(description="The webhook that caused it, where one did.", extensions=scoped("webhooks:read"))
    def delivery(self) -> WebhookDelivery | None:
        return WebhookDelivery.of(self.delivery_id)

    @strawberry.field(description="Who caused it; null for machines and erased accounts.", extensions=scoped(READ))
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@strawberry.type(description="What a carrier reported of a parcel at one moment.")
class ShipmentScan(RowType[models.ShipmentScan]):
    id: strawberry.ID = strawberry.field(description="The scan's id, `scn_…`.")
    at: dt.datetime = strawberry.field(description="When the parcel was scanned.")
    status: ShipmentStatus = strawberry.field(description="Where the parcel stood then.")
    location: str | None = strawberry.field(description="Where it was scanned, as the carrier calls the place.")
    description: str = strawberry.field(description="What the carrier says of it.")
    actor_kind: ActorKind = strawberry.field(description="What kind of party recorded it.")
    actor_id: strawberry.Private[str | None]

    @strawberry.field(description="Who recorded it; null for machines and erased accounts.", extensions=scoped(READ))
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@strawberry.type(description="One parcel of an order.")
class Shipment(RowType[models.Shipment]):
    id: strawberry.ID = strawberry.field(description="The shipment's id, `shp_…`.")
    carrier: str = strawberry.field(description="The carrier's name, such as `DHL`.")
    tracking_number: str = strawberry.field(description="The carrier's number of the parcel; empty where it has none.")
    tracking_url: str | None = strawberry.field(description="The carrier's page about the parcel, if it has one.")
    status: ShipmentStatus = strawberry.field(description="Where the parcel stands.")
    estimated_delivery: dt.date | None = strawberry.field(description="When the carrier expects to deliver it.")
    completes: bool = strawberry.field(description="Whether with it all of the order is on its way.")
    created_at: dt.datetime = strawberry.field(description="When the parcel was announced to the carrier.")

    @strawberry.field(description="What the carrier reported, oldest first.")
    def scans(self, info: Info) -> list[ShipmentScan]:
        return info.context.loader(ScansByShipment).then(self.id, ShipmentScan.from_rows)


@strawberry.type(description="What staff noted about an order.")
class OrderNote(RowType[models.OrderNote]):
    id: strawberry.ID = strawberry.field(description="The note's id, `nte_…`.")
    text: str = strawberry.field(description="The note; lines end with a line feed.")
    visibility: NoteVisibility = strawberry.field(description="Who may read it.")
    created_at: dt.datetime = strawberry.field(description="When it was written.")
    author_id: strawberry.Private[str | None]

    @strawberry.field(description="Who wrote it; null for machines and erased accounts.", extensions=scoped(READ))
    def author(self) -> User | None:
        return User.of(self.author_id)


@strawberry.type(description="Money that went back.")
class OrderRefund(RowType[models.OrderRefund]):
    id: strawberry.ID = strawberry.field(description="The refund's id, `rfd_…`.")
    amount: Money = strawberry.field(description="How much went back.")
    reason: str | None = strawberry.field(description="Why, in words for the customer, where one was given.")
    at: dt.datetime = strawberry.field(description="When it was decided.")
    actor_kind: ActorKind = strawberry.field(description="What kind of party decided it.")
    actor_id: strawberry.Private[str | None]

    @strawberry.field(description="Who decided it; null for machines and erased accounts.", extensions=scoped(READ))
    def actor(self) -> User | None:
        return User.of(self.actor_id)


@strawberry.type(description="Where an order goes. All of it is null once the customer's account is erased.")
class ShippingAddress(RowType[models.Order]):
    recipient: str | None = strawberry.field(description="Who receives it.")
    address_line1: str | None = strawberry.field(description="Street and house number.")
    address_line2: str | None = strawberry.field(description="What else helps to find the door.")
    city: str | None = strawberry.field(description="The town.")
    region: str | None = strawberry.field(description="The state or county, where the country uses one.")
    postal_code: str | None = strawberry.field(description="The postal code.")
    country_code: str | None = strawberry.field(description="The country as ISO 3166-1 alpha-2, such as `DE`.")
    phone: str | None = strawberry.field(description="A telephone number for the carrier.")


@federation.type(keys=["id"], description="An order. It is visible to its customer and to holders of `orders:read`.")
class Order(RowType[models.Order], access=rule(owner=True, scope=READ)):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")
    number: str = strawberry.field(description="The number by which people call it, such as `AP-100234`.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Counts its changes of status; send it with mutations.")
    source: OrderSource = strawberry.field(description="Where it was placed.")
    placed_at: dt.datetime = strawberry.field(description="When it was placed.")
    paid_at: dt.datetime | None = strawberry.field(description="When it was paid; null before.")
    changed_at: dt.datetime = strawberry.field(description="When its status last changed.")
    subtotal: Money = strawberry.field(description="What the lines cost together.")
    discount: Money = strawberry.field(description="What is taken off the subtotal.")
    shipping: Money = strawberry.field(description="What sending it costs.")
    tax: Money = strawberry.field(description="The tax, which comes on top.")
    total: Money = strawberry.field(description="What is to pay: subtotal - discount + shipping + tax.")
    refunded: Money = strawberry.field(description="What of it went back so far.")
    contact_email: str | None = strawberry.field(
        description="Where news of the order go; null once the customer's account is erased.",
        extensions=owner_or(READ, "customer_id"),
    )
    customer_id: strawberry.Private[str | None]

    @strawberry.field(description="Who placed it; null for guests and erased accounts.")
    def customer(self) -> User | None:
        return User.of(self.customer_id)

    @strawberry.field(description="Where it goes.", extensions=owner_or(READ, "customer_id"))
    def shipping_address(self, info: Info) -> ShippingAddress | None:
        return info.context.loader(OrderById).then(self.id, ShippingAddress.from_optional_row)

    @strawberry.field(description="What was ordered.")
    def lines(self, info: Info) -> list[OrderLine]:
        return info.context.loader(LinesByOrder).then(self.id, OrderLine.from_rows)

    @strawberry.field(description="Each status it has had, oldest first; the newest entry's version is the order's.")
    def timeline(self, info: Info) -> list[OrderTimelineEntry]:
        return info.context.loader(TimelineByOrder).then(self.id, OrderTimelineEntry.from_rows)

    @strawberry.field(description="Its parcels, in the order in which they were announced.")
    def shipments(self, info: Info) -> list[Shipment]:
        return info.context.loader(ShipmentsByOrder).then(self.id, Shipment.from_rows)

    @strawberry.field(
        description="What staff noted about it, oldest first; internal notes are shown to staff alone.",
        extensions=owner_or(READ, "customer_id"),
        metadata=rule(owner=True, scope=READ, remark="internal notes for `orders:read` alone"),
    )
    def notes(self, info: Info) -> list[OrderNote] | None:
        sees_all = info.context.viewer.has_scope(READ)

        def visible(rows: Sequence[models.OrderNote]) -> list[OrderNote]:
            return OrderNote.from_rows(row for row in rows if sees_all or row.visibility is NoteVisibility.CUSTOMER)

        return info.context.loader(NotesByOrder).then(self.id, visible)

    @strawberry.field(description="What went back of what was paid, oldest first.")
    def refunds(self, info: Info) -> list[OrderRefund]:
        return info.context.loader(RefundsByOrder).then(self.id, OrderRefund.from_rows)

    @strawberry.field(description="Whether its customer may still cancel it with `orderCancel`.")
    def cancellable(self) -> bool:
        return OrderStatus.CANCELLED in status.legal(status.Situation(self.status), ActorKind.CUSTOMER)

    @strawberry.field(description="Whether it makes sense to order the same again: it is on its way or has ended.")
    def reorderable(self) -> bool:
        return self.status in status.REORDERABLE

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Order | None]":
        viewer = info.context.viewer
        rows = await info.context.loader(OrderById).load_many(ids)
        return [
            cls.from_row(row) if row is not None and viewer.can_access(row.customer_id, READ) else None for row in rows
        ]


@strawberry.type(description="One change of an order's status, as it is pushed to subscribers.")
class OrderStatusChange:
    version: int = strawberry.field(
        description="Counts the order's changes, without gaps. Subscribe again with the last one as `afterVersion`."
    )
    status: OrderStatus = strawberry.field(description="The status that the order got with this change.")
    at: dt.datetime = strawberry.field(description="When it happened.")
    reason: str | None = strawberry.field(description="Why, in words for the customer, where one was given.")
    order: Order = strawberry.field(description="The order as it is by now, at this version or a later one.")

    @classmethod
    def of(cls, change: Change) -> "OrderStatusChange":
        """Return what is shown of a change: one object for all who are told of it, so that they share its answer."""
        shown = _SHOWN.get(change)
        if shown is None:
            entry, order = change.entry, Order.from_row(change.order)
            shown = cls(version=entry.version, status=entry.status, at=entry.at, reason=entry.reason, order=order)
            _SHOWN[change] = shown
        return shown


_SHOWN: WeakKeyDictionary[Change, OrderStatusChange] = WeakKeyDictionary()


@strawberry.type(description="One change of any order's status, as it is pushed to staff.")
class OrderFeedItem:
    cursor: str = strawberry.field(description="The place of this change; resume with it as `afterCursor`.")
    change: OrderStatusChange = strawberry.field(description="The change, with its order.")
    previous: OrderStatus | None = strawberry.field(description="The status before; null when it was placed.")
    actor_kind: ActorKind = strawberry.field(description="What kind of party caused it.")

    @classmethod
    def of(cls, change: Change, position: Position) -> "OrderFeedItem":
        return cls(
            cursor=position.cursor(),
            change=OrderStatusChange.of(change),
            previous=change.entry.previous,
            actor_kind=change.entry.actor_kind,
        )


@strawberry.type(description="Where an order stands, for whoever knows its number and its e-mail address.")
class GuestOrderStatus(RowType[models.Order]):
    number: str = strawberry.field(description="The number by which people call it, such as `AP-100234`.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Counts its changes of status.")
    changed_at: dt.datetime = strawberry.field(description="When its status last changed.")


@strawberry.type(
    description="An order, for whoever knows its number and its e-mail address. It tells no personal data."
)
class GuestOrder(RowType[models.Order]):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")
    number: str = strawberry.field(description="The number by which people call it, such as `AP-100234`.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Counts its changes of status; follow it from here on.")
    placed_at: dt.datetime = strawberry.field(description="When it was placed.")
    changed_at: dt.datetime = strawberry.field(description="When its status last changed.")
    total: Money = strawberry.field(description="What was to pay.")
    refunded: Money = strawberry.field(description="What of it went back so far.")

    @strawberry.field(
        description="A token for `orderStatusChanged`, with which this order can be followed for seven days."
    )
    def tracking_token(self, info: Info) -> str:
        return info.context.resource(GuestLookup).issue(self.id)[0]

    @strawberry.field(description="What was ordered.")
    def lines(self, info: Info) -> list[OrderLine]:
        return info.context.loader(LinesByOrder).then(self.id, OrderLine.from_rows)

    @strawberry.field(description="Each status it has had, oldest first.")
    def timeline(self, info: Info) -> list[OrderTimelineEntry]:
        return info.context.loader(TimelineByOrder).then(self.id, OrderTimelineEntry.from_rows)

    @strawberry.field(description="Its parcels, in the order in which they were announced.")
    def shipments(self, info: Info) -> list[Shipment]:
        return info.context.loader(ShipmentsByOrder).then(self.id, Shipment.from_rows)
