"""Root fields that open designs to others and close them again, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    CreateProblem,
    NotFoundProblem,
)
from subgraphs.builder.inputs import (
    DesignShareInput,
    DesignShareRevokeInput,
)
from subgraphs.builder.loaders import WRITE
from subgraphs.builder.service import shares
from subgraphs.builder.types import DesignShare


@strawberry.type(description="A link to a design was made.")
class DesignShareSuccess:
    share: DesignShare = strawberry.field(description="The link.")
    token: str = strawberry.field(
        description="What opens the design, for `sharedDesign`. It is told here alone: nobody can look it up."
    )


DesignShareResult: TypeAlias = Annotated[
    DesignShareSuccess | CreateProblem,
    strawberry.union("DesignShareResult", description="The link, or why there is none."),
]


@strawberry.type(description="A link was closed.")
class DesignShareRevokeSuccess:
    share: DesignShare = strawberry.field(description="The link; it opens nothing any more.")


DesignShareRevokeResult: TypeAlias = Annotated[
    DesignShareRevokeSuccess | NotFoundProblem,
    strawberry.union("DesignShareRevokeResult", description="The closed link, or that there is none."),
]


@strawberry.type
class ShareMutations:
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
