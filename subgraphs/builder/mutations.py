"""Root fields that change designs, links and presets."""

from typing import Annotated

import strawberry

from shared.graph.access import OWN, rule, scoped, signed_in
from shared.graph.context import Info
from subgraphs.builder.inputs import (
    DesignCreateFromPresetInput,
    DesignCreateFromShareInput,
    DesignCreateInput,
    DesignDeleteInput,
    DesignDuplicateInput,
    DesignShareInput,
    DesignShareRevokeInput,
    DesignUpdateInput,
    PresetArchiveInput,
    PresetCreateInput,
    PresetUpdateInput,
)
from subgraphs.builder.loaders import READ, WRITE
from subgraphs.builder.results import (
    DesignCreateFromPresetResult,
    DesignCreateFromPresetSuccess,
    DesignCreateFromShareResult,
    DesignCreateFromShareSuccess,
    DesignCreateResult,
    DesignCreateSuccess,
    DesignDeleteResult,
    DesignDeleteSuccess,
    DesignDuplicateResult,
    DesignDuplicateSuccess,
    DesignShareResult,
    DesignShareRevokeResult,
    DesignShareRevokeSuccess,
    DesignShareSuccess,
    DesignUpdateResult,
    DesignUpdateSuccess,
    PresetArchiveResult,
    PresetArchiveSuccess,
    PresetCreateResult,
    PresetCreateSuccess,
    PresetUpdateResult,
    PresetUpdateSuccess,
)
from subgraphs.builder.service import designs, presets, shares
from subgraphs.builder.types import Design, DesignShare, Preset


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Save a new design of one's own.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def design_create(
        self, info: Info, input: Annotated[DesignCreateInput, strawberry.argument(description="The design.")]
    ) -> DesignCreateResult:
        row = await designs.create_design(info.context.database, info.context.user_id, input)
        return DesignCreateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Save a new design that starts as a preset.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def design_create_from_preset(
        self,
        info: Info,
        input: Annotated[DesignCreateFromPresetInput, strawberry.argument(description="Preset and name.")],
    ) -> DesignCreateFromPresetResult:
        row = await designs.create_from_preset(info.context.database, info.context.user_id, input)
        return DesignCreateFromPresetSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Change a design; its price follows. Designs that were ordered stay as they are.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_update(
        self, info: Info, input: Annotated[DesignUpdateInput, strawberry.argument(description="The changes.")]
    ) -> DesignUpdateResult:
        row = await designs.update_design(info.context.database, info.context.viewer, input)
        return DesignUpdateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Archive a design: it leaves its owner's list, and orders that hold it still show it.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_delete(
        self, info: Info, input: Annotated[DesignDeleteInput, strawberry.argument(description="The design.")]
    ) -> DesignDeleteResult:
        row = await designs.delete_design(info.context.database, info.context.viewer, input)
        return DesignDeleteSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Copy a design, whatever its status, into a new draft.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=READ),
    )
    async def design_duplicate(
        self, info: Info, input: Annotated[DesignDuplicateInput, strawberry.argument(description="The design.")]
    ) -> DesignDuplicateResult:
        context = info.context
        row = await designs.duplicate_design(context.database, context.viewer, context.user_id, input)
        return DesignDuplicateSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Copy a design that somebody has shared for copying, into a draft of one's own.",
        extensions=signed_in(),
        metadata=rule(signed_in=True, remark="who holds a copying link's token"),
    )
    async def design_create_from_share(
        self, info: Info, input: Annotated[DesignCreateFromShareInput, strawberry.argument(description="The link.")]
    ) -> DesignCreateFromShareResult:
        row = await designs.create_from_share(info.context.database, info.context.user_id, input)
        return DesignCreateFromShareSuccess(design=Design.from_row(row))

    @strawberry.mutation(
        description="Make a link to a design of one's own.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def design_share(
        self, info: Info, input: Annotated[DesignShareInput, strawberry.argument(description="Design and terms.")]
    ) -> DesignShareResult:
        context = info.context
        row, token = await shares.share_design(context.database, context.runtime.settings, context.user_id, input)
        return DesignShareSuccess(share=DesignShare.from_row(row), token=token)

    @strawberry.mutation(
        description="Close a link for good; one that is closed already stays as it is.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_share_revoke(
        self, info: Info, input: Annotated[DesignShareRevokeInput, strawberry.argument(description="The link.")]
    ) -> DesignShareRevokeResult:
        row = await shares.revoke_share(info.context.database, info.context.viewer, input)
        return DesignShareRevokeSuccess(share=DesignShare.from_row(row))

    @strawberry.mutation(description="Add a preset to the shop.", extensions=scoped(WRITE))
    async def preset_create(
        self, info: Info, input: Annotated[PresetCreateInput, strawberry.argument(description="The preset.")]
    ) -> PresetCreateResult:
        row = await presets.create_preset(info.context.database, info.context.user_id, input)
        return PresetCreateSuccess(preset=Preset.from_row(row))

    @strawberry.mutation(
        description="Change a preset. Designs that started from it stay as they are.", extensions=scoped(WRITE)
    )
    async def preset_update(
        self, info: Info, input: Annotated[PresetUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PresetUpdateResult:
        return PresetUpdateSuccess(preset=Preset.from_row(await presets.update_preset(info.context.database, input)))

    @strawberry.mutation(description="Take a preset out of the shop.", extensions=scoped(WRITE))
    async def preset_archive(
        self, info: Info, input: Annotated[PresetArchiveInput, strawberry.argument(description="The preset.")]
    ) -> PresetArchiveResult:
        return PresetArchiveSuccess(preset=Preset.from_row(await presets.archive_preset(info.context.database, input)))
