"""Root fields that begin and end sessions, each below what it answers."""

from typing import Annotated, Self, TypeAlias

import strawberry

from shared.graph.access import OWN, rule, signed_in
from shared.graph.context import Context, Info
from shared.graph.problems import (
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
)
from subgraphs.user.errors import InvalidRefreshToken, RefreshTokenReused
from subgraphs.user.inputs import (
    SessionConfirmInput,
    SessionCreateInput,
    SessionReauthenticateInput,
    SessionRefreshInput,
    SessionRevokeInput,
    SessionsRevokeAllInput,
)
from subgraphs.user.mutations import session_cookie
from subgraphs.user.service.log_in import Challenge, LogIn
from subgraphs.user.service.reauthentication import Reauthentication
from subgraphs.user.service.sessions import Sessions, Tokens
from subgraphs.user.types import Session, User


@strawberry.interface(description="The tokens of a session, returned once the user is authenticated.")
class SessionTokens:
    access_token: str = strawberry.field(
        description="The access token, to send in the header `Authorization: Bearer …`."
    )
    expires_in: int = strawberry.field(description="The lifetime of the access token in seconds, such as 900.")
    refresh_token: str | None = strawberry.field(
        description="The refresh token, valid for one use of `sessionRefresh` within 30 days of the log-in. Store "
        "it where third-party scripts cannot read it. Null where the request has the header `x-petplus-session: "
        "cookie`: then it is in an HttpOnly cookie."
    )
    user: User = strawberry.field(description="The user who is logged in.")
    second_factor_required: bool = strawberry.field(
        description="Whether the session lacks the scopes of the user's roles, because it began without a second "
        "factor. Add one with `totpEnrol`, or log in with it. Always false for customers."
    )

    @classmethod
    def of(cls, context: Context, tokens: Tokens, **more: object) -> Self:
        """Return tokens as the client gets them; `more` are the fields of the type itself."""
        in_cookie = session_cookie.is_asked_for(context)
        if in_cookie:
            session_cookie.keep(context, tokens.refresh_token)
        return cls(
            access_token=tokens.access_token,
            expires_in=tokens.expires_in,
            refresh_token=None if in_cookie else tokens.refresh_token,
            user=User.from_row(tokens.profile),
            second_factor_required=tokens.second_factor_required,
            **more,
        )


@strawberry.type(
    description="The password is right, and the account has a second factor: send a code with `sessionConfirm`. The "
    "challenge gives access to nothing."
)
class SecondFactorChallenge:
    challenge: str = strawberry.field(description="The challenge to send with `sessionConfirm`, for one session.")
    expires_in: int = strawberry.field(description="The lifetime of the challenge in seconds, such as 300.")

    @classmethod
    def of(cls, made: Challenge) -> Self:
        return cls(challenge=made.token, expires_in=made.expires_in)


@strawberry.type(description="The user is logged in.")
class SessionCreateSuccess(SessionTokens):
    pass


SessionCreateResult: TypeAlias = Annotated[
    SessionCreateSuccess | SecondFactorChallenge | UnauthenticatedProblem | RateLimitedProblem | InvalidInputProblem,
    strawberry.union(
        "SessionCreateResult",
        description="A new session, a challenge that asks for the second factor, or why the log-in was refused.",
    ),
]


@strawberry.type(description="The user is logged in with a second factor.")
class SessionConfirmSuccess(SessionTokens):
    pass


SessionConfirmResult: TypeAlias = Annotated[
    SessionConfirmSuccess | UnauthenticatedProblem | RateLimitedProblem,
    strawberry.union("SessionConfirmResult", description="A new session, or why the code was refused."),
]


@strawberry.type(
    description="The user has authenticated once more. The session continues with new tokens; the refresh token from "
    "before is used up."
)
class SessionReauthenticateSuccess(SessionTokens):
    pass


SessionReauthenticateResult: TypeAlias = Annotated[
    SessionReauthenticateSuccess
    | InvalidInputProblem
    | UnauthenticatedProblem
    | RateLimitedProblem
    | NotFoundProblem
    | IllegalStateProblem,
    strawberry.union(
        "SessionReauthenticateResult", description="New tokens, or why the password or the code was refused."
    ),
]


@strawberry.type(description="The session continues with new tokens.")
class SessionRefreshSuccess(SessionTokens):
    pass


SessionRefreshResult: TypeAlias = Annotated[
    SessionRefreshSuccess | UnauthenticatedProblem,
    strawberry.union("SessionRefreshResult", description="New tokens, or why there are none."),
]


@strawberry.type(
    description="The session has ended. Its tokens become invalid everywhere within seconds, and its subscriptions end."
)
class SessionRevokeSuccess:
    session: Session = strawberry.field(description="The ended session.")


SessionRevokeResult: TypeAlias = Annotated[
    SessionRevokeSuccess | UnauthenticatedProblem | NotFoundProblem,
    strawberry.union("SessionRevokeResult", description="The ended session, or why it was not ended."),
]


@strawberry.type(
    description="The sessions have ended. Their tokens become invalid everywhere within seconds, and their "
    "subscriptions end."
)
class SessionsRevokeAllSuccess:
    revoked: int = strawberry.field(description="Number of sessions that were ended.")


SessionsRevokeAllResult: TypeAlias = Annotated[
    SessionsRevokeAllSuccess | UnauthenticatedProblem,
    strawberry.union("SessionsRevokeAllResult", description="The number of ended sessions, or why none was ended."),
]


@strawberry.type
class SessionMutations:
    @strawberry.mutation(
        description="Log in: exchange an e-mail address and a password for tokens, or where the account has a second "
        "factor for a challenge, which `sessionConfirm` takes. After ten wrong passwords for "
        "an account within a minute, further attempts are refused with `RATE_LIMITED`.",
        metadata=rule(remark="who knows the password"),
    )
    async def session_create(
        self, info: Info, input: Annotated[SessionCreateInput, strawberry.argument(description="The credentials.")]
    ) -> SessionCreateResult:
        context = info.context
        log_in = context.resource(LogIn)
        begun = await log_in.by_password(input.email, input.password, input.device, context.address)
        if isinstance(begun, Challenge):
            return SecondFactorChallenge.of(begun)
        context.authenticate_as(begun.profile.id)
        return SessionCreateSuccess.of(context, begun)

    @strawberry.mutation(
        description="Finish a log-in with a code of the second factor. A code is accepted once. After five wrong codes "
        "the challenge is void, and after ten for an account within an hour codes are refused with `RATE_LIMITED`; "
        "recovery codes are still accepted.",
        metadata=rule(remark="who holds a challenge and has the second factor"),
    )
    async def session_confirm(
        self, info: Info, input: Annotated[SessionConfirmInput, strawberry.argument(description="Challenge and code.")]
    ) -> SessionConfirmResult:
        context = info.context
        tokens = await context.resource(LogIn).by_code(input.challenge, input.code, context.address)
        context.authenticate_as(tokens.profile.id)
        return SessionConfirmSuccess.of(context, tokens)

    @strawberry.mutation(
        description="Prove once more that the user is present, for what needs a recent authentication: with a code if "
        "the account has a second factor, otherwise with the password. Returns new tokens of the same session.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def session_reauthenticate(
        self,
        info: Info,
        input: Annotated[SessionReauthenticateInput, strawberry.argument(description="Password or code.")],
    ) -> SessionReauthenticateResult:
        context = info.context
        service = context.resource(Reauthentication)
        tokens = await service.renew(context.viewer, input, context.address)
        return SessionReauthenticateSuccess.of(context, tokens)

    @strawberry.mutation(
        description="Exchange a refresh token for new tokens. A refresh token is valid for one use. Several requests "
        "at the same time, and a retry within 30 seconds, get the same next refresh token as long as that was not "
        "used. Any other second use ends the session with `REFRESH_TOKEN_REUSED`. If the user has authenticated again "
        "meanwhile, use the tokens of that: `REFRESH_TOKEN_SPENT`.",
        metadata=rule(remark="who holds the refresh token"),
    )
    async def session_refresh(
        self, info: Info, input: Annotated[SessionRefreshInput, strawberry.argument(description="The refresh token.")]
    ) -> SessionRefreshResult:
        context = info.context
        given = input.refresh_token or session_cookie.cookie_of(context) or ""
        try:
            tokens = await context.resource(Sessions).refresh(given)
        except (InvalidRefreshToken, RefreshTokenReused):
            session_cookie.forget(context)
            raise
        context.authenticate_as(tokens.profile.id)
        return SessionRefreshSuccess.of(context, tokens)

    @strawberry.mutation(
        description="End a session: log out on this device or on another one.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope="users:write"),
    )
    async def session_revoke(
        self, info: Info, input: Annotated[SessionRevokeInput, strawberry.argument(description="The session to end.")]
    ) -> SessionRevokeResult:
        row = await info.context.resource(Sessions).end(info.context.viewer, input.session_id)
        if row.id == info.context.viewer.session_id:
            session_cookie.forget(info.context)
        return SessionRevokeSuccess(session=Session.from_row(row))

    @strawberry.mutation(
        description="End all of the viewer's own sessions: log out everywhere. Open requests for another e-mail "
        "address end too.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def sessions_revoke_all(
        self,
        info: Info,
        input: Annotated[SessionsRevokeAllInput, strawberry.argument(description="Which sessions to end.")],
    ) -> SessionsRevokeAllResult:
        revoked = await info.context.resource(Sessions).end_all(info.context.viewer, input.keep_current)
        if not input.keep_current:
            session_cookie.forget(info.context)
        return SessionsRevokeAllSuccess(revoked=revoked)
