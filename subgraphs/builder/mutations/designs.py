"""Root fields that change designs, each below what it answers: success with what changed, or a problem."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import CreateProblem, TransitionProblem, UpdateProblem
from subgraphs.builder.inputs import (
    DesignCreateFromPresetInput,
    DesignCreateFromShareInput,
    DesignCreateInput,
    DesignDeleteInput,
    DesignDuplicateInput,
    DesignUpdateInput,
)
from subgraphs.builder.loaders import WRITE
from subgraphs.builder.service import designs
from subgraphs.builder.types import Design


@strawberry.type(description="The design was created.")
class DesignCreateSuccess:
    design: Design = strawberry.field(description="The new design.")


DesignCreateResult: TypeAlias = Annotated[
    DesignCreateSuccess | CreateProblem,
    strawberry.union("DesignCreateResult", description="The new design, or the reason it was not created."),
]


@strawberry.type(description="The design was created from the preset.")
class DesignCreateFromPresetSuccess:
    design: Design = strawberry.field(description="The new design.")


DesignCreateFromPresetResult: TypeAlias = Annotated[
    DesignCreateFromPresetSuccess | CreateProblem,
    strawberry.union("DesignCreateFromPresetResult", description="The new design, or the reason it was not created."),
]


@strawberry.type(description="The design was changed.")
class DesignUpdateSuccess:
    design: Design = strawberry.field(description="The design after the change.")


DesignUpdateResult: TypeAlias = Annotated[
    DesignUpdateSuccess | UpdateProblem,
    strawberry.union("DesignUpdateResult", description="The changed design, or the reason it was not changed."),
]


@strawberry.type(description="The design was archived.")
class DesignDeleteSuccess:
    design: Design = strawberry.field(description="The design; its status is ARCHIVED.")


DesignDeleteResult: TypeAlias = Annotated[
    DesignDeleteSuccess | TransitionProblem,
    strawberry.union("DesignDeleteResult", description="The archived design, or the reason it was not archived."),
]


@strawberry.type(description="The design was copied.")
class DesignDuplicateSuccess:
    design: Design = strawberry.field(description="The copy: a new draft owned by the viewer.")


DesignDuplicateResult: TypeAlias = Annotated[
    DesignDuplicateSuccess | CreateProblem,
    strawberry.union("DesignDuplicateResult", description="The copy, or the reason it was not created."),
]


@strawberry.type(description="The shared design was copied.")
class DesignCreateFromShareSuccess:
    design: Design = strawberry.field(description="The copy: a new draft owned by the viewer.")


DesignCreateFromShareResult: TypeAlias = Annotated[
    DesignCreateFromShareSuccess | CreateProblem,
    strawberry.union("DesignCreateFromShareResult", description="The copy, or the reason it was not created."),
]


@strawberry.type
class DesignMutations:
    @strawberry.mutation(
        description="Save a new design owned by the viewer. Requires a login.", extensions=signed_in(), metadata=OWN
    )
    async def design_create(
        self, info: Info, input: Annotated[DesignCreateInput, strawberry.argument(description="The design.")]
    ) -> DesignCreateResult:
        row = await designs.create_design(info.context.database, info.context.user_id, input)
        return DesignCreateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Save a new design that starts from a preset and is owned by the viewer. Requires a login.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def design_create_from_preset(
        self,
        info: Info,
        input: Annotated[
            DesignCreateFromPresetInput,
            strawberry.argument(description="The preset to start from and the name of the design."),
        ],
    ) -> DesignCreateFromPresetResult:
        row = await designs.create_from_preset(info.context.database, info.context.user_id, input)
        return DesignCreateFromPresetSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Change a draft; its price is updated to match. Requires the viewer to be the owner or to have "
        "the scope `designs:write`.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_update(
        self, info: Info, input: Annotated[DesignUpdateInput, strawberry.argument(description="The changes.")]
    ) -> DesignUpdateResult:
        row = await designs.update_design(info.context.database, info.context.viewer, input)
        return DesignUpdateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Archive a design: it is no longer listed by default, but orders that contain it still show "
        "it. Requires the viewer to be the owner or to have the scope `designs:write`.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_delete(
        self, info: Info, input: Annotated[DesignDeleteInput, strawberry.argument(description="The design.")]
    ) -> DesignDeleteResult:
        row = await designs.delete_design(info.context.database, info.context.viewer, input)
        return DesignDeleteSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Copy one of the viewer's own designs, of any status, into a new draft. A design of another "
        "user is copied with a COPY link of its owner.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def design_duplicate(
        self, info: Info, input: Annotated[DesignDuplicateInput, strawberry.argument(description="The design.")]
    ) -> DesignDuplicateResult:
        row = await designs.duplicate_design(info.context.database, info.context.user_id, input)
        return DesignDuplicateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Copy a design that was shared with a COPY link into a new draft owned by the viewer. Requires "
        "a login.",
        extensions=signed_in(),
        metadata=rule(signed_in=True, remark="who holds a copying link's token"),
    )
    async def design_create_from_share(
        self, info: Info, input: Annotated[DesignCreateFromShareInput, strawberry.argument(description="The link.")]
    ) -> DesignCreateFromShareResult:
        row = await designs.create_from_share(info.context.database, info.context.user_id, input)
        return DesignCreateFromShareSuccess(design=Design.from_row(row))
