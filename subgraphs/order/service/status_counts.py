"""How many orders are in each status, at a cost that does not grow with the shop.

Each status is counted on its own, newest orders first by the index of status and time, and no further than to
`MOST_COUNTED`: with ten million orders, twelve statuses are at most 120,012 entries of an index. What is beyond is told
as "at least". A filter that few orders of a status meet, and for which there is no index, is looked for in all of them.
"""

from collections.abc import Mapping

from sqlalchemy import Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared.database.database import Database
from subgraphs.order.enums import OrderStatus
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.models import Order
from subgraphs.order.order_conditions import order_conditions

MOST_COUNTED = 10_000


async def count_by_status(database: Database, wanted: OrderFilter | None) -> Mapping[OrderStatus, int]:
    """Return the number of orders that a checked filter lets pass, by status, up to one more than `MOST_COUNTED`."""
    asked = wanted.status if wanted is not None and wanted.status is not None else list(OrderStatus)
    names = bindparam("names", [status.value for status in asked], type_=ARRAY(Text))
    each = func.unnest(names).table_valued("status", name="each").render_derived()
    some = (
        select(literal(1))
        .select_from(Order)
        .where(Order.status == each.c.status, *order_conditions(wanted))
        .limit(MOST_COUNTED + 1)
        .correlate(each)
        .subquery()
    )
    counted = select(func.count()).select_from(some).scalar_subquery()
    async with database.read() as connection:
        rows = await connection.execute(select(each.c.status, counted))
        return {OrderStatus(name): number for name, number in rows}
