"""Root fields that change orders, each below what it answers: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    CreateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    UpdateProblem,
)
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
from subgraphs.order.service.reorder import reorder
from subgraphs.order.service.shipping import add_scan, create_shipment
from subgraphs.order.service.staff import add_note, hold_order, release_order
from subgraphs.order.service.transitions import WRITE, advance_status, cancel_order
from subgraphs.order.types import Order, OrderNote, OrderRefund, Shipment


@strawberry.type(description="An order was moved.")
class OrderStatusAdvanceSuccess:
    order: Order = strawberry.field(description="The order in its new status.")


OrderStatusAdvanceResult: TypeAlias = Annotated[
    OrderStatusAdvanceSuccess | UpdateProblem,
    strawberry.union("OrderStatusAdvanceResult", description="The moved order, or why it stays as it was."),
]


@strawberry.type(description="An order was cancelled.")
class OrderCancelSuccess:
    order: Order = strawberry.field(description="The cancelled order.")


OrderCancelResult: TypeAlias = Annotated[
    OrderCancelSuccess | UpdateProblem,
    strawberry.union("OrderCancelResult", description="The cancelled order, or why it stays as it was."),
]


@strawberry.type(description="An order was placed again.")
class OrderReorderSuccess:
    order: Order = strawberry.field(description="The new order.")


OrderReorderResult: TypeAlias = Annotated[
    OrderReorderSuccess | CreateProblem,
    strawberry.union("OrderReorderResult", description="The new order, or why there is none."),
]


@strawberry.type(description="An order was stopped.")
class OrderHoldSuccess:
    order: Order = strawberry.field(description="The stopped order.")


OrderHoldResult: TypeAlias = Annotated[
    OrderHoldSuccess | UpdateProblem,
    strawberry.union("OrderHoldResult", description="The stopped order, or why it goes on."),
]


@strawberry.type(description="A stopped order goes on.")
class OrderReleaseSuccess:
    order: Order = strawberry.field(description="The order, where it was before it was stopped.")


OrderReleaseResult: TypeAlias = Annotated[
    OrderReleaseSuccess | UpdateProblem,
    strawberry.union("OrderReleaseResult", description="The order that goes on, or why it does not."),
]


@strawberry.type(description="A note was added.")
class OrderNoteAddSuccess:
    order: Order = strawberry.field(description="The order.")
    note: OrderNote = strawberry.field(description="The note.")


OrderNoteAddResult: TypeAlias = Annotated[
    OrderNoteAddSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("OrderNoteAddResult", description="The note, or why there is none."),
]


@strawberry.type(description="A parcel was added.")
class ShipmentCreateSuccess:
    order: Order = strawberry.field(description="The order.")
    shipment: Shipment = strawberry.field(description="The parcel.")


ShipmentCreateResult: TypeAlias = Annotated[
    ShipmentCreateSuccess | CreateProblem,
    strawberry.union("ShipmentCreateResult", description="The parcel, or why there is none."),
]


@strawberry.type(description="A scan was noted.")
class ShipmentScanAddSuccess:
    order: Order = strawberry.field(description="The order, moved on where the scan tells so.")
    shipment: Shipment = strawberry.field(description="The parcel.")


ShipmentScanAddResult: TypeAlias = Annotated[
    ShipmentScanAddSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("ShipmentScanAddResult", description="The parcel, or why nothing was noted."),
]


@strawberry.type(description="Money goes back.")
class OrderRefundSuccess:
    order: Order = strawberry.field(description="The order; REFUNDED where nothing is left.")
    refund: OrderRefund = strawberry.field(description="What goes back.")


OrderRefundResult: TypeAlias = Annotated[
    OrderRefundSuccess | UpdateProblem,
    strawberry.union("OrderRefundResult", description="The refund, or why there is none."),
]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Move an order to another status, as far as its present status allows that. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_status_advance(
        self, info: Info, input: Annotated[OrderStatusAdvanceInput, strawberry.argument(description="The next status.")]
    ) -> OrderStatusAdvanceResult:
        context = info.context
        row = await advance_status(context.database, context.viewer, input)
        return OrderStatusAdvanceSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Cancel an order: one's own while it is `cancellable`; staff may do so until it is shipped.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def order_cancel(
        self, info: Info, input: Annotated[OrderCancelInput, strawberry.argument(description="The order.")]
    ) -> OrderCancelResult:
        context = info.context
        row = await cancel_order(context.database, context.viewer, input)
        return OrderCancelSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Place an order of one's own again, at the same prices, once it is `reorderable`.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def order_reorder(
        self, info: Info, input: Annotated[OrderReorderInput, strawberry.argument(description="The order.")]
    ) -> OrderReorderResult:
        context = info.context
        row = await reorder(context.database, context.resource(Pseudonymizer), context.viewer, input)
        return OrderReorderSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Stop an order until a question is answered. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_hold(
        self, info: Info, input: Annotated[OrderHoldInput, strawberry.argument(description="The order.")]
    ) -> OrderHoldResult:
        context = info.context
        row = await hold_order(context.database, context.viewer, input)
        return OrderHoldSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Let a stopped order go on from where it was. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_release(
        self, info: Info, input: Annotated[OrderReleaseInput, strawberry.argument(description="The order.")]
    ) -> OrderReleaseResult:
        context = info.context
        row = await release_order(context.database, context.viewer, input)
        return OrderReleaseSuccess(order=Order.from_row(row))

    @strawberry.mutation(
        description="Note something about an order, for staff alone or for its customer as well. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_note_add(
        self, info: Info, input: Annotated[OrderNoteAddInput, strawberry.argument(description="The note.")]
    ) -> OrderNoteAddResult:
        context = info.context
        order, row = await add_note(context.database, context.viewer, input)
        return OrderNoteAddSuccess(order=Order.from_row(order), note=OrderNote.from_row(row))

    @strawberry.mutation(
        description="Add a parcel to an order that is being made or has left in part. For staff.",
        extensions=scoped(WRITE),
    )
    async def shipment_create(
        self, info: Info, input: Annotated[ShipmentCreateInput, strawberry.argument(description="The parcel.")]
    ) -> ShipmentCreateResult:
        context = info.context
        order, row = await create_shipment(context.database, context.viewer, input)
        return ShipmentCreateSuccess(order=Order.from_row(order), shipment=Shipment.from_row(row))

    @strawberry.mutation(
        description="Note what a carrier reported of a parcel; its order follows, as far as its status allows. "
        "The same scan counts once. For staff.",
        extensions=scoped(WRITE),
    )
    async def shipment_scan_add(
        self, info: Info, input: Annotated[ShipmentScanAddInput, strawberry.argument(description="The scan.")]
    ) -> ShipmentScanAddResult:
        context = info.context
        order, row = await add_scan(context.database, context.viewer, input)
        return ShipmentScanAddSuccess(order=Order.from_row(order), shipment=Shipment.from_row(row))

    @strawberry.mutation(
        description="Give money back: a part, or all that is left, which moves the order to REFUNDED. "
        "Never more than was paid. For staff.",
        extensions=scoped(WRITE),
    )
    async def order_refund(
        self, info: Info, input: Annotated[OrderRefundInput, strawberry.argument(description="The refund.")]
    ) -> OrderRefundResult:
        context = info.context
        order, row = await refund_order(context.database, context.viewer, input)
        return OrderRefundSuccess(order=Order.from_row(order), refund=OrderRefund.from_row(row))
