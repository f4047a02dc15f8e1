"""Root fields that read orders. A customer's own list is `User.orders`."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Page, paged
from subgraphs.order.cart_loaders import CartById
from subgraphs.order.cart_types import Cart
from subgraphs.order.discount_inputs import DiscountCodeFilter
from subgraphs.order.discount_types import DiscountCode, DiscountCodeConnection
from subgraphs.order.enums import BestSellerKind, BestSellerSort, OrderSort
from subgraphs.order.guest_types import GuestOrder, GuestOrderStatus
from subgraphs.order.inputs import OrderFilter, OrderTaskFilter
from subgraphs.order.loaders import DISCOUNT_CODES, ORDERS, READ, SORTS, TASKS
from subgraphs.order.service.best_sellers import MOST_SHOWN, Wanted, find_best_sellers
from subgraphs.order.service.carts.holders import Holder
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_feed import present
from subgraphs.order.service.status_counts import count_by_status
from subgraphs.order.statistics_types import BestSellers, OrderStats
from subgraphs.order.types import Filter, Order, OrderConnection, OrderTask, OrderTaskConnection, SortBy
from subgraphs.order.value_types import Shop

GuestNumber: TypeAlias = Annotated[
    str,
    strawberry.argument(
        description="The order number, such as `AP-100234`, or the number in the shop that took the order, "
        "such as `#1234`. Case-insensitive."
    ),
]
GuestEmail: TypeAlias = Annotated[
    str, strawberry.argument(description="The e-mail address that the order was placed with. Case-insensitive.")
]


@strawberry.type
class Query:
    @strawberry.field(description="The currencies, countries and languages of the shop.", metadata=ANYBODY)
    def shop(self) -> Shop:
        return Shop()

    @strawberry.field(
        description="An order by id; null if there is none or the viewer may not read it.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=READ),
    )
    async def order(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The order's id.")]
    ) -> Order | None:
        return (await Order.resolve_references(info, [id]))[0]

    @strawberry.field(description="All orders. Requires the scope `orders:read`.", extensions=scoped(READ))
    @paged
    async def orders(
        self, info: Info, page: Page, filter: Filter = None, sort: SortBy = OrderSort.NEWEST
    ) -> OrderConnection | None:
        wanted = filter.checked() if filter is not None else None
        return await ORDERS.connection(info, wanted, page, Order.from_row, SORTS[sort])

    @strawberry.field(
        description="How many orders are in each status. Requires the scope `orders:read`.", extensions=scoped(READ)
    )
    async def order_stats(
        self,
        info: Info,
        filter: Annotated[OrderFilter | None, strawberry.argument(description="Which orders to count.")] = None,
    ) -> OrderStats | None:
        wanted = filter.checked() if filter is not None else None
        return OrderStats.of(await count_by_status(info.context.database, wanted))

    @strawberry.field(
        description="What sells best in a time: in orders that are paid, not cancelled, and not placed to try the "
        "shop. Of the orders of the time, at most the 50,000 newest are looked at. Requires the scope `orders:read`.",
        extensions=scoped(READ),
    )
    async def best_sellers(
        self,
        info: Info,
        placed_from: Annotated[
            dt.datetime, strawberry.argument(description="Only orders placed at or after this time.")
        ],
        placed_before: Annotated[dt.datetime, strawberry.argument(description="Only orders placed before this time.")],
        by: Annotated[BestSellerKind, strawberry.argument(description="What to group by.")] = BestSellerKind.PRODUCT,
        sort: Annotated[BestSellerSort, strawberry.argument(description="How to sort.")] = BestSellerSort.UNITS,
        currency: Annotated[
            CurrencyCode | None,
            strawberry.argument(
                description="Only orders in this currency; default: those of all, without their revenue."
            ),
        ] = None,
        first: Annotated[
            int, strawberry.argument(description=f"How many to show, 1 to {MOST_SHOWN}; default: 10.")
        ] = 10,
    ) -> BestSellers | None:
        wanted = Wanted(placed_from, placed_before, by, sort, currency, first).checked()
        rows, is_exact = await find_best_sellers(info.context.database, wanted)
        return BestSellers.of(rows, by, currency, is_exact=is_exact)

    @strawberry.field(
        description="What staff have to do about orders, newest first. Requires the scope `orders:read`.",
        extensions=scoped(READ),
    )
    @paged
    async def order_tasks(
        self,
        info: Info,
        page: Page,
        filter: Annotated[OrderTaskFilter | None, strawberry.argument(description="Which tasks to list.")] = None,
    ) -> OrderTaskConnection | None:
        return await TASKS.connection(info, filter, page, OrderTask.from_row)

    @strawberry.field(
        description="All discount codes, newest first. Requires the scope `orders:read`.", extensions=scoped(READ)
    )
    @paged
    async def discount_codes(
        self,
        info: Info,
        page: Page,
        filter: Annotated[DiscountCodeFilter | None, strawberry.argument(description="Which codes to list.")] = None,
    ) -> DiscountCodeConnection | None:
        return await DISCOUNT_CODES.connection(info, filter, page, DiscountCode.from_row)

    @strawberry.field(
        description="An order by its number and e-mail address, without logging in; null if no order has both. "
        "More than 20 requests for one number within ten minutes are refused with `RATE_LIMITED`.",
        metadata=rule(remark="who knows number and e-mail address"),
    )
    async def order_lookup(self, info: Info, number: GuestNumber, email: GuestEmail) -> GuestOrder | None:
        lookup = info.context.resource(GuestLookup)
        return GuestOrder.from_optional_row(await lookup.look_up(number, email, info.context.address))

    @strawberry.field(
        description="The order that a token opens, such as the `trackingToken` of `orderLookup` or the one in the link "
        "of a mail, without logging in. Null if the token is unknown or has expired, or if the order's contact e-mail "
        "address was changed since. It shares the rate limit of `orderLookup` for all numbers.",
        metadata=rule(remark="who holds the order's token"),
    )
    async def order_by_token(
        self, info: Info, token: Annotated[str, strawberry.argument(description="The token, up to 400 characters.")]
    ) -> GuestOrder | None:
        row = await info.context.resource(GuestLookup).order_of(token, info.context.address)
        return GuestOrder.of_token(row, token) if row is not None else None

    @strawberry.field(
        description="The status of an order by its number and e-mail address, without logging in; null if no order "
        "has both. It shares the rate limit of `orderLookup`.",
        metadata=rule(remark="who knows number and e-mail address"),
    )
    async def order_status(self, info: Info, number: GuestNumber, email: GuestEmail) -> GuestOrderStatus | None:
        lookup = info.context.resource(GuestLookup)
        return GuestOrderStatus.from_optional_row(await lookup.look_up(number, email, info.context.address))

    @strawberry.field(
        description="A cart by id; null if there is none, it has expired, or the viewer may not read it. A customer's "
        "own is `me.cart`.",
        metadata=rule(owner=True, scope=READ, remark="or who holds the cart's token"),
    )
    async def cart(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The cart's id.")],
        token: Annotated[
            str | None, strawberry.argument(description="For carts of guests: the `token` that `cartCreate` returned.")
        ] = None,
    ) -> Cart | None:
        row = await info.context.loader(CartById).load(id)
        return Cart.from_optional_row(Holder(info.context.viewer, token).visible(row))

    @strawberry.field(
        description="The current position of `orderFeed`: read it before you list orders, then follow the feed "
        "from it. Requires the scope `orders:read`.",
        extensions=scoped(READ),
    )
    async def order_feed_cursor(self, info: Info) -> str | None:
        return (await present(info.context.database)).cursor(info.context.database)
