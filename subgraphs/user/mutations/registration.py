"""Root fields by which an account is made, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, rule
from shared.graph.context import Info
from shared.graph.problems import InvalidInputProblem, RateLimitedProblem
from subgraphs.user.enums import EmailVerification
from subgraphs.user.inputs import AccountRegisterInput, EmailVerificationRequestInput, EmailVerifyInput
from subgraphs.user.service import registration
from subgraphs.user.service.email_verification import EmailVerifier
from subgraphs.user.service.registration import MailLimits

CHECK_MAIL = "We have sent an e-mail to this address. Follow the instructions in it."


@strawberry.type(description="The registration was accepted; an e-mail is on its way.")
class AccountRegisterSuccess:
    receipt: strawberry.ID = strawberry.field(
        description="The id of the registration, to request its e-mail again with `emailVerificationRequest`."
    )
    message: str = strawberry.field(
        description="What the user must do next. The text is the same whether or not the e-mail address has an account."
    )


AccountRegisterResult: TypeAlias = Annotated[
    AccountRegisterSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "AccountRegisterResult", description="What the user must do next, or why the registration was refused."
    ),
]


@strawberry.type(
    description="The e-mail is on its way again if the receipt is valid. The answer is the same if it is not."
)
class EmailVerificationRequestSuccess:
    message: str = strawberry.field(description="What the user must do next.")


EmailVerificationRequestResult: TypeAlias = Annotated[
    EmailVerificationRequestSuccess | RateLimitedProblem,
    strawberry.union(
        "EmailVerificationRequestResult", description="Confirmation that an e-mail is on its way, or why it is not."
    ),
]


@strawberry.type(description="The e-mail address was verified.")
class EmailVerifySuccess:
    user_id: strawberry.ID = strawberry.field(description="The id of the user whose account was opened or changed.")
    verified: EmailVerification = strawberry.field(description="What the verification has changed.")


EmailVerifyResult: TypeAlias = Annotated[
    EmailVerifySuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union("EmailVerifyResult", description="What was verified, or why the token was refused."),
]


@strawberry.type
class RegistrationMutations:
    @strawberry.mutation(
        description="Register an account: a token is sent to the e-mail address, and `emailVerify` opens the "
        "account with it and a password. The answer is the same if the address already has an account; its owner is "
        "informed by e-mail.",
        metadata=ANYBODY,
    )
    async def account_register(
        self,
        info: Info,
        input: Annotated[AccountRegisterInput, strawberry.argument(description="The account to register.")],
    ) -> AccountRegisterResult:
        context = info.context
        limits = context.resource(MailLimits)
        receipt = await registration.register(context.database, limits, input, context.address)
        return AccountRegisterSuccess(receipt=strawberry.ID(receipt), message=CHECK_MAIL)

    @strawberry.mutation(
        description="Send the e-mail of a registration again. Each registration gets at most five e-mails.",
        metadata=rule(remark="who holds the receipt"),
    )
    async def email_verification_request(
        self,
        info: Info,
        input: Annotated[EmailVerificationRequestInput, strawberry.argument(description="The registration.")],
    ) -> EmailVerificationRequestResult:
        context = info.context
        await registration.mail_again(context.database, context.resource(MailLimits), input.receipt, context.address)
        return EmailVerificationRequestSuccess(message=CHECK_MAIL)

    @strawberry.mutation(
        description="Prove ownership of an e-mail address with the token that was sent to it. This opens the "
        "registered account with the given password, or moves an existing account to its new address.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def email_verify(
        self,
        info: Info,
        input: Annotated[EmailVerifyInput, strawberry.argument(description="The token and the password.")],
    ) -> EmailVerifyResult:
        verifier = info.context.resource(EmailVerifier)
        user_id, verified = await verifier.verify(input.token, input.password, info.context.address)
        return EmailVerifySuccess(user_id=strawberry.ID(user_id), verified=verified)
