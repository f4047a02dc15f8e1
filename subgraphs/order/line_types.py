"""What is shown of the lines of orders."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import federation

from shared.core.ids import id_of_version
from shared.graph.access import rule
from shared.graph.context import Info
from shared.graph.money import Money
from shared.graph.row_types import RowType
from shared.security.signed_ids import SignedIds
from subgraphs.order import models
from subgraphs.order.enums import OrderLineKind
from subgraphs.order.loaders import READ, LineById, LinesByOrder, OrderById
from subgraphs.order.value_types import PresetVersion

if TYPE_CHECKING:
    from subgraphs.order.types import Design


@federation.type(
    keys=["id"],
    description="One line of an order: a product or design with its quantity and price. It is readable with its order.",
)
class OrderLine(RowType[models.OrderLine], access=rule(owner=True, scope=READ)):
    id: strawberry.ID = strawberry.field(description="The line's id, `oln_…`.")
    position: int = strawberry.field(description="The position of the line in the order, from 1.")
    title: str = strawberry.field(description="The name of the product or design when it was ordered.")
    quantity: int = strawberry.field(description="Number of pieces.")
    kind: OrderLineKind = strawberry.field(
        description="What the line is. Only lines of the kind GOODS are still to be made and sent, or were."
    )
    unit_price: Money = strawberry.field(description="The price of one piece when it was ordered.")
    total: Money = strawberry.field(description="The price of all pieces of the line.")
    design_id: strawberry.Private[str | None]
    design_refused: strawberry.Private[bool]
    preset_id: strawberry.Private[str | None]
    quoted_version: strawberry.Private[int | None]
    hides_design: strawberry.Private[bool] = dataclasses.field(default=False, init=False)

    @classmethod
    def of_order(cls, info: Info, order_id: str, customer_id: str | None) -> "list[OrderLine]":
        """Return the lines of an order, and with them what the viewer may see of its customer's designs."""
        may_see = info.context.viewer.can_access(customer_id, "designs:read")

        def shown(rows: Sequence[models.OrderLine]) -> "list[OrderLine]":
            lines = cls.from_rows(rows)
            for line in lines:
                line.hides_design = not may_see
            return lines

        return info.context.loader(LinesByOrder).then(order_id, shown)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[OrderLine | None]":
        rows = await info.context.loader(LineById).load_many(ids)
        order_ids = [row.order_id for row in rows if row is not None]
        orders = dict(zip(order_ids, await info.context.loader(OrderById).load_many(order_ids), strict=True))
        viewer = info.context.viewer
        shown = list[OrderLine | None]()
        for row in rows:
            order = orders[row.order_id] if row is not None else None
            customer_id = order.customer_id if order is not None else None
            may_see = row is not None and order is not None and viewer.can_access(customer_id, READ)
            line = cls.from_optional_row(row if may_see else None)
            if line is not None:
                line.hides_design = not viewer.can_access(customer_id, "designs:read")
            shown.append(line)
        return shown

    @strawberry.field(
        description="The ordered design; null for a product without one, for a design that is not the customer's, and "
        "for guests and all others who may not read the customer's designs."
    )
    def design(self) -> Annotated["Design", strawberry.lazy("subgraphs.order.types")] | None:
        from subgraphs.order.types import Design

        return None if self.design_refused or self.hides_design else Design.of(self.design_id)

    @federation.field(inaccessible=True, description="What the line shows, signed for the builder subgraph.")
    def pictured(self, info: Info) -> str | None:
        version = self._preset_version
        shown = version if self.design_id is None else None if self.design_refused else self.design_id
        return info.context.resource(SignedIds).sign(shown) if shown is not None else None

    @strawberry.field(
        description="The preset that was ordered off the shelf, as it was then; null for a design, and for a product "
        "of which no preset is known."
    )
    def preset(self) -> PresetVersion | None:
        return PresetVersion.of(self._preset_version)

    @property
    def _preset_version(self) -> str | None:
        if self.preset_id is None or self.quoted_version is None:
            return None
        return id_of_version("prv", self.preset_id, self.quoted_version)
