"""What is shown of numbers of orders."""

from collections.abc import Mapping
from typing import Self

import strawberry

from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.status_counts import MOST_COUNTED


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
