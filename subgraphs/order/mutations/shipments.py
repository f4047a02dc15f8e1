"""Root fields that add parcels and what carriers report of them, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import CreateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.order.inputs import ShipmentCreateInput, ShipmentScanAddInput
from subgraphs.order.loaders import WRITE
from subgraphs.order.service.shipping import add_scan, create_shipment
from subgraphs.order.shipment_types import Shipment
from subgraphs.order.types import Order


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


@strawberry.type
class ShipmentMutations:
    @strawberry.mutation(
        description="Add a parcel to an order that is IN_PRODUCTION or has left, whole or in part; of one that has "
        "left as a whole, something is sent again. Requires the scope `orders:write`.",
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
        "allowed. A repeated time and status is recorded once; so is a report without a time that repeats the newest "
        "one of its parcel within ten minutes. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def shipment_scan_add(
        self, info: Info, input: Annotated[ShipmentScanAddInput, strawberry.argument(description="The scan.")]
    ) -> ShipmentScanAddResult:
        context = info.context
        order, row = await add_scan(context.database, context.viewer, input)
        return ShipmentScanAddSuccess(order=Order.from_row(order), shipment=Shipment.from_row(row))
