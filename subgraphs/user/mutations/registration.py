"""Root fields by which an account is made, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, rule
from shared.graph.context import Info
from shared.graph.problems import (
    InvalidInputProblem,
    RateLimitedProblem,
)
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import EmailVerification
from subgraphs.user.inputs import (
    AccountRegisterInput,
    EmailVerificationRequestInput,
    EmailVerifyInput,
)
from subgraphs.user.service import email_verification as verifying
from subgraphs.user.service import registration
from subgraphs.user.service.mailed_tokens import ProofTokens
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.registration import MailLimits

CHECK_MAIL = "We have sent a mail to this address: follow what it says."


@strawberry.type(description="A registration was received; a mail is on its way.")
class AccountRegisterSuccess:
    receipt: strawberry.ID = strawberry.field(description="Names the registration, to have the mail sent again.")
    message: str = strawberry.field(
        description="What the person is to do next. It is the same whether or not the address has an account."
    )


AccountRegisterResult: TypeAlias = Annotated[
    AccountRegisterSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union("AccountRegisterResult", description="What to do next, or what is wrong with the input."),
]


@strawberry.type(description="If the receipt is good, the mail is on its way again.")
class EmailVerificationRequestSuccess:
    message: str = strawberry.field(description="What the person is to do next.")


EmailVerificationRequestResult: TypeAlias = Annotated[
    EmailVerificationRequestSuccess | RateLimitedProblem,
    strawberry.union("EmailVerificationRequestResult", description="That a mail is on its way, or why not now."),
]


@strawberry.type(description="An address is verified.")
class EmailVerifySuccess:
    user_id: strawberry.ID = strawberry.field(description="Whose account it is about.")
    verified: EmailVerification = strawberry.field(description="What has come of it.")


EmailVerifyResult: TypeAlias = Annotated[
    EmailVerifySuccess | InvalidInputProblem,
    strawberry.union("EmailVerifyResult", description="What was verified, or why the token is refused."),
]


@strawberry.type
class RegistrationMutations:
    @strawberry.mutation(
        description="Ask for an account. Nothing is made yet: a mail goes to the address, and `emailVerify` opens the "
        "account with its token. The answer is the same for an address that has an account; its owner is told by mail.",
        metadata=ANYBODY,
    )
    async def account_register(
        self, info: Info, input: Annotated[AccountRegisterInput, strawberry.argument(description="The account.")]
    ) -> AccountRegisterResult:
        context = info.context
        limits, passwords = context.resource(MailLimits), context.resource(Passwords)
        receipt = await registration.register(context.database, passwords, limits, input, context.address)
        return AccountRegisterSuccess(receipt=strawberry.ID(receipt), message=CHECK_MAIL)

    @strawberry.mutation(
        description="Have the mail of a registration sent once more.",
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
        description="Prove by a mailed token that an address is one's own: opens the account that was registered, or "
        "moves an account to its new address.",
        metadata=rule(remark="who holds the mailed token"),
    )
    async def email_verify(
        self, info: Info, input: Annotated[EmailVerifyInput, strawberry.argument(description="The proof.")]
    ) -> EmailVerifyResult:
        context = info.context
        tokens, pseudonymizer = context.resource(ProofTokens), context.resource(Pseudonymizer)
        recovery = context.resource(Recovery)
        user_id, verified = await verifying.verify_email(context.database, tokens, pseudonymizer, recovery, input.token)
        return EmailVerifySuccess(user_id=strawberry.ID(user_id), verified=verified)
