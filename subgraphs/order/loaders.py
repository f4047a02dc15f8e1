"""One batch loader per key."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    distinct,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.database.prepared import PreparedSelect
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, RowsByKey, SliceByKey, in_keys
from shared.graph.pagination import Sort
from shared.security.auth import Viewer
from subgraphs.order.discount_inputs import DiscountCodeFilter
from subgraphs.order.discount_models import DiscountCode
from subgraphs.order.enums import LedgerEntryKind, LedgerEntryState, LedgerProvider, OrderSort
from subgraphs.order.inputs import OrderFilter, OrderTaskFilter
from subgraphs.order.models import (
    LedgerEntry,
    MailSuppression,
    Order,
    OrderLine,
    OrderNote,
    OrderRefund,
    OrderTask,
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
    where = ~Shipment.withdrawn


class ScansByShipment(RowsByKey[ShipmentScan]):
    key = ShipmentScan.shipment_id
    order = ShipmentScan.at


class NotesByOrder(RowsByKey[OrderNote]):
    key = OrderNote.order_id
    order = OrderNote.id


class RefundsByOrder(RowsByKey[OrderRefund]):
    key = OrderRefund.order_id
    order = OrderRefund.id


class LedgerByOrder(Loader[str, list[LedgerEntry]]):
    """The entries of each order, oldest first. Orders that have not changed since there is a ledger have none: their
    row and their refunds say the same."""

    def missing(self, _key: str) -> list[LedgerEntry]:
        return []

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, list[LedgerEntry]]:
        found: dict[str, list[LedgerEntry]] = {}
        for row in await _LEDGERS.rows(database, keys=keys):
            found.setdefault(row.order_id, []).append(row)
        return found


def _ledgers() -> PreparedSelect[LedgerEntry]:
    keys = any_(bindparam("keys", type_=ARRAY(Text)))
    before = (Order.received_minor.is_(None), Order.id == keys)
    succeeded, nobody = LedgerEntryState.SUCCEEDED.name, LedgerProvider.ALL_PET_PLUS.name

    def constants(kind: LedgerEntryKind, provider_id: SQLColumnExpression[str]) -> list[ColumnElement[str]]:
        texts = (literal(kind.name), literal(nobody), provider_id, literal(succeeded))
        return [cast(each, Text) for each in texts]

    entries = select(*LedgerEntry.__table__.columns).where(LedgerEntry.order_id == keys)
    charges = select(
        func.concat("led_", func.substr(Order.id, 5)),
        Order.id,
        *constants(LedgerEntryKind.CHARGE, literal("recorded")),
        Order.currency,
        Order.total_minor,
        Order.paid_at,
    ).where(*before, Order.paid_at.is_not(None), Order.total_minor > 0)
    refunds = (
        select(
            func.concat("led_", func.substr(OrderRefund.id, 5)),
            OrderRefund.order_id,
            *constants(LedgerEntryKind.REFUND, OrderRefund.id),
            OrderRefund.currency,
            OrderRefund.amount_minor,
            OrderRefund.at,
        )
        .join(Order, Order.id == OrderRefund.order_id)
        .where(*before)
    )
    together = union_all(entries, charges, refunds).subquery()
    return PreparedSelect(select(together).order_by(together.c.occurred_at, together.c.id))


_LEDGERS = _ledgers()


class TasksByOrder(RowsByKey[OrderTask]):
    key = OrderTask.order_id
    order = OrderTask.created_at


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
        places = (Order.number, Order.shop_number, Order.contact_email, Order.recipient)
        conditions.append(or_(*[place.icontains(wanted.text, autoescape=True) for place in places]))
    return conditions


ORDERS = Listing[Order, OrderFilter](NEWEST, _conditions)


def _task_conditions(wanted: OrderTaskFilter | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted is None:
        return conditions
    if wanted.kind is not None:
        conditions.append(in_keys(OrderTask.kind, [kind.value for kind in wanted.kind]))
    if wanted.done is not None:
        conditions.append(OrderTask.done_at.is_not(None) if wanted.done else OrderTask.done_at.is_(None))
    if wanted.order_id is not None:
        conditions.append(OrderTask.order_id == wanted.order_id)
    return conditions


TASKS = Listing[OrderTask, OrderTaskFilter](Sort(OrderTask.created_at), _task_conditions)


def _code_conditions(wanted: DiscountCodeFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None or wanted.active is None:
        return []
    active = and_(
        DiscountCode.ended_at.is_(None),
        or_(DiscountCode.starts_at.is_(None), DiscountCode.starts_at <= func.now()),
        or_(DiscountCode.ends_at.is_(None), DiscountCode.ends_at > func.now()),
        or_(DiscountCode.most_uses.is_(None), DiscountCode.uses < DiscountCode.most_uses),
    )
    return [active if wanted.active else not_(active)]


DISCOUNT_CODES = Listing[DiscountCode, DiscountCodeFilter](Sort(DiscountCode.created_at), _code_conditions)
