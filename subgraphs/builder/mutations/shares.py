"""Root fields that open designs to others and close them again, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import CreateProblem, NotFoundProblem
from subgraphs.builder.inputs import DesignShareInput, DesignShareRevokeInput
from subgraphs.builder.loaders import WRITE
from subgraphs.builder.service import shares
from subgraphs.builder.types import DesignShare


@strawberry.type(description="The link was created.")
class DesignShareSuccess:
    share: DesignShare = strawberry.field(description="The link.")
    token: str = strawberry.field(
        description="The token that opens the design with `sharedDesign`. Store it: it is returned only here and "
        "cannot be looked up later."
    )


DesignShareResult: TypeAlias = Annotated[
    DesignShareSuccess | CreateProblem,
    strawberry.union("DesignShareResult", description="The new link, or the reason it was not created."),
]


@strawberry.type(description="The link was revoked.")
class DesignShareRevokeSuccess:
    share: DesignShare = strawberry.field(description="The revoked link. It no longer opens the design.")


DesignShareRevokeResult: TypeAlias = Annotated[
    DesignShareRevokeSuccess | NotFoundProblem,
    strawberry.union("DesignShareRevokeResult", description="The revoked link, or the reason it was not revoked."),
]


@strawberry.type
class ShareMutations:
    @strawberry.mutation(
        description="Create a link to a design that the viewer owns. A design has at most 50 links that are "
        "neither expired nor revoked.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def design_share(
        self,
        info: Info,
        input: Annotated[
            DesignShareInput, strawberry.argument(description="The design to share and the terms of the link.")
        ],
    ) -> DesignShareResult:
        context = info.context
        row, token = await shares.share_design(context.database, context.runtime.settings, context.user_id, input)
        return DesignShareSuccess(share=DesignShare.from_row(row), token=token)

    @strawberry.mutation(
        description="Revoke a link permanently; a link that is already revoked does not change. Requires the "
        "viewer to own the design or to have the scope `designs:write`.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope=WRITE),
    )
    async def design_share_revoke(
        self, info: Info, input: Annotated[DesignShareRevokeInput, strawberry.argument(description="The link.")]
    ) -> DesignShareRevokeResult:
        row = await shares.revoke_share(info.context.database, info.context.viewer, input)
        return DesignShareRevokeSuccess(share=DesignShare.from_row(row))
