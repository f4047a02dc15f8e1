"""Root fields that move, cancel, repeat, hold and release orders, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.core.errors import IllegalState, NotFound, VersionConflict
from shared.graph.access import rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    CreateProblem,
    InvalidInputProblem,
    ReauthenticationProblem,
    UpdateProblem,
    transition_problem,
)
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.inputs import (
    OrderCancelInput,
    OrderHoldInput,
    OrderReleaseInput,
    OrderReorderInput,
    OrdersStatusAdvanceInput,
    OrderStatusAdvanceInput,
)
from subgraphs.order.loaders import WRITE
from subgraphs.order.service.decisions import advance_status, cancel_order, check_batch
from subgraphs.order.service.reorder import MOST_A_DAY, reorder
from subgraphs.order.service.staff import hold_order, release_order
from subgraphs.order.types import Order


@strawberry.type(description="The order was moved to another status.")
class OrderStatusAdvanceSuccess:
    order: Order = strawberry.field(description="The order in its new status.")


OrderStatusAdvanceResult: TypeAlias = Annotated[
    OrderStatusAdvanceSuccess | UpdateProblem | ReauthenticationProblem,
    strawberry.union("OrderStatusAdvanceResult", description="The order in its new status, or why it was not moved."),
]


@strawberry.type(description="What came of one of several orders.")
class OrderAdvanceOutcome:
    order_id: strawberry.ID = strawberry.field(description="The order's id, as it was sent.")
    result: OrderStatusAdvanceResult = strawberry.field(
        description="The order in its new status, or why it was not moved."
    )


@strawberry.type(description="Each order was tried on its own: some may be moved and others not.")
class OrdersStatusAdvanceSuccess:
    outcomes: list[OrderAdvanceOutcome] = strawberry.field(
        description="One outcome for each order, in the order of the request."
    )


OrdersStatusAdvanceResult: TypeAlias = Annotated[
    OrdersStatusAdvanceSuccess | InvalidInputProblem | ReauthenticationProblem,
    strawberry.union(
        "OrdersStatusAdvanceResult", description="What came of each order, or why none of them was tried."
    ),
]


@strawberry.type(description="The order was cancelled.")
class OrderCancelSuccess:
    order: Order = strawberry.field(description="The cancelled order.")


OrderCancelResult: TypeAlias = Annotated[
    OrderCancelSuccess | UpdateProblem,
    strawberry.union("OrderCancelResult", description="The cancelled order, or why it was not cancelled."),
]


@strawberry.type(description="The order was placed again.")
class OrderReorderSuccess:
    order: Order = strawberry.field(description="The new order.")


OrderReorderResult: TypeAlias = Annotated[
    OrderReorderSuccess | CreateProblem,
    strawberry.union("OrderReorderResult", description="The new order, or why there is none."),
]


@strawberry.type(description="The order was put on hold.")
class OrderHoldSuccess:
    order: Order = strawberry.field(description="The order on hold.")


OrderHoldResult: TypeAlias = Annotated[
    OrderHoldSuccess | UpdateProblem,
    strawberry.union("OrderHoldResult", description="The order on hold, or why it was not put on hold."),
]


@strawberry.type(description="The order was released from hold.")
class OrderReleaseSuccess:
    order: Order = strawberry.field(description="The order, with the status that it resumes.")


OrderReleaseResult: TypeAlias = Annotated[
    OrderReleaseSuccess | UpdateProblem,
    strawberry.union("OrderReleaseResult", description="The released order, or why it was not released."),
]


async def _advance(info: Info, given: OrderStatusAdvanceInput) -> OrderStatusAdvanceResult:
    try:
        row = await advance_status(info.context.database, info.context.viewer, given)
    except (NotFound, VersionConflict, IllegalState) as error:
        return transition_problem(error)
    return OrderStatusAdvanceSuccess(order=Order.from_row(row))


@strawberry.type
class OrderMutations:
    @strawberry.mutation(
        description="Move an order to another status, if its current status allows it. Requires the scope "
        "`orders:write`, and to move it to REFUNDED an authentication within the last hour.",
        extensions=scoped(WRITE),
    )
    async def order_status_advance(
        self, info: Info, input: Annotated[OrderStatusAdvanceInput, strawberry.argument(description="The next status.")]
    ) -> OrderStatusAdvanceResult:
        context = info.context
        row = await advance_status(context.database, context.viewer, input)
        return OrderStatusAdvanceSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Move up to 50 orders to another status, one after the other, each as by `orderStatusAdvance`. "
        "One that cannot be moved does not stop the others. Requires the scope `orders:write`, and to move them to "
        "REFUNDED an authentication within the last hour.",
        extensions=scoped(WRITE),
    )
    async def orders_status_advance(
        self,
        info: Info,
        input: Annotated[OrdersStatusAdvanceInput, strawberry.argument(description="The next status.")],
    ) -> OrdersStatusAdvanceResult:
        outcomes = list[OrderAdvanceOutcome]()
        for each in check_batch(info.context.viewer, input):
            outcomes.append(OrderAdvanceOutcome(order_id=each.order_id, result=await _advance(info, each)))
        return OrdersStatusAdvanceSuccess(outcomes=outcomes)

    @strawberry.mutation(
        description="Cancel an order: the viewer's own while it is `cancellable`, or with the scope `orders:write` "
        "any order until part of it has shipped. Of an order that is PARTIALLY_SHIPPED the rest is cancelled: it "
        "becomes SHIPPED, or what its parcels show. Money is not refunded by it; `orderRefund` does that.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def order_cancel(
        self, info: Info, input: Annotated[OrderCancelInput, strawberry.argument(description="The order to cancel.")]
    ) -> OrderCancelResult:
        context = info.context
        row = await cancel_order(context.database, context.viewer, input)
        return OrderCancelSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Place one of the viewer's own orders again, at the same prices without its discount and to the "
        f"same address, while it is `reorderable`: at most {MOST_A_DAY} orders a day. Tips and what was taken off or "
        "taken back are left out. Goods that are no longer sold are refused by name.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def order_reorder(
        self,
        info: Info,
        input: Annotated[OrderReorderInput, strawberry.argument(description="The order to place again.")],
    ) -> OrderReorderResult:
        context = info.context
        row = await reorder(context.database, context.resource(Pseudonymizer), context.viewer, input)
        return OrderReorderSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Put an order on hold until a question is answered; it must be PENDING, PAID, IN_PRODUCTION or "
        "PARTIALLY_SHIPPED. "
        "Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def order_hold(
        self, info: Info, input: Annotated[OrderHoldInput, strawberry.argument(description="The order to put on hold.")]
    ) -> OrderHoldResult:
        context = info.context
        row = await hold_order(context.database, context.viewer, input)
        return OrderHoldSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Release an order from hold; it resumes where it was. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def order_release(
        self, info: Info, input: Annotated[OrderReleaseInput, strawberry.argument(description="The order to release.")]
    ) -> OrderReleaseResult:
        context = info.context
        row = await release_order(context.database, context.viewer, input)
        return OrderReleaseSuccess(order=Order.from_row(row))
