"""Root fields that read orders. A customer's own list is `User.orders`."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.order.enums import OrderSort
from subgraphs.order.inputs import OrderFilter
from subgraphs.order.loaders import ORDERS, READ, SORTS
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
        description="One order by id; null if there is none that the caller may see.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=READ),
    )
    async def order(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The order's id.")]
    ) -> Order | None:
        return (await Order.resolve_references(info, [id]))[0]

    @strawberry.field(description="All orders, for staff.", extensions=scoped(READ))
    @paged
    async def orders(
        self,
        info: Info,
        page: Page,
        filter: Annotated[OrderFilter | None, strawberry.argument(description="Which orders to list.")] = None,
        sort: Annotated[OrderSort, strawberry.argument(description="How to sort them.")] = OrderSort.NEWEST,
    ) -> OrderConnection | None:
        wanted = filter.checked() if filter is not None else None
        return await ORDERS.connection(info, wanted, page, Order.from_row, SORTS[sort])

    @strawberry.field(
        description="An order by its number and e-mail address, for anybody who knows both; null if they do not belong "
        "together, whichever is wrong. Asked too often, it ends with `RATE_LIMITED`.",
        metadata=rule(remark="who knows number and e-mail address"),
    )
    async def order_lookup(self, info: Info, number: GuestNumber, email: GuestEmail) -> GuestOrder | None:
        lookup = info.context.resource(GuestLookup)
        return GuestOrder.from_optional_row(await lookup.look_up(number, email, info.context.address))

    @strawberry.field(
        description="Where an order stands, for anybody who knows its number and e-mail address; null and limited as "
        "`orderLookup`.",
        metadata=rule(remark="who knows number and e-mail address"),
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
