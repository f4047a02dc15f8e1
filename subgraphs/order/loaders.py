"""One batch loader per key."""

from collections.abc import Mapping, Sequence

from sqlalchemy import distinct, func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, RowsByKey, SliceByKey, in_keys
from shared.graph.pagination import Sort
from shared.security.auth import Viewer
from subgraphs.order.enums import OrderSort
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.models import (
    MailSuppression,
    Order,
    OrderLine,
    OrderNote,
    OrderRefund,
    OrderTimeline,
    Shipment,
    ShipmentScan,
)

READ = "orders:read"
NEWEST = Sort(Order.placed_at)
SORTS = {
    OrderSort.NEWEST: NEWEST,
    OrderSort.OLDEST: Sort(Order.placed_at, descending=False),
    OrderSort.RECENTLY_CHANGED: Sort(Order.changed_at),
}


class OrderById(RowByKey[Order]):
    key = Order.id


class LinesByOrder(RowsByKey[OrderLine]):
    key = OrderLine.order_id
    order = OrderLine.position


class TimelineByOrder(RowsByKey[OrderTimeline]):
    key = OrderTimeline.order_id
    order = OrderTimeline.version


class TimelineByDelivery(RowsByKey[OrderTimeline]):
    key = OrderTimeline.delivery_id
    order = OrderTimeline.id


class ShipmentsByOrder(RowsByKey[Shipment]):
    key = Shipment.order_id
    order = Shipment.id


class ScansByShipment(RowsByKey[ShipmentScan]):
    key = ShipmentScan.shipment_id
    order = ShipmentScan.at


class NotesByOrder(RowsByKey[OrderNote]):
    key = OrderNote.order_id
    order = OrderNote.id


class RefundsByOrder(RowsByKey[OrderRefund]):
    key = OrderRefund.order_id
    order = OrderRefund.id


class SuppressionsByDigest(RowsByKey[MailSuppression]):
    key = MailSuppression.email_digest
    order = MailSuppression.cause


class OrdersByCustomer(SliceByKey[Order]):
    key = Order.customer_id
    sort = NEWEST


class OrderCountByCustomer(CountByKey):
    key = Order.customer_id


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return which orders a caller may see: their own, or with the scope all."""
    return true() if viewer.has_scope(READ) else Order.customer_id == viewer.id


class OrdersByDesign(SliceByKey[Order]):
    """The orders of a design that the caller may see."""

    key = Order.id
    sort = NEWEST

    def belongs(self, parent: ColumnElement[str]) -> ColumnElement[bool]:
        with_design = (
            select(OrderLine.order_id)
            .where(OrderLine.design_id == parent, ~OrderLine.design_refused)
            .correlate_except(OrderLine)
        )
        return Order.id.in_(with_design) & visible_to(self.context.viewer)


class OrderCountByDesign(Loader[str, int]):
    """The number of orders of a design that the caller may see."""

    def missing(self, _key: str) -> int:
        return 0

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, int]:
        statement = (
            select(OrderLine.design_id, func.count(distinct(Order.id)))
            .join(Order, Order.id == OrderLine.order_id)
            .where(in_keys(OrderLine.design_id, keys), ~OrderLine.design_refused, visible_to(self.context.viewer))
            .group_by(OrderLine.design_id)
        )
        async with database.read() as connection:
            return {str(row[0]): row[1] for row in await connection.execute(statement)}


def _conditions(wanted: OrderFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(in_keys(Order.status, [status.value for status in wanted.status]))
    if wanted.placed_from is not None:
        conditions.append(Order.placed_at >= wanted.placed_from)
    if wanted.placed_before is not None:
        conditions.append(Order.placed_at < wanted.placed_before)
    if wanted.customer_id is not None:
        conditions.append(Order.customer_id == wanted.customer_id)
    if wanted.text:
        places = (Order.number, Order.contact_email, Order.recipient)
        conditions.append(or_(*[place.icontains(wanted.text, autoescape=True) for place in places]))
    return conditions


ORDERS = Listing[Order, OrderFilter](NEWEST, _conditions)
