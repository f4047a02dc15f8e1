"""Root fields that suspend users, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import recent, scoped
from shared.graph.context import Info
from shared.graph.problems import IllegalStateProblem, InvalidInputProblem, NotFoundProblem, ReauthenticationProblem
from shared.security.auth import ACCOUNT_AGE
from subgraphs.user.inputs import UserReinstateInput, UserSuspendInput
from subgraphs.user.service import suspension
from subgraphs.user.service.revocation import SessionRevoker
from subgraphs.user.types import User


@strawberry.type(description="The account is suspended, and all its sessions have ended.")
class UserSuspendSuccess:
    user: User = strawberry.field(description="The user.")


UserSuspendResult: TypeAlias = Annotated[
    UserSuspendSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem | ReauthenticationProblem,
    strawberry.union("UserSuspendResult", description="The suspended user, or why the account was not suspended."),
]


@strawberry.type(description="The account is not suspended any more.")
class UserReinstateSuccess:
    user: User = strawberry.field(description="The user.")


UserReinstateResult: TypeAlias = Annotated[
    UserReinstateSuccess | NotFoundProblem | IllegalStateProblem | ReauthenticationProblem,
    strawberry.union("UserReinstateResult", description="The reinstated user, or why nothing was changed."),
]


@strawberry.type
class SuspensionMutations:
    @strawberry.mutation(
        description="Suspend the account of a user: all its sessions end, and log-ins are refused with the code "
        "ACCOUNT_SUSPENDED until `userReinstate`. Orders go on. Requires the scope `users:write`, and an "
        "authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *scoped("users:write")],
    )
    async def user_suspend(
        self, info: Info, input: Annotated[UserSuspendInput, strawberry.argument(description="The user, and why.")]
    ) -> UserSuspendResult:
        context = info.context
        revoker = context.resource(SessionRevoker)
        row = await suspension.suspend(context.database, revoker, context.viewer, input.user_id, input.reason)
        return UserSuspendSuccess(user=User.from_row(row))

    @strawberry.mutation(
        description="End the suspension of an account, so that the user can log in again. Requires the scope "
        "`users:write`, and an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *scoped("users:write")],
    )
    async def user_reinstate(
        self, info: Info, input: Annotated[UserReinstateInput, strawberry.argument(description="The user.")]
    ) -> UserReinstateResult:
        return UserReinstateSuccess(
            user=User.from_row(await suspension.reinstate(info.context.database, input.user_id))
        )
