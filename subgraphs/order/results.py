"""What mutations of orders answer: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.problems import ConflictProblem, IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.order.types import Order, OrderNote, OrderRefund, Shipment


@strawberry.type(description="An order was moved.")
class OrderStatusAdvanceSuccess:
    order: Order = strawberry.field(description="The order in its new status.")


OrderStatusAdvanceResult: TypeAlias = Annotated[
    OrderStatusAdvanceSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("OrderStatusAdvanceResult", description="The moved order, or why it stays as it was."),
]


@strawberry.type(description="An order was cancelled.")
class OrderCancelSuccess:
    order: Order = strawberry.field(description="The cancelled order.")


OrderCancelResult: TypeAlias = Annotated[
    OrderCancelSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("OrderCancelResult", description="The cancelled order, or why it stays as it was."),
]


@strawberry.type(description="An order was placed again.")
class OrderReorderSuccess:
    order: Order = strawberry.field(description="The new order.")


OrderReorderResult: TypeAlias = Annotated[
    OrderReorderSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("OrderReorderResult", description="The new order, or why there is none."),
]


@strawberry.type(description="An order was stopped.")
class OrderHoldSuccess:
    order: Order = strawberry.field(description="The stopped order.")


OrderHoldResult: TypeAlias = Annotated[
    OrderHoldSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("OrderHoldResult", description="The stopped order, or why it goes on."),
]


@strawberry.type(description="A stopped order goes on.")
class OrderReleaseSuccess:
    order: Order = strawberry.field(description="The order, where it was before it was stopped.")


OrderReleaseResult: TypeAlias = Annotated[
    OrderReleaseSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
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
    ShipmentCreateSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
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
    OrderRefundSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("OrderRefundResult", description="The refund, or why there is none."),
]
