"""Root fields that read orders. A customer's own list is `User.orders`."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import After, Before, First, Last, build_connection, parse_page
from subgraphs.order.enums import OrderSort
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.loaders import READ, SORTS, count_orders, page_of_orders
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_feed import present
from subgraphs.order.types import GuestOrder, GuestOrderStatus, Order, OrderConnection

GuestNumber: TypeAlias = Annotated[
    str, strawberry.argument(description="The order's number, such as `AP-100234`; case does not matter.")
]
GuestEmail: TypeAlias = Annotated[
    str, strawberry.argument(description="The e-mail address it was placed with; case does not matter.")
]


@strawberry.type
class Query:
    @strawberry.field(
        description="One order by id; null if there is none that the caller may see.", extensions=signed_in()
    )
    async def order(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The order's id.")]
    ) -> Order | None:
        return (await Order.resolve_references(info, [id]))[0]

    @strawberry.field(description="All orders, for staff.", extensions=scoped(READ))
    async def orders(
        self,
        info: Info,
        filter: Annotated[OrderFilter | None, strawberry.argument(description="Which orders to list.")] = None,
        sort: Annotated[OrderSort, strawberry.argument(description="How to sort them.")] = OrderSort.NEWEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> OrderConnection | None:
        page, wanted = parse_page(first, after, last, before), filter.checked() if filter is not None else None
        rows = await page_of_orders(info.context.database, wanted, SORTS[sort], page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_orders(connection, wanted)

        return build_connection(rows, SORTS[sort], Order.from_row, count)

    @strawberry.field(
        description="An order by its number and e-mail address, for anybody who knows both; null if they do not belong "
        "together, whichever is wrong. Asked too often, it ends with `RATE_LIMITED`."
    )
    async def order_lookup(self, info: Info, number: GuestNumber, email: GuestEmail) -> GuestOrder | None:
        lookup = info.context.resource(GuestLookup)
        return GuestOrder.from_optional_row(await lookup.look_up(number, email, info.context.address))

    @strawberry.field(
        description="Where an order stands, for anybody who knows its number and e-mail address; null and limited as "
        "`orderLookup`."
    )
    async def order_status(self, info: Info, number: GuestNumber, email: GuestEmail) -> GuestOrderStatus | None:
        lookup = info.context.resource(GuestLookup)
        return GuestOrderStatus.from_optional_row(await lookup.look_up(number, email, info.context.address))

    @strawberry.field(
        description="The present place of `orderFeed`: take it before you list orders, then follow from it. For staff.",
        extensions=scoped(READ),
    )
    async def order_feed_cursor(self, info: Info) -> str | None:
        return (await present(info.context.database)).cursor()
