"""Root fields that change passwords and addresses, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import InvalidInputProblem, NotFoundProblem, RateLimitedProblem, UnauthenticatedProblem
from subgraphs.user.inputs import EmailChangeInput, PasswordChangeInput, PasswordResetInput, PasswordResetRequestInput
from subgraphs.user.loaders import ProfileById
from subgraphs.user.mutations.registration import CHECK_MAIL
from subgraphs.user.mutations.sessions import SecondFactorChallenge, SessionTokens
from subgraphs.user.service.email_change import EmailChange
from subgraphs.user.service.log_in import Challenge
from subgraphs.user.service.mailed_tokens import ProofTokens
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.sessions import Sessions
from subgraphs.user.types import User


@strawberry.type(description="The password was changed; all other sessions have ended.")
class PasswordChangeSuccess:
    user: User = strawberry.field(description="The user whose password was changed.")


PasswordChangeResult: TypeAlias = Annotated[
    PasswordChangeSuccess | InvalidInputProblem | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union(
        "PasswordChangeResult", description="The user with the new password, or why the password was not changed."
    ),
]


@strawberry.type(description="An e-mail is on its way if the address has an account.")
class PasswordResetRequestSuccess:
    message: str = strawberry.field(
        description="What the user must do next. The text is the same whether or not the e-mail address has an account."
    )


PasswordResetRequestResult: TypeAlias = Annotated[
    PasswordResetRequestSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "PasswordResetRequestResult", description="Confirmation that an e-mail is on its way, or why it is not."
    ),
]


@strawberry.type(description="The password was changed, all sessions have ended, and a new session has started.")
class PasswordResetSuccess(SessionTokens):
    pass


PasswordResetResult: TypeAlias = Annotated[
    PasswordResetSuccess | SecondFactorChallenge | InvalidInputProblem | UnauthenticatedProblem | RateLimitedProblem,
    strawberry.union(
        "PasswordResetResult",
        description="A new session, a challenge that asks for the second factor, or why the password was not changed.",
    ),
]


@strawberry.type(
    description="An e-mail is on its way to the new address. The account keeps its old address until the token "
    "in that e-mail is used."
)
class EmailChangeSuccess:
    message: str = strawberry.field(
        description="What the user must do next. The text is the same whether or not the e-mail address has an account."
    )


EmailChangeResult: TypeAlias = Annotated[
    EmailChangeSuccess | InvalidInputProblem | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union("EmailChangeResult", description="Confirmation that an e-mail is on its way, or why it is not."),
]


@strawberry.type
class CredentialMutations:
    @strawberry.mutation(
        description="Change the viewer's own password. All other sessions end, and so do open requests for another "
        "e-mail address.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def password_change(
        self,
        info: Info,
        input: Annotated[PasswordChangeInput, strawberry.argument(description="The current and the new password.")],
    ) -> PasswordChangeResult:
        context = info.context
        recovery, address = context.resource(Recovery), context.address
        await recovery.change_password(context.viewer, input.current_password, input.new_password, address)
        profile = await context.loader(ProfileById).load(context.user_id)
        assert profile is not None  # noqa: S101 (its password has just been changed)
        return PasswordChangeSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Send a token for setting a new password to an e-mail address. The answer is the same whether "
        "or not the address has an account.",
        metadata=ANYBODY,
    )
    async def password_reset_request(
        self,
        info: Info,
        input: Annotated[PasswordResetRequestInput, strawberry.argument(description="The e-mail address.")],
    ) -> PasswordResetRequestResult:
        await info.context.resource(Recovery).ask_for_reset(input.email, info.context.address)
        return PasswordResetRequestSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Set a new password with the token from an e-mail. All sessions end and a new one starts, so "
        "this also works while log-ins to the account are refused with `RATE_LIMITED`. Where the account has a second "
        "factor, a challenge for `sessionConfirm` is returned instead. Open requests for another "
        "e-mail address end. The token of an e-mail about such a request also undoes the change, for seven days.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def password_reset(
        self,
        info: Info,
        input: Annotated[PasswordResetInput, strawberry.argument(description="The token and the new password.")],
    ) -> PasswordResetResult:
        context = info.context
        proof_id = context.resource(ProofTokens).read(input.token)
        sessions, recovery = context.resource(Sessions), context.resource(Recovery)
        device = sessions.check_device(input.device)
        begun = await recovery.reset_password(proof_id, input.password, device, context.address)
        if isinstance(begun, Challenge):
            return SecondFactorChallenge.of(begun)
        context.authenticate_as(begun.profile.id)
        return PasswordResetSuccess.of(info.context, begun)

    @strawberry.mutation(
        description="Request a new e-mail address to log in with. A token is sent to it, and `emailVerify` makes "
        "the change with the token. The present address is informed at once, and again after the change, with a "
        "token for `passwordReset`, which undoes the change for seven days.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def email_change(
        self,
        info: Info,
        input: Annotated[EmailChangeInput, strawberry.argument(description="The new e-mail address and the password.")],
    ) -> EmailChangeResult:
        context = info.context
        changes = context.resource(EmailChange)
        await changes.request(context.viewer, input.email, input.password, context.address)
        return EmailChangeSuccess(message=CHECK_MAIL)
