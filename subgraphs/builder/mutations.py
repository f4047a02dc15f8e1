"""Root fields that change designs."""

from typing import Annotated

import strawberry

from shared.access import signed_in
from shared.context import Info
from subgraphs.builder import service
from subgraphs.builder.inputs import (
    DesignCreateFromPresetInput,
    DesignCreateInput,
    DesignDeleteInput,
    DesignDuplicateInput,
    DesignUpdateInput,
)
from subgraphs.builder.types import (
    Design,
    DesignCreateFromPresetResult,
    DesignCreateFromPresetSuccess,
    DesignCreateResult,
    DesignCreateSuccess,
    DesignDeleteResult,
    DesignDeleteSuccess,
    DesignDuplicateResult,
    DesignDuplicateSuccess,
    DesignUpdateResult,
    DesignUpdateSuccess,
)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Save a new design of one's own.", extensions=signed_in())
    async def design_create(
        self, info: Info, input: Annotated[DesignCreateInput, strawberry.argument(description="The design.")]
    ) -> DesignCreateResult:
        row = await service.create_design(info.context.database, info.context.user_id, input)
        return DesignCreateSuccess(design=Design.from_row(row))

    @strawberry.mutation(description="Save a new design that starts as a preset.", extensions=signed_in())
    async def design_create_from_preset(
        self,
        info: Info,
        input: Annotated[DesignCreateFromPresetInput, strawberry.argument(description="Preset and name.")],
    ) -> DesignCreateFromPresetResult:
        row = await service.create_from_preset(info.context.database, info.context.user_id, input)
        return DesignCreateFromPresetSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Change a design; its price follows. Designs that were ordered stay as they are.",
        extensions=signed_in(),
    )
    async def design_update(
        self, info: Info, input: Annotated[DesignUpdateInput, strawberry.argument(description="The changes.")]
    ) -> DesignUpdateResult:
        row = await service.update_design(info.context.database, info.context.viewer, input)
        return DesignUpdateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Archive a design: it leaves its owner's list, and orders that hold it still show it.",
        extensions=signed_in(),
    )
    async def design_delete(
        self, info: Info, input: Annotated[DesignDeleteInput, strawberry.argument(description="The design.")]
    ) -> DesignDeleteResult:
        row = await service.delete_design(info.context.database, info.context.viewer, input)
        return DesignDeleteSuccess(design=Design.from_row(row))

    @strawberry.mutation(description="Copy a design, whatever its status, into a new draft.", extensions=signed_in())
    async def design_duplicate(
        self, info: Info, input: Annotated[DesignDuplicateInput, strawberry.argument(description="The design.")]
    ) -> DesignDuplicateResult:
        context = info.context
        row = await service.duplicate_design(context.database, context.viewer, context.user_id, input)
        return DesignDuplicateSuccess(design=Design.from_row(row))
