"""Root fields that change orders, each below what it answers: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import recent, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    CreateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    ReauthenticationProblem,
    UpdateProblem,
)
from shared.security.auth import MONEY_AGE
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.inputs import (
    OrderCancelInput,
    OrderHoldInput,
    OrderNoteAddInput,
    OrderRefundInput,
    OrderReleaseInput,
    OrderReorderInput,
    OrderStatusAdvanceInput,
    ShipmentCreateInput,
    ShipmentScanAddInput,
)
from subgraphs.order.service.refunds import refund_order
from subgraphs.order.service.reorder import MOST_A_DAY, reorder
from subgraphs.order.service.shipping import add_scan, create_shipment
from subgraphs.order.service.staff import add_note, hold_order, release_order
from subgraphs.order.service.transitions import WRITE, advance_status, cancel_order
from subgraphs.order.types import Order, OrderNote, OrderRefund, Shipment


@strawberry.type(description="The order was moved to another status.")
class OrderStatusAdvanceSuccess:
    order: Order = strawberry.field(description="The order in its new status.")


OrderStatusAdvanceResult: TypeAlias = Annotated[
    OrderStatusAdvanceSuccess | UpdateProblem | ReauthenticationProblem,
    strawberry.union("OrderStatusAdvanceResult", description="The order in its new status, or why it was not moved."),
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


@strawberry.type(description="The note was added.")
class OrderNoteAddSuccess:
    order: Order = strawberry.field(description="The order.")
    note: OrderNote = strawberry.field(description="The note.")


OrderNoteAddResult: TypeAlias = Annotated[
    OrderNoteAddSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("OrderNoteAddResult", description="The note, or why there is none."),
]


@strawberry.type(description="The parcel was added.")
class ShipmentCreateSuccess:
    order: Order = strawberry.field(description="The order.")
    shipment: Shipment = strawberry.field(description="The parcel.")


ShipmentCreateResult: TypeAlias = Annotated[
    ShipmentCreateSuccess | CreateProblem,
    strawberry.union("ShipmentCreateResult", description="The parcel, or why there is none."),
]


@strawberry.type(description="The scan was recorded, or was known already.")
class ShipmentScanAddSuccess:
    order: Order = strawberry.field(description="The order, in a new status if the scan changed it.")
    shipment: Shipment = strawberry.field(description="The parcel.")


ShipmentScanAddResult: TypeAlias = Annotated[
    ShipmentScanAddSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("ShipmentScanAddResult", description="The parcel, or why the scan was not recorded."),
]


@strawberry.type(description="The refund was recorded.")
class OrderRefundSuccess:
    order: Order = strawberry.field(description="The order; REFUNDED if nothing is left to refund.")
    refund: OrderRefund = strawberry.field(description="The refund.")


OrderRefundResult: TypeAlias = Annotated[
    OrderRefundSuccess | UpdateProblem | ReauthenticationProblem,
    strawberry.union("OrderRefundResult", description="The refund, or why there is none."),
]


@strawberry.type
class Mutation:
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
        description="Cancel an order: the viewer's own while it is `cancellable`, or with the scope `orders:write` "
        "any order until part of it has shipped.",
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
        f"same address, while it is `reorderable`: at most {MOST_A_DAY} orders a day.",
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
        description="Put an order on hold until a question is answered; it must be PENDING, PAID or IN_PRODUCTION. "
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

    @strawberry.mutation(
        description="Add a note to an order, for staff only or also for its customer. Requires the scope "
        "`orders:write`.",
        extensions=scoped(WRITE),
    )
    async def order_note_add(
        self, info: Info, input: Annotated[OrderNoteAddInput, strawberry.argument(description="The note.")]
    ) -> OrderNoteAddResult:
        context = info.context
        order, row = await add_note(context.database, context.viewer, input)
        return OrderNoteAddSuccess(order=Order.from_row(order), note=OrderNote.from_row(row))

    @strawberry.mutation(
        description="Add a parcel to an order that is IN_PRODUCTION or PARTIALLY_SHIPPED. Requires the scope "
        "`orders:write`.",
        extensions=scoped(WRITE),
    )
    async def shipment_create(
        self, info: Info, input: Annotated[ShipmentCreateInput, strawberry.argument(description="The parcel.")]
    ) -> ShipmentCreateResult:
        context = info.context
        order, row = await create_shipment(context.database, context.viewer, input)
        return ShipmentCreateSuccess(order=Order.from_row(order), shipment=Shipment.from_row(row))

    @strawberry.mutation(
        description="Record a carrier's report about a parcel; the status of its order follows where that is "
        "allowed, and a repeated time and status is recorded once. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def shipment_scan_add(
        self, info: Info, input: Annotated[ShipmentScanAddInput, strawberry.argument(description="The scan.")]
    ) -> ShipmentScanAddResult:
        context = info.context
        order, row = await add_scan(context.database, context.viewer, input)
        return ShipmentScanAddSuccess(order=Order.from_row(order), shipment=Shipment.from_row(row))

    @strawberry.mutation(
        description="Refund a part of an order, or all that is left. Each refund raises the order's `version`. A full "
        "refund moves the order to REFUNDED and is refused while it is in production, on its way or on hold. Requires "
        "the scope `orders:write`, and an authentication within the last hour.",
        extensions=[*recent(MONEY_AGE), *scoped(WRITE)],
    )
    async def order_refund(
        self, info: Info, input: Annotated[OrderRefundInput, strawberry.argument(description="The refund.")]
    ) -> OrderRefundResult:
        context = info.context
        order, row = await refund_order(context.database, context.viewer, input)
        return OrderRefundSuccess(order=Order.from_row(order), refund=OrderRefund.from_row(row))
