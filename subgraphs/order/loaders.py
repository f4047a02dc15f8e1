"""One batch loader per key."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

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
from shared.graph.context import Context
from shared.graph.deltas import Deltas
from shared.graph.loaders import Listing, Loader, RowByKey, RowsByKey, SliceByKey, columns_of, in_keys, pages_by_parent
from shared.graph.pagination import Page, Slice, Sort, slice_of
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
from subgraphs.order.order_conditions import order_conditions

M = TypeVar("M")

READ, WRITE = "orders:read", "orders:write"
NEWEST = Sort(Order.placed_at)
SORTS = {
    OrderSort.NEWEST: NEWEST,
    OrderSort.OLDEST: Sort(Order.placed_at, descending=False),
    OrderSort.RECENTLY_CHANGED: Sort(Order.changed_at),
    OrderSort.LEAST_RECENTLY_CHANGED: Sort(Order.changed_at, descending=False),
    OrderSort.TOTAL_HIGHEST: Sort(Order.total_minor),
    OrderSort.TOTAL_LOWEST: Sort(Order.total_minor, descending=False),
}


class OrderById(RowByKey[Order]):
    key = Order.id


class LineById(RowByKey[OrderLine]):
    key = OrderLine.id


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


class OrderListing(NamedTuple):
    """One page of some orders: those that a checked filter lets pass, in an order."""

    wanted: OrderFilter | None
    sort: OrderSort
    page: Page

    def belongs_to(self, customer: ColumnElement[str]) -> ColumnElement[bool]:
        """Return which rows are a customer's and meet the filter."""
        return and_(Order.customer_id == customer, *order_conditions(self.wanted, of_one_customer=True))


class OrdersByCustomer(Loader[tuple[str, int], Slice[Order]]):
    """A page of each customer's orders, in one statement for all customers that are asked for the same listing.

    A key is a customer's id and a listing's number here: filters cannot be hashed.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._listings: list[OrderListing] = []

    def missing(self, key: tuple[str, int]) -> Slice[Order]:
        return slice_of([], self._listings[key[1]].page)

    def page(self, customer_id: str, listing: OrderListing, make: Callable[[Slice[Order]], M]) -> M:
        """Return what a field answers that is made of a customer's page (see `Loader.then`).

        A cursor of another list is refused here, before it can spoil the batch.
        """
        if listing not in self._listings:
            SORTS[listing.sort].check(listing.page)
            self._listings.append(listing)
        return self.then((customer_id, self._listings.index(listing)), make)

    async def fetch(
        self, database: Database, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], Slice[Order]]:
        columns, found = columns_of(Order.id, ()), dict[tuple[str, int], Slice[Order]]()
        for number, customers in _by_number(keys).items():
            listing = self._listings[number]
            # What is searched for stands in the statement; that nothing is, is one shape for all.
            shape = (type(self), listing.sort) if listing.wanted is None else None
            rows_of: dict[str, list[Order]] = await pages_by_parent(
                database, shape, columns, listing.belongs_to, SORTS[listing.sort], listing.page, customers
            )
            for customer_id, rows in rows_of.items():
                found[customer_id, number] = slice_of(rows, listing.page)
        return found


class OrderCountByCustomer(Loader[tuple[str, int], int]):
    """The number of each customer's orders that a checked filter lets pass, in one statement for each filter."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._filters: list[OrderFilter | None] = []

    def missing(self, _key: tuple[str, int]) -> int:
        return 0

    def count(self, customer_id: str, wanted: OrderFilter | None) -> int:
        """Return the number as a field answers it (see `Loader.then`)."""
        if wanted not in self._filters:
            self._filters.append(wanted)
        return self.then((customer_id, self._filters.index(wanted)), int)

    async def fetch(self, database: Database, keys: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        customer = Order.customer_id
        for number, customers in _by_number(keys).items():
            conditions = order_conditions(self._filters[number], of_one_customer=True)
            counted = select(customer, func.count()).where(in_keys(customer, customers), *conditions)
            async with database.read() as connection:
                for customer_id, size in await connection.execute(counted.group_by(customer)):
                    found[str(customer_id), number] = size
        return found


def _by_number(keys: Sequence[tuple[str, int]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for customer_id, number in keys:
        found.setdefault(number, []).append(customer_id)
    return found


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


ORDERS = Listing[Order, OrderFilter](NEWEST, order_conditions)
ORDER_DELTAS = Deltas[Order](NEWEST, Order.id, Order.customer_id, true())


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
