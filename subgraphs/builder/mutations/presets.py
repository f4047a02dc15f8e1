"""Root fields that change the shop's presets, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import (
    InvalidInputProblem,
    TransitionProblem,
    UpdateProblem,
)
from subgraphs.builder.inputs import (
    PresetArchiveInput,
    PresetCreateInput,
    PresetUpdateInput,
)
from subgraphs.builder.loaders import WRITE
from subgraphs.builder.service import presets
from subgraphs.builder.types import Preset


@strawberry.type(description="A preset was made.")
class PresetCreateSuccess:
    preset: Preset = strawberry.field(description="The new preset.")


PresetCreateResult: TypeAlias = Annotated[
    PresetCreateSuccess | InvalidInputProblem,
    strawberry.union("PresetCreateResult", description="The new preset, or what is wrong with the input."),
]


@strawberry.type(description="A preset was changed.")
class PresetUpdateSuccess:
    preset: Preset = strawberry.field(description="The preset as it is now.")


PresetUpdateResult: TypeAlias = Annotated[
    PresetUpdateSuccess | UpdateProblem,
    strawberry.union("PresetUpdateResult", description="The changed preset, or why it stays as it was."),
]


@strawberry.type(description="A preset was archived.")
class PresetArchiveSuccess:
    preset: Preset = strawberry.field(description="The preset; the shop no longer shows it.")


PresetArchiveResult: TypeAlias = Annotated[
    PresetArchiveSuccess | TransitionProblem,
    strawberry.union("PresetArchiveResult", description="The archived preset, or why it stays as it was."),
]


@strawberry.type
class PresetMutations:
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
