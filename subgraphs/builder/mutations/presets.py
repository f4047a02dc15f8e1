"""Root fields that change the shop's presets, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import IllegalStateProblem, InvalidInputProblem, TransitionProblem, UpdateProblem
from subgraphs.builder.inputs import PresetArchiveInput, PresetCreateInput, PresetUpdateInput
from subgraphs.builder.loaders import WRITE
from subgraphs.builder.service import presets
from subgraphs.builder.shop_types import Preset


@strawberry.type(description="The preset was created.")
class PresetCreateSuccess:
    preset: Preset = strawberry.field(description="The new preset.")


PresetCreateResult: TypeAlias = Annotated[
    PresetCreateSuccess | InvalidInputProblem | IllegalStateProblem,
    strawberry.union("PresetCreateResult", description="The new preset, or the reason it was not created."),
]


@strawberry.type(description="The preset was changed.")
class PresetUpdateSuccess:
    preset: Preset = strawberry.field(description="The preset after the change.")


PresetUpdateResult: TypeAlias = Annotated[
    PresetUpdateSuccess | UpdateProblem,
    strawberry.union("PresetUpdateResult", description="The changed preset, or the reason it was not changed."),
]


@strawberry.type(description="The preset was archived.")
class PresetArchiveSuccess:
    preset: Preset = strawberry.field(description="The archived preset. The shop no longer lists it.")


PresetArchiveResult: TypeAlias = Annotated[
    PresetArchiveSuccess | TransitionProblem,
    strawberry.union("PresetArchiveResult", description="The archived preset, or the reason it was not archived."),
]


@strawberry.type
class PresetMutations:
    @strawberry.mutation(
        description="Add a preset to the shop. Requires the scope `designs:write`.", extensions=scoped(WRITE)
    )
    async def preset_create(
        self, info: Info, input: Annotated[PresetCreateInput, strawberry.argument(description="The preset.")]
    ) -> PresetCreateResult:
        row = await presets.create_preset(info.context.database, info.context.user_id, input)
        return PresetCreateSuccess(preset=Preset.from_row(row))

    @strawberry.mutation(
        description="Change a preset; designs that started from it do not change. Requires the scope `designs:write`.",
        extensions=scoped(WRITE),
    )
    async def preset_update(
        self, info: Info, input: Annotated[PresetUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PresetUpdateResult:
        return PresetUpdateSuccess(preset=Preset.from_row(await presets.update_preset(info.context.database, input)))

    @strawberry.mutation(
        description="Remove a preset from the shop; designs that started from it do not change. Requires the scope "
        "`designs:write`.",
        extensions=scoped(WRITE),
    )
    async def preset_archive(
        self, info: Info, input: Annotated[PresetArchiveInput, strawberry.argument(description="The preset.")]
    ) -> PresetArchiveResult:
        return PresetArchiveSuccess(preset=Preset.from_row(await presets.archive_preset(info.context.database, input)))
