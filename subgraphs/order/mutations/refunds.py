"""Root fields that give money back, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import recent, scoped
from shared.graph.context import Info
from shared.graph.problems import ReauthenticationProblem, UpdateProblem
from shared.security.auth import MONEY_AGE
from subgraphs.order.inputs import OrderRefundInput
from subgraphs.order.loaders import WRITE
from subgraphs.order.service.refunds import refund_order
from subgraphs.order.types import Order, OrderRefund


@strawberry.type(description="The refund was recorded.")
class OrderRefundSuccess:
    order: Order = strawberry.field(description="The order; REFUNDED if nothing is left to refund.")
    refund: OrderRefund = strawberry.field(description="The refund.")


OrderRefundResult: TypeAlias = Annotated[
    OrderRefundSuccess | UpdateProblem | ReauthenticationProblem,
    strawberry.union("OrderRefundResult", description="The refund, or why there is none."),
]


@strawberry.type
class RefundMutations:
    @strawberry.mutation(
        description="Refund a part of the money that is held for an order, or all of it, whatever its status. Each "
        "refund raises the order's `version`; a refund of all that is held moves a paid order to REFUNDED. The refund "
        "is PENDING until the provider that took the money confirms it. Requires the scope `orders:write`, and an "
        "authentication within the last hour.",
        extensions=[*recent(MONEY_AGE), *scoped(WRITE)],
    )
    async def order_refund(
        self, info: Info, input: Annotated[OrderRefundInput, strawberry.argument(description="The refund.")]
    ) -> OrderRefundResult:
        context = info.context
        order, row = await refund_order(context.database, context.viewer, input)
        return OrderRefundSuccess(order=Order.from_row(order), refund=OrderRefund.from_row(row))
