"""Root fields that change passwords and addresses, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
)
from subgraphs.user.inputs import (
    EmailChangeInput,
    PasswordChangeInput,
    PasswordResetInput,
    PasswordResetRequestInput,
)
from subgraphs.user.loaders import ProfileById
from subgraphs.user.mutations.registration import CHECK_MAIL
from subgraphs.user.mutations.sessions import SessionTokens
from subgraphs.user.service.mailed_tokens import ProofTokens
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.sessions import Sessions
from subgraphs.user.types import User


@strawberry.type(description="The password is another one; all other sessions are over.")
class PasswordChangeSuccess:
    user: User = strawberry.field(description="Whose password it is.")


PasswordChangeResult: TypeAlias = Annotated[
    PasswordChangeSuccess | InvalidInputProblem | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union("PasswordChangeResult", description="The end of the old password, or why it stays."),
]


@strawberry.type(description="If an account has the address, a mail is on its way.")
class PasswordResetRequestSuccess:
    message: str = strawberry.field(
        description="What the person is to do next. It is the same whether or not the address has an account."
    )


PasswordResetRequestResult: TypeAlias = Annotated[
    PasswordResetRequestSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union("PasswordResetRequestResult", description="That a mail is on its way, or why not."),
]


@strawberry.type(description="The password is another one, all sessions are over, and a new one has begun.")
class PasswordResetSuccess(SessionTokens):
    pass


PasswordResetResult: TypeAlias = Annotated[
    PasswordResetSuccess | InvalidInputProblem,
    strawberry.union("PasswordResetResult", description="A new session, or why the password stays as it was."),
]


@strawberry.type(description="A mail is on its way to the new address; until its token is used, the old one counts.")
class EmailChangeSuccess:
    message: str = strawberry.field(
        description="What the person is to do next. It is the same whether or not the address has an account."
    )


EmailChangeResult: TypeAlias = Annotated[
    EmailChangeSuccess | InvalidInputProblem | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union("EmailChangeResult", description="That a mail is on its way, or why not."),
]


@strawberry.type
class CredentialMutations:
    @strawberry.mutation(
        description="Change one's own password; all other sessions end.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def password_change(
        self, info: Info, input: Annotated[PasswordChangeInput, strawberry.argument(description="Old and new.")]
    ) -> PasswordChangeResult:
        context = info.context
        recovery, session_id = context.resource(Recovery), context.viewer.session_id
        await recovery.change_password(context.user_id, session_id, input.current_password, input.new_password)
        profile = await context.loader(ProfileById).load(context.user_id)
        assert profile is not None  # noqa: S101 (its password has just been changed)
        return PasswordChangeSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Have a token for a new password mailed to an address. The answer is the same whether or not it "
        "has an account.",
        metadata=ANYBODY,
    )
    async def password_reset_request(
        self, info: Info, input: Annotated[PasswordResetRequestInput, strawberry.argument(description="The address.")]
    ) -> PasswordResetRequestResult:
        await info.context.resource(Recovery).ask_for_reset(input.email, info.context.address)
        return PasswordResetRequestSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Set a new password with a mailed token. It ends all sessions and logs in, so that it is also the "
        "way in for somebody whose log-ins are refused because others guess at the password.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def password_reset(
        self, info: Info, input: Annotated[PasswordResetInput, strawberry.argument(description="Token and password.")]
    ) -> PasswordResetResult:
        context = info.context
        proof_id = context.resource(ProofTokens).read(input.token)
        sessions, recovery = context.resource(Sessions), context.resource(Recovery)
        device = sessions.check_device(input.device)
        profile = await recovery.reset_password(proof_id, input.password)
        tokens = await sessions.begin(profile, device, context.address)
        context.authenticate_as(profile.id)
        return PasswordResetSuccess.of(tokens)

    @strawberry.mutation(
        description="Ask for another address to log in with. A mail goes there, and `emailVerify` makes the change "
        "with its token; then the old address is told.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def email_change(
        self, info: Info, input: Annotated[EmailChangeInput, strawberry.argument(description="The address.")]
    ) -> EmailChangeResult:
        context = info.context
        recovery = context.resource(Recovery)
        await recovery.ask_for_change(context.user_id, input.email, input.password, context.address)
        return EmailChangeSuccess(message=CHECK_MAIL)
