"""Root fields about passkeys, each below what it answers. docs/guide.md shows how a browser uses them."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, OWN, recent, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    ReauthenticationProblem,
    UnauthenticatedProblem,
)
from shared.security.auth import ACCOUNT_AGE
from subgraphs.user.inputs import (
    PasskeyLoginInput,
    PasskeyReauthenticateInput,
    PasskeyRegisterInput,
    PasskeyRemoveInput,
    PasskeyRenameInput,
)
from subgraphs.user.mutations.sessions import SessionTokens
from subgraphs.user.service.passkey_login import PasskeyLogin
from subgraphs.user.service.passkeys import Passkeys
from subgraphs.user.types import Passkey

_OF_REQUEST = (
    "A `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3) as JSON text, for "
    "`PublicKeyCredential.parseRequestOptionsFromJSON` in browsers or `GetPublicKeyCredentialOption` on Android. Its "
    "challenge is valid for five minutes and one use."
)


@strawberry.type(description="An authenticator can make a passkey now.")
class PasskeyRegistrationStartSuccess:
    options: str = strawberry.field(
        description="A `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3) as JSON text, for "
        "`PublicKeyCredential.parseCreationOptionsFromJSON` in browsers or `CreatePublicKeyCredentialRequest` on "
        "Android. Its challenge is valid for five minutes, one use and the session that asked for it."
    )


PasskeyRegistrationStartResult: TypeAlias = Annotated[
    PasskeyRegistrationStartSuccess
    | UnauthenticatedProblem
    | ReauthenticationProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union(
        "PasskeyRegistrationStartResult", description="What to ask the authenticator, or why no passkey can be added."
    ),
]


@strawberry.type(description="The passkey was added; it logs in from now on. The user is informed by e-mail.")
class PasskeyRegisterSuccess:
    passkey: Passkey = strawberry.field(description="The new passkey.")


PasskeyRegisterResult: TypeAlias = Annotated[
    PasskeyRegisterSuccess
    | InvalidInputProblem
    | UnauthenticatedProblem
    | ReauthenticationProblem
    | RateLimitedProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union("PasskeyRegisterResult", description="The new passkey, or why it was not added."),
]


@strawberry.type(description="A user can log in with a passkey now.")
class PasskeyLoginStartSuccess:
    options: str = strawberry.field(description=_OF_REQUEST)


PasskeyLoginStartResult: TypeAlias = Annotated[
    PasskeyLoginStartSuccess | RateLimitedProblem,
    strawberry.union("PasskeyLoginStartResult", description="What to ask the authenticator, or why not now."),
]


@strawberry.type(description="The user is logged in with a passkey.")
class PasskeyLoginSuccess(SessionTokens):
    pass


PasskeyLoginResult: TypeAlias = Annotated[
    PasskeyLoginSuccess | UnauthenticatedProblem | RateLimitedProblem | InvalidInputProblem,
    strawberry.union("PasskeyLoginResult", description="A new session, or why the log-in was refused."),
]


@strawberry.type(description="The user can authenticate once more with a passkey now.")
class PasskeyReauthenticationStartSuccess:
    options: str = strawberry.field(description=_OF_REQUEST)


PasskeyReauthenticationStartResult: TypeAlias = Annotated[
    PasskeyReauthenticationStartSuccess | UnauthenticatedProblem | IllegalStateProblem,
    strawberry.union(
        "PasskeyReauthenticationStartResult",
        description="What to ask the authenticator, or why no passkey can be used.",
    ),
]


@strawberry.type(
    description="The user has authenticated once more, with a passkey. The session continues with new tokens; the "
    "refresh token from before is used up."
)
class PasskeyReauthenticateSuccess(SessionTokens):
    pass


PasskeyReauthenticateResult: TypeAlias = Annotated[
    PasskeyReauthenticateSuccess | UnauthenticatedProblem | RateLimitedProblem | InvalidInputProblem | NotFoundProblem,
    strawberry.union("PasskeyReauthenticateResult", description="New tokens, or why the passkey was refused."),
]


@strawberry.type(description="The passkey has a new name.")
class PasskeyRenameSuccess:
    passkey: Passkey = strawberry.field(description="The passkey with the new name.")


PasskeyRenameResult: TypeAlias = Annotated[
    PasskeyRenameSuccess | InvalidInputProblem | UnauthenticatedProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("PasskeyRenameResult", description="The renamed passkey, or why it was not renamed."),
]


@strawberry.type(description="The passkey was removed; it logs in no more. The user is informed by e-mail.")
class PasskeyRemoveSuccess:
    passkey_id: strawberry.ID = strawberry.field(
        description="The id of the removed passkey. The user's device still offers it until it is removed there too."
    )


PasskeyRemoveResult: TypeAlias = Annotated[
    PasskeyRemoveSuccess
    | UnauthenticatedProblem
    | ReauthenticationProblem
    | RateLimitedProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union("PasskeyRemoveResult", description="The removed passkey, or why it was not removed."),
]


@strawberry.type
class PasskeyMutations:
    @strawberry.mutation(
        description="Begin to add a passkey to the viewer's own account, at most 20. Give the options to the "
        "authenticator, and its answer to `passkeyRegister`. Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def passkey_registration_start(self, info: Info) -> PasskeyRegistrationStartResult:
        options = await info.context.resource(Passkeys).start_registration(info.context.viewer)
        return PasskeyRegistrationStartSuccess(options=options)

    @strawberry.mutation(
        description="Add a passkey that an authenticator has made for the options of `passkeyRegistrationStart`. "
        "Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def passkey_register(
        self, info: Info, input: Annotated[PasskeyRegisterInput, strawberry.argument(description="The new passkey.")]
    ) -> PasskeyRegisterResult:
        row = await info.context.resource(Passkeys).register(info.context.viewer, input.response, input.name)
        return PasskeyRegisterSuccess(passkey=Passkey.from_row(row))

    @strawberry.mutation(
        description="Begin to log in with a passkey. Give the options to the browser, which shows the user's passkeys, "
        "and its answer to `passkeyLogin`. The options are the same for everybody but for the challenge.",
        metadata=ANYBODY,
    )
    async def passkey_login_start(self, info: Info) -> PasskeyLoginStartResult:
        return PasskeyLoginStartSuccess(options=await info.context.resource(PasskeyLogin).start(info.context.address))

    @strawberry.mutation(
        description="Log in with a passkey, which counts as two factors: the user has it, and has unlocked it. An "
        "unknown passkey and a wrong answer are refused alike, with `WRONG_PASSKEY`.",
        metadata=rule(remark="who has the passkey"),
    )
    async def passkey_login(
        self, info: Info, input: Annotated[PasskeyLoginInput, strawberry.argument(description="The answer.")]
    ) -> PasskeyLoginResult:
        context = info.context
        tokens = await context.resource(PasskeyLogin).log_in(input.response, input.device, context.address)
        context.authenticate_as(tokens.profile.id)
        return PasskeyLoginSuccess.of(info.context, tokens)

    @strawberry.mutation(
        description="Begin to prove once more that the user is present, for what needs a recent authentication. Give "
        "the options to the authenticator, and its answer to `passkeyReauthenticate`.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def passkey_reauthentication_start(self, info: Info) -> PasskeyReauthenticationStartResult:
        options = await info.context.resource(PasskeyLogin).start_reauthentication(info.context.viewer)
        return PasskeyReauthenticationStartSuccess(options=options)

    @strawberry.mutation(
        description="Prove once more that the user is present, with one of their passkeys. Returns new tokens of the "
        "same session, which `sessionReauthenticate` does with a password or a code.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def passkey_reauthenticate(
        self, info: Info, input: Annotated[PasskeyReauthenticateInput, strawberry.argument(description="The answer.")]
    ) -> PasskeyReauthenticateResult:
        context = info.context
        tokens = await context.resource(PasskeyLogin).reauthenticate(context.viewer, input.response, context.address)
        return PasskeyReauthenticateSuccess.of(info.context, tokens)

    @strawberry.mutation(
        description="Give one of the viewer's own passkeys another name.", extensions=signed_in(), metadata=OWN
    )
    async def passkey_rename(
        self, info: Info, input: Annotated[PasskeyRenameInput, strawberry.argument(description="The new name.")]
    ) -> PasskeyRenameResult:
        passkeys = info.context.resource(Passkeys)
        row = await passkeys.rename(info.context.viewer, input.passkey_id, input.version, input.name)
        return PasskeyRenameSuccess(passkey=Passkey.from_row(row))

    @strawberry.mutation(
        description="Remove one of the viewer's own passkeys. Requires an authentication within the last 15 minutes. "
        "In production, staff cannot remove their last second factor.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def passkey_remove(
        self, info: Info, input: Annotated[PasskeyRemoveInput, strawberry.argument(description="The passkey.")]
    ) -> PasskeyRemoveResult:
        await info.context.resource(Passkeys).remove(info.context.viewer, input.passkey_id)
        return PasskeyRemoveSuccess(passkey_id=input.passkey_id)
