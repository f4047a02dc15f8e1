"""Root fields that let staff create and end discount codes, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import InvalidInputProblem, NotFoundProblem
from subgraphs.order.discount_inputs import DiscountCodeCreateInput, DiscountCodeEndInput
from subgraphs.order.discount_types import DiscountCode
from subgraphs.order.loaders import WRITE
from subgraphs.order.service.discount_administration import create_code, end_code


@strawberry.type(description="The discount code was created.")
class DiscountCodeCreateSuccess:
    discount_code: DiscountCode = strawberry.field(description="The discount code.")


DiscountCodeCreateResult: TypeAlias = Annotated[
    DiscountCodeCreateSuccess | InvalidInputProblem,
    strawberry.union("DiscountCodeCreateResult", description="The discount code, or why there is none."),
]


@strawberry.type(description="The discount code cannot be used any more.")
class DiscountCodeEndSuccess:
    discount_code: DiscountCode = strawberry.field(description="The discount code.")


DiscountCodeEndResult: TypeAlias = Annotated[
    DiscountCodeEndSuccess | NotFoundProblem,
    strawberry.union("DiscountCodeEndResult", description="The discount code, or why it was not ended."),
]


@strawberry.type
class DiscountMutations:
    @strawberry.mutation(
        description="Create a discount code. Requires the scope `orders:write`.", extensions=scoped(WRITE)
    )
    async def discount_code_create(
        self, info: Info, input: Annotated[DiscountCodeCreateInput, strawberry.argument(description="The code.")]
    ) -> DiscountCodeCreateResult:
        row = await create_code(info.context.database, info.context.viewer, input)
        return DiscountCodeCreateSuccess(discount_code=DiscountCode.from_row(row))

    @strawberry.mutation(
        description="End a discount code, so that no order can use it any more; one that has ended stays as it is. "
        "Orders that use it keep their prices. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def discount_code_end(
        self, info: Info, input: Annotated[DiscountCodeEndInput, strawberry.argument(description="The code to end.")]
    ) -> DiscountCodeEndResult:
        row = await end_code(info.context.database, input.discount_code_id)
        return DiscountCodeEndSuccess(discount_code=DiscountCode.from_row(row))
