"""Root fields that add and remove second factors, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, recent, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    IllegalStateProblem,
    NotFoundProblem,
    RateLimitedProblem,
    ReauthenticationProblem,
    UnauthenticatedProblem,
)
from shared.security.auth import ACCOUNT_AGE
from subgraphs.user.inputs import TotpConfirmInput, TotpRemoveInput, UserSecondFactorRemoveInput
from subgraphs.user.mutations.sessions import SessionTokens
from subgraphs.user.service.second_factors import SecondFactors
from subgraphs.user.types import User


@strawberry.type(
    description="A secret for an app that shows codes. It is the second factor once `totpConfirm` has proved that the "
    "app holds it."
)
class TotpEnrolSuccess:
    uri: str = strawberry.field(
        description="The secret as an `otpauth://` URI, to show as a QR code. Shown once; do not store it."
    )
    secret: str = strawberry.field(description="The secret in base32, to type into an app that cannot read the URI.")
    expires_in: int = strawberry.field(
        description="The number of seconds within which `totpConfirm` must follow, such as 600."
    )


TotpEnrolResult: TypeAlias = Annotated[
    TotpEnrolSuccess | UnauthenticatedProblem | ReauthenticationProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("TotpEnrolResult", description="A secret, or why there is none."),
]


@strawberry.type(
    description="The account has a second factor, all other sessions have ended, and this one continues with new "
    "tokens."
)
class TotpConfirmSuccess(SessionTokens):
    recovery_codes: list[str] = strawberry.field(
        description="Ten recovery codes, each valid for one use in place of a code. Shown once: the user must keep "
        "them."
    )


TotpConfirmResult: TypeAlias = Annotated[
    TotpConfirmSuccess | UnauthenticatedProblem | ReauthenticationProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("TotpConfirmResult", description="Recovery codes and new tokens, or why the code was refused."),
]


@strawberry.type(
    description="The account has no second factor any more. All sessions have ended, and a new one has started."
)
class TotpRemoveSuccess(SessionTokens):
    pass


TotpRemoveResult: TypeAlias = Annotated[
    TotpRemoveSuccess
    | UnauthenticatedProblem
    | ReauthenticationProblem
    | RateLimitedProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union("TotpRemoveResult", description="A new session, or why the second factor was not removed."),
]


@strawberry.type(description="The account has new recovery codes; those from before are void.")
class RecoveryCodesReplaceSuccess:
    recovery_codes: list[str] = strawberry.field(
        description="Ten recovery codes, each valid for one use. Shown once: the user must keep them."
    )


RecoveryCodesReplaceResult: TypeAlias = Annotated[
    RecoveryCodesReplaceSuccess
    | UnauthenticatedProblem
    | ReauthenticationProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union("RecoveryCodesReplaceResult", description="New recovery codes, or why there are none."),
]


@strawberry.type(description="The user has no second factor any more, and all of their sessions have ended.")
class UserSecondFactorRemoveSuccess:
    user: User = strawberry.field(description="The user whose second factor was removed.")


UserSecondFactorRemoveResult: TypeAlias = Annotated[
    UserSecondFactorRemoveSuccess | ReauthenticationProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union(
        "UserSecondFactorRemoveResult", description="The user, or why their second factor was not removed."
    ),
]


@strawberry.type
class SecondFactorMutations:
    @strawberry.mutation(
        description="Begin to add a second factor: an app that shows a new code every 30 seconds (TOTP, RFC 6238). "
        "Another call replaces the secret. Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def totp_enrol(self, info: Info) -> TotpEnrolResult:
        made = await info.context.resource(SecondFactors).enrol(info.context.viewer)
        return TotpEnrolSuccess(uri=made.uri, secret=made.secret, expires_in=made.expires_in)

    @strawberry.mutation(
        description="Finish adding a second factor, with a code that the app shows. From then on a log-in needs a "
        "code. Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def totp_confirm(
        self, info: Info, input: Annotated[TotpConfirmInput, strawberry.argument(description="The code.")]
    ) -> TotpConfirmResult:
        tokens, codes = await info.context.resource(SecondFactors).confirm(info.context.viewer, input.code)
        return TotpConfirmSuccess.of(info.context, tokens, recovery_codes=codes)

    @strawberry.mutation(
        description="Remove the viewer's own second factor and its recovery codes. Requires a code, and an "
        "authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def totp_remove(
        self, info: Info, input: Annotated[TotpRemoveInput, strawberry.argument(description="The confirmation.")]
    ) -> TotpRemoveResult:
        context = info.context
        tokens = await context.resource(SecondFactors).remove(context.viewer, input.code, context.address)
        return TotpRemoveSuccess.of(info.context, tokens)

    @strawberry.mutation(
        description="Replace the viewer's own recovery codes. Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def recovery_codes_replace(self, info: Info) -> RecoveryCodesReplaceResult:
        codes = await info.context.resource(SecondFactors).replace_recovery_codes(info.context.viewer)
        return RecoveryCodesReplaceSuccess(recovery_codes=codes)

    @strawberry.mutation(
        description="Remove the second factor of a user who has lost it and their recovery codes. Make sure first that "
        "it is them who ask. All their sessions end, and an e-mail informs them. Requires the scope `users:write`, and "
        "an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *scoped("users:write")],
    )
    async def user_second_factor_remove(
        self, info: Info, input: Annotated[UserSecondFactorRemoveInput, strawberry.argument(description="The user.")]
    ) -> UserSecondFactorRemoveResult:
        service = info.context.resource(SecondFactors)
        return UserSecondFactorRemoveSuccess(
            user=User.from_row(await service.remove_for(info.context.viewer, input.user_id))
        )
