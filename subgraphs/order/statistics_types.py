"""What is shown of numbers of orders."""

from collections.abc import Mapping, Sequence
from typing import Self

import strawberry

from shared.graph.money import CurrencyCode, Money
from subgraphs.order.enums import BestSellerKind, OrderStatus
from subgraphs.order.service.best_sellers import MOST_ORDERS, Sold
from subgraphs.order.service.status_counts import MOST_COUNTED
from subgraphs.order.value_types import Preset


@strawberry.type(description="The number of orders in one status.")
class OrderStatusCount:
    status: OrderStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(
        description=f"The number of orders, at most {MOST_COUNTED:,}; where `isExact` is false there are more."
    )
    is_exact: bool = strawberry.field(description="Whether `count` is the number of all of them.")


@strawberry.type(description="Numbers of orders.")
class OrderStats:
    by_status: list[OrderStatusCount] = strawberry.field(
        description="The number of orders in each status that the filter names, or else in every status, including "
        "statuses without any, in the order of `OrderStatus`."
    )

    @classmethod
    def of(cls, counts: Mapping[OrderStatus, int]) -> Self:
        """Show what was counted."""
        return cls(
            by_status=[
                OrderStatusCount(
                    status=each, count=min(counts[each], MOST_COUNTED), is_exact=counts[each] <= MOST_COUNTED
                )
                for each in OrderStatus
                if each in counts
            ]
        )


@strawberry.type(description="What was sold of one product, preset or title.")
class BestSeller:
    title: str = strawberry.field(description="The title of its lines, of which one is shown where they differ.")
    product: str | None = strawberry.field(
        description="The kind of the product, such as `COLLAR`; null unless grouped by PRODUCT."
    )
    preset: Preset | None = strawberry.field(description="The preset; null unless grouped by PRESET.")
    units: int = strawberry.field(description="The number of pieces sold.")
    orders: int = strawberry.field(description="The number of orders with it.")
    revenue: Money | None = strawberry.field(
        description="What the pieces cost, before discounts and shipping; null unless a currency is given."
    )


@strawberry.type(description="What sells best in a time.")
class BestSellers:
    nodes: list[BestSeller] = strawberry.field(description="What sells best, best first.")
    is_exact: bool = strawberry.field(
        description=f"Whether all orders of the time were looked at; otherwise the newest {MOST_ORDERS:,} were."
    )

    @classmethod
    def of(cls, rows: Sequence[Sold], by: BestSellerKind, currency: CurrencyCode | None, *, is_exact: bool) -> Self:
        """Show what was found."""
        return cls(
            nodes=[
                BestSeller(
                    title=row.title,
                    product=row.key if by is BestSellerKind.PRODUCT else None,
                    preset=Preset.of(row.key if by is BestSellerKind.PRESET else None),
                    units=row.units,
                    orders=row.orders,
                    revenue=Money.of(row.revenue_minor or 0, currency) if currency is not None else None,
                )
                for row in rows
            ],
            is_exact=is_exact,
        )
