"""The results of mutations: what was done, or why it was not."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.problems import ConflictProblem, IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.builder.types import Design, DesignShare, Preset


@strawberry.type(description="A design was made.")
class DesignCreateSuccess:
    design: Design = strawberry.field(description="The new design.")


DesignCreateResult: TypeAlias = Annotated[
    DesignCreateSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("DesignCreateResult", description="The new design, or what is wrong with the input."),
]


@strawberry.type(description="A design was made from a preset.")
class DesignCreateFromPresetSuccess:
    design: Design = strawberry.field(description="The new design.")


DesignCreateFromPresetResult: TypeAlias = Annotated[
    DesignCreateFromPresetSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("DesignCreateFromPresetResult", description="The new design, or why there is none."),
]


@strawberry.type(description="A design was changed.")
class DesignUpdateSuccess:
    design: Design = strawberry.field(description="The design as it is now.")


DesignUpdateResult: TypeAlias = Annotated[
    DesignUpdateSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("DesignUpdateResult", description="The changed design, or why it stays as it was."),
]


@strawberry.type(description="A design was archived.")
class DesignDeleteSuccess:
    design: Design = strawberry.field(description="The design; its status is ARCHIVED.")


DesignDeleteResult: TypeAlias = Annotated[
    DesignDeleteSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("DesignDeleteResult", description="The archived design, or why it stays as it was."),
]


@strawberry.type(description="A design was copied.")
class DesignDuplicateSuccess:
    design: Design = strawberry.field(description="The copy, a draft of the caller's own.")


DesignDuplicateResult: TypeAlias = Annotated[
    DesignDuplicateSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("DesignDuplicateResult", description="The copy, or why there is none."),
]


@strawberry.type(description="A shared design was copied.")
class DesignCreateFromShareSuccess:
    design: Design = strawberry.field(description="The copy, a draft of the caller's own.")


DesignCreateFromShareResult: TypeAlias = Annotated[
    DesignCreateFromShareSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("DesignCreateFromShareResult", description="The copy, or why there is none."),
]


@strawberry.type(description="A link to a design was made.")
class DesignShareSuccess:
    share: DesignShare = strawberry.field(description="The link.")
    token: str = strawberry.field(
        description="What opens the design, for `sharedDesign`. It is told here alone: nobody can look it up."
    )


DesignShareResult: TypeAlias = Annotated[
    DesignShareSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("DesignShareResult", description="The link, or why there is none."),
]


@strawberry.type(description="A link was closed.")
class DesignShareRevokeSuccess:
    share: DesignShare = strawberry.field(description="The link; it opens nothing any more.")


DesignShareRevokeResult: TypeAlias = Annotated[
    DesignShareRevokeSuccess | NotFoundProblem,
    strawberry.union("DesignShareRevokeResult", description="The closed link, or that there is none."),
]


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
    PresetUpdateSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("PresetUpdateResult", description="The changed preset, or why it stays as it was."),
]


@strawberry.type(description="A preset was archived.")
class PresetArchiveSuccess:
    preset: Preset = strawberry.field(description="The preset; the shop no longer shows it.")


PresetArchiveResult: TypeAlias = Annotated[
    PresetArchiveSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("PresetArchiveResult", description="The archived preset, or why it stays as it was."),
]
