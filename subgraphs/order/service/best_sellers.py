"""What sells best in a time, at a cost that does not grow with the shop.

At most `MOST_ORDERS` orders are looked at, the newest of the time, which an index finds; whether there are more is
reported. An order counts once it is paid, unless it was cancelled or placed to try the shop.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import Statement, many
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Column
from subgraphs.order.enums import BestSellerKind, BestSellerSort, OrderLineKind, OrderStatus
from subgraphs.order.models import Order, OrderLine

MOST_ORDERS = 50_000
MOST_SHOWN = 100
# A tip is nothing that sells, and what was taken off or came back did not.
SOLD_KINDS = (OrderLineKind.GOODS, OrderLineKind.NOT_SENT)
_ORDERS = Order.__table__
_KEYS: dict[BestSellerKind, InstrumentedAttribute[str | None] | InstrumentedAttribute[str]] = {
    BestSellerKind.PRODUCT: OrderLine.product,
    BestSellerKind.PRESET: OrderLine.preset_id,
    BestSellerKind.TITLE: OrderLine.title,
}


@dataclass(frozen=True)
class Wanted:
    """A checked question: orders placed from the one moment until before the other, in one currency or in any."""

    placed_from: dt.datetime
    placed_before: dt.datetime
    by: BestSellerKind
    sort: BestSellerSort
    currency: CurrencyCode | None
    first: int

    def checked(self) -> "Wanted":
        """Return it; raises InvalidInput."""
        checks = Checks("")
        if self.placed_from >= self.placed_before:
            checks.refuse("placedBefore", "OUT_OF_RANGE", "`placedBefore` must be after `placedFrom`.")
        if self.sort is BestSellerSort.REVENUE and self.currency is None:
            checks.refuse("currency", "REQUIRED", "Amounts of different currencies cannot be compared: name one.")
        if not 1 <= self.first <= MOST_SHOWN:
            checks.refuse("first", "OUT_OF_RANGE", f"`first` must be from 1 to {MOST_SHOWN}.")
        checks.raise_if_any()
        return self


@dataclass(frozen=True)
class Sold:
    """What was sold of one thing; revenue in minor units, None where it is of several currencies."""

    key: str
    title: str
    units: int
    orders: int
    revenue_minor: int | None


async def find_best_sellers(database: Database, wanted: Wanted) -> tuple[Sequence[Sold], bool]:
    """Return what sells best, best first, and whether all orders of the time were looked at."""
    async with database.read() as connection:
        rows: Sequence[Sold] = await many(connection, Sold, ranking(wanted))
        beyond = select(literal(1)).select_from(newest(wanted, MOST_ORDERS + 1).offset(MOST_ORDERS).subquery())
        return rows, await connection.scalar(beyond) is None


def newest(wanted: Wanted, most: int) -> Statement:
    """Return the SELECT of the newest orders of the time, paid or not."""
    placed = Order.placed_at
    columns: Sequence[Column] = [_ORDERS.c[name] for name in ("id", "status", "currency", "paid_at", "test")]
    in_time = select(*columns).where(placed >= wanted.placed_from, placed < wanted.placed_before)
    return in_time.order_by(placed.desc(), Order.id.desc()).limit(most)


def ranking(wanted: Wanted) -> Statement:
    """Return the SELECT of what sells best among the newest orders."""
    orders = newest(wanted, MOST_ORDERS).subquery("newest")
    counted: list[ColumnElement[bool]] = [
        orders.c.paid_at.is_not(None),
        orders.c.status != OrderStatus.CANCELLED,
        orders.c.test.is_(False),
        OrderLine.kind.in_(SOLD_KINDS),
    ]
    if wanted.currency is not None:
        counted.append(orders.c.currency == wanted.currency)
    key = _KEYS[wanted.by]
    units, taken = func.sum(OrderLine.quantity), func.sum(OrderLine.total_minor)
    shown = cast(taken, BigInteger) if wanted.currency is not None else cast(null(), BigInteger)
    best = taken if wanted.sort is BestSellerSort.REVENUE else units
    columns: Sequence[Column] = [
        key.label("key"),
        func.max(OrderLine.title).label("title"),
        cast(units, BigInteger).label("units"),
        func.count(orders.c.id.distinct()).label("orders"),
        shown.label("revenue_minor"),
    ]
    return (
        select(*columns)
        .join_from(orders, OrderLine, OrderLine.order_id == orders.c.id)
        .where(*counted, key.is_not(None))
        .group_by(key)
        .order_by(best.desc(), key)
        .limit(wanted.first)
    )
