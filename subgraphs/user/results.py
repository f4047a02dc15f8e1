"""What mutations of the user subgraph answer."""

from typing import Annotated, Any, TypeAlias

import strawberry

from shared.graph.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
)
from subgraphs.user.enums import EmailVerification
from subgraphs.user.service.sessions import Tokens
from subgraphs.user.types import Preferences, Session, User


@strawberry.interface(description="What a client goes on with once somebody has proved who they are.")
class SessionTokens:
    access_token: str = strawberry.field(description="Send it as `Authorization: Bearer …`.")
    expires_in: int = strawberry.field(description="How many seconds the access token is good for.")
    refresh_token: str = strawberry.field(
        description="Good for one use of `sessionRefresh`, within 30 days of the log-in. Keep it where scripts of "
        "others cannot read it."
    )
    user: User = strawberry.field(description="Who is logged in.")


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


@strawberry.type(description="Somebody logged in.")
class SessionCreateSuccess(SessionTokens):
    @classmethod
    def of(cls, tokens: Tokens) -> "SessionCreateSuccess":
        return cls(**shown(tokens))


SessionCreateResult: TypeAlias = Annotated[
    SessionCreateSuccess | UnauthenticatedProblem | RateLimitedProblem | InvalidInputProblem,
    strawberry.union("SessionCreateResult", description="A new session, or why the log-in was refused."),
]


@strawberry.type(description="A session goes on.")
class SessionRefreshSuccess(SessionTokens):
    @classmethod
    def of(cls, tokens: Tokens) -> "SessionRefreshSuccess":
        return cls(**shown(tokens))


SessionRefreshResult: TypeAlias = Annotated[
    SessionRefreshSuccess | UnauthenticatedProblem,
    strawberry.union("SessionRefreshResult", description="New tokens, or why there are none."),
]


@strawberry.type(
    description="A session is over; its tokens are void everywhere within seconds, and its subscriptions end."
)
class SessionRevokeSuccess:
    session: Session = strawberry.field(description="The session that is over.")


SessionRevokeResult: TypeAlias = Annotated[
    SessionRevokeSuccess | UnauthenticatedProblem | NotFoundProblem,
    strawberry.union("SessionRevokeResult", description="The session as it is now, or why it goes on."),
]


@strawberry.type(
    description="Sessions are over; their tokens are void everywhere within seconds, and their subscriptions end."
)
class SessionsRevokeAllSuccess:
    revoked: int = strawberry.field(description="How many sessions were ended.")


SessionsRevokeAllResult: TypeAlias = Annotated[
    SessionsRevokeAllSuccess | UnauthenticatedProblem,
    strawberry.union("SessionsRevokeAllResult", description="How many sessions are over, or why none is."),
]


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
    @classmethod
    def of(cls, tokens: Tokens) -> "PasswordResetSuccess":
        return cls(**shown(tokens))


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


@strawberry.type(description="A profile was changed.")
class ProfileUpdateSuccess:
    user: User = strawberry.field(description="The user with the new profile.")


ProfileUpdateResult: TypeAlias = Annotated[
    ProfileUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ProfileUpdateResult", description="The changed profile, or why it stays as it was."),
]


@strawberry.type(description="Preferences were changed.")
class PreferencesUpdateSuccess:
    preferences: Preferences = strawberry.field(description="The preferences as they are now.")


PreferencesUpdateResult: TypeAlias = Annotated[
    PreferencesUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("PreferencesUpdateResult", description="The changed preferences, or why they stay."),
]


@strawberry.type(description="A copy of what the shop holds of a person.")
class AccountExportSuccess:
    filename: str = strawberry.field(description="A name to save the document under.")
    document: str = strawberry.field(
        description="What is stored of the account itself, as JSON: profile, preferences, sessions."
    )
    user: User = strawberry.field(
        description="The account as the graph shows it: select designs, orders and all the rest here."
    )


AccountExportResult: TypeAlias = Annotated[
    AccountExportSuccess | UnauthenticatedProblem | NotFoundProblem,
    strawberry.union("AccountExportResult", description="The copy, or why there is none."),
]


@strawberry.type(description="An account is gone for good.")
class AccountDeleteSuccess:
    user_id: strawberry.ID = strawberry.field(
        description="Whose account it was. Other parts of the shop forget the person within moments."
    )


AccountDeleteResult: TypeAlias = Annotated[
    AccountDeleteSuccess | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("AccountDeleteResult", description="The end of an account, or why it is still there."),
]


@strawberry.type(description="A user's roles were set; sessions with other roles are over.")
class UserRolesSetSuccess:
    user: User = strawberry.field(description="The user with the new roles.")


UserRolesSetResult: TypeAlias = Annotated[
    UserRolesSetSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("UserRolesSetResult", description="The user, or why the roles stay as they were."),
]


def shown(tokens: Tokens) -> dict[str, Any]:
    """Return the fields of `SessionTokens`."""
    return {
        "access_token": tokens.access_token,
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
        "user": User.from_row(tokens.profile),
    }
