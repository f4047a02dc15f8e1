"""Root fields that begin and end sessions, each below what it answers."""

from typing import Annotated, Self, TypeAlias

import strawberry

from shared.graph.access import OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
)
from subgraphs.user.inputs import (
    SessionCreateInput,
    SessionRefreshInput,
    SessionRevokeInput,
    SessionsRevokeAllInput,
)
from subgraphs.user.service.sessions import Sessions, Tokens
from subgraphs.user.types import Session, User


@strawberry.interface(description="What a client goes on with once somebody has proved who they are.")
class SessionTokens:
    access_token: str = strawberry.field(description="Send it as `Authorization: Bearer …`.")
    expires_in: int = strawberry.field(description="How many seconds the access token is good for.")
    refresh_token: str = strawberry.field(
        description="Good for one use of `sessionRefresh`, within 30 days of the log-in. Keep it where scripts of "
        "others cannot read it."
    )
    user: User = strawberry.field(description="Who is logged in.")

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        return cls(
            access_token=tokens.access_token,
            expires_in=tokens.expires_in,
            refresh_token=tokens.refresh_token,
            user=User.from_row(tokens.profile),
        )


@strawberry.type(description="Somebody logged in.")
class SessionCreateSuccess(SessionTokens):
    pass


SessionCreateResult: TypeAlias = Annotated[
    SessionCreateSuccess | UnauthenticatedProblem | RateLimitedProblem | InvalidInputProblem,
    strawberry.union("SessionCreateResult", description="A new session, or why the log-in was refused."),
]


@strawberry.type(description="A session goes on.")
class SessionRefreshSuccess(SessionTokens):
    pass


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


@strawberry.type
class SessionMutations:
    @strawberry.mutation(
        description="Log in: exchange e-mail address and password for tokens. After ten wrong passwords within a "
        "minute further tries are `RATE_LIMITED`, however they are sent.",
        metadata=rule(remark="who knows the password"),
    )
    async def session_create(
        self, info: Info, input: Annotated[SessionCreateInput, strawberry.argument(description="The credentials.")]
    ) -> SessionCreateResult:
        context = info.context
        sessions = context.resource(Sessions)
        tokens = await sessions.log_in(input.email, input.password, input.device, context.address)
        context.authenticate_as(tokens.profile.id)
        return SessionCreateSuccess.of(tokens)

    @strawberry.mutation(
        description="Exchange a refresh token for new tokens. Each is good for one use: used a second time it ends the "
        "session, with `REFRESH_TOKEN_REUSED`. Of requests under way at the same time one wins, and the others get "
        "`REFRESH_TOKEN_SPENT`.",
        metadata=rule(remark="who holds the refresh token"),
    )
    async def session_refresh(
        self, info: Info, input: Annotated[SessionRefreshInput, strawberry.argument(description="The token.")]
    ) -> SessionRefreshResult:
        context = info.context
        tokens = await context.resource(Sessions).refresh(input.refresh_token)
        context.authenticate_as(tokens.profile.id)
        return SessionRefreshSuccess.of(tokens)

    @strawberry.mutation(
        description="End a session: log out, here or elsewhere.",
        extensions=signed_in(),
        metadata=rule(owner=True, scope="users:write"),
    )
    async def session_revoke(
        self, info: Info, input: Annotated[SessionRevokeInput, strawberry.argument(description="The session.")]
    ) -> SessionRevokeResult:
        row = await info.context.resource(Sessions).end(info.context.viewer, input.session_id)
        return SessionRevokeSuccess(session=Session.from_row(row))

    @strawberry.mutation(
        description="End all of one's own sessions: log out everywhere.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def sessions_revoke_all(
        self, info: Info, input: Annotated[SessionsRevokeAllInput, strawberry.argument(description="Which of them.")]
    ) -> SessionsRevokeAllResult:
        revoked = await info.context.resource(Sessions).end_all(info.context.viewer, input.keep_current)
        return SessionsRevokeAllSuccess(revoked=revoked)
