"""Sessions: begun once somebody has authenticated, kept up by refresh tokens, ended by their owner, staff or misuse."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound, Unauthenticated
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import Values, as_row, one
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from subgraphs.user.enums import SessionEnd
from subgraphs.user.errors import AccountSuspended, InvalidRefreshToken, RefreshTokenReused, RefreshTokenSpent
from subgraphs.user.events import RefreshReused, SessionStarted
from subgraphs.user.models import UserProfile, UserSession
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.authentication import Authentication
from subgraphs.user.service.challenges import drop_challenges
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.proofs import drop_proofs
from subgraphs.user.service.refresh_tokens import RefreshToken, RefreshTokens
from subgraphs.user.service.revocation import SessionRevoker, end_sessions

SESSION_DAYS = 30
MOST_OPEN = 100
"""Of one account."""
MOST_KEPT = 200
"""Of one account, with those that have ended."""
LONGEST_DEVICE = 200
GRACE_SECONDS = 30
"""How long a spent refresh token is exchanged for its successor again, as long as nobody has used that."""
WRITE = "users:write"


class _State(NamedTuple):
    """What of a session decides about its refresh."""

    user_id: str
    revoked_at: dt.datetime | None
    expires_at: dt.datetime
    refreshed_at: dt.datetime | None
    refresh_number: int
    refresh_hash: str | None
    authenticated_at: dt.datetime
    methods: list[str]


@dataclass(frozen=True)
class Tokens:
    """What a client goes on with: tokens, the access token's lifetime in seconds, and the profile row of the user.

    `second_factor_required` tells whether scopes of the user's roles are withheld for want of a second factor.
    """

    access_token: str
    expires_in: int
    refresh_token: str
    profile: UserProfile
    second_factor_required: bool


@dataclass(frozen=True)
class Begun:
    """A session that is begun once its transaction is committed, and what that has revoked."""

    token: RefreshToken
    profile: UserProfile
    authentication: Authentication
    ends: Mapping[str, float]


class Sessions:
    """Begins, keeps up and ends sessions."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._check = runtime.resource(PasswordCheck)
        self._keys = runtime.resource(KeyRing)
        self._refresh_tokens = runtime.resource(RefreshTokens)
        self._revoker = runtime.resource(SessionRevoker)

    def check_device(self, device: str) -> str:
        """Return the name of a device as it is kept; raises InvalidInput."""
        checks = Checks()
        device = checks.text("device", device, shortest=0, longest=LONGEST_DEVICE)
        checks.raise_if_any()
        return device

    async def begin(
        self, session: AsyncSession, profile: UserProfile, device: str, address: str, methods: Iterable[str]
    ) -> Begun:
        """Begin a session of a locked account whose owner has just authenticated, in the session's transaction.

        `methods` are the `amr` values by which they did (`authentication.py`). Beyond `MOST_OPEN` sessions the oldest
        ends. Call `prepare` before the transaction, and `finish` once it is committed. Raises AccountSuspended.
        """
        if profile.suspended_at is not None:
            raise AccountSuspended
        token = self._refresh_tokens.make(new_id("ses"), 0)
        authentication = Authentication.now(methods)
        begun = UserSession(
            id=token.session_id,
            user_id=profile.id,
            device=device,
            expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=SESSION_DAYS),
            refresh_hash=token.hash,
            refresh_number=token.number,
            authenticated_at=authentication.at,
            methods=list(authentication.methods),
            address_digest=self._check.digest_of(address),
        )
        session.add(begun)
        await session.flush()
        await record(session, SessionStarted(user_id=profile.id, session_id=token.session_id))
        ends = await self._end_oldest(session, profile.id)
        return Begun(token, profile, authentication, ends)

    async def renew(self, session: AsyncSession, viewer: Viewer, profile: UserProfile, methods: Iterable[str]) -> Begun:
        """Note that the viewer has just authenticated again, by some methods more, and replace their session's tokens.

        The account is locked. Raises Unauthenticated where the session is over. `finish` as after `begin`.
        """
        found = await self._lock(session, viewer.session_id or "")
        if found is None or found[0].revoked_at is not None or found[0].expires_at <= dt.datetime.now(dt.UTC):
            raise Unauthenticated("This session has ended; log in again.")
        state, session_id = found[0], viewer.session_id or ""
        authentication = Authentication.now([*state.methods, *methods])
        values = {"authenticated_at": authentication.at, "methods": list(authentication.methods)}
        token = self._refresh_tokens.make(session_id, state.refresh_number + 1)
        await self._rotate(session, token, values)
        return Begun(token, profile, authentication, {})

    async def prepare(self) -> None:
        """See to it that access tokens can be signed; raises Unavailable."""
        await self._keys.refresh()

    async def finish(self, begun: Begun) -> Tokens:
        """Return the tokens of a session that was committed, with the roles that it was begun with."""
        await self._revoker.publish(begun.ends)
        return self._tokens(begun.token, begun.profile, begun.authentication)

    async def refresh(self, refresh_token: str) -> Tokens:
        """Exchange a refresh token for new tokens.

        For `GRACE_SECONDS` it is exchanged for the same successor again, unless that was used: requests at once take
        turns, and answers are lost. Raises InvalidRefreshToken; RefreshTokenSpent for one that a new authentication
        has replaced within that time; and RefreshTokenReused for any other that was spent, which ends the session.
        """
        given = self._refresh_tokens.read(refresh_token)
        await self._keys.refresh()
        ends: dict[str, float] = {}
        async with self._database.write() as session:
            found = await self._lock(session, given.session_id)
            if found is None:
                raise InvalidRefreshToken
            state, profile = found
            now = dt.datetime.now(dt.UTC)
            if state.revoked_at is not None or state.expires_at <= now:
                raise InvalidRefreshToken
            token = self._refresh_tokens.successor(given)
            if given.number == state.refresh_number and given.is_stored_as(state.refresh_hash):
                await self._rotate(session, token, {})
            elif token.number == state.refresh_number and _is_within_grace(state.refreshed_at, now):
                if not token.is_stored_as(state.refresh_hash):
                    raise RefreshTokenSpent
            else:
                this = UserSession.id == given.session_id
                ends = await end_sessions(session, state.user_id, SessionEnd.REFRESH_REUSED, this)
                await record(session, RefreshReused(user_id=state.user_id, session_id=given.session_id))
        if ends:
            await self._revoker.publish(ends)
            raise RefreshTokenReused
        return self._tokens(token, profile, Authentication(state.authenticated_at, tuple(state.methods)))

    async def end(self, viewer: Viewer, session_id: str) -> UserSession:
        """End one's own session, or as staff anybody's, and return its row; raises NotFound.

        One that has ended already stays as it is.
        """
        async with self._database.write() as session:
            found = select(UserSession.user_id).where(UserSession.id == session_id)
            user_id = await session.scalar(found)
            if user_id is None or not viewer.can_access(user_id, WRITE):
                raise NotFound("This session does not exist.")
            ends = await end_sessions(session, user_id, SessionEnd.REVOKED, UserSession.id == session_id)
            row = await one(session, UserSession, select(UserSession.__table__).where(UserSession.id == session_id))
        await self._revoker.publish(ends)
        return row

    async def end_all(self, viewer: Viewer, keep_current: bool) -> int:
        """End all sessions of the viewer, or all but the one that asks, open log-ins and requests for another address.

        Returns how many sessions were open; raises Unauthenticated.
        """
        if viewer.id is None:
            raise Unauthenticated("Log in first.")
        which = [UserSession.id != (viewer.session_id or "")] if keep_current else []
        async with self._database.write() as session:
            await drop_proofs(session, await lock_account(session, viewer.id))
            await drop_challenges(session, viewer.id)
            ends = await end_sessions(session, viewer.id, SessionEnd.REVOKED, *which)
        await self._revoker.publish(ends)
        return len(ends)

    async def _end_oldest(self, session: AsyncSession, user_id: str) -> dict[str, float]:
        """End the oldest sessions beyond the limit, and forget those that ended long before."""
        of_user, is_open = UserSession.user_id == user_id, UserSession.revoked_at.is_(None)
        newest = select(UserSession.id).where(of_user).order_by(UserSession.id.desc())
        ended = (of_user, ~is_open, UserSession.id.not_in(newest.limit(MOST_KEPT)))
        await session.execute(delete(UserSession).where(*ended))
        beyond = UserSession.id.not_in(newest.where(is_open).limit(MOST_OPEN))
        return await end_sessions(session, user_id, SessionEnd.LIMIT, beyond)

    async def _lock(self, session: AsyncSession, session_id: str) -> tuple[_State, UserProfile] | None:
        # The columns of the profile come first: `id` is the user's.
        columns = (UserSession.user_id, UserSession.revoked_at, UserSession.expires_at, UserSession.refreshed_at)
        state = (
            UserSession.refresh_number,
            UserSession.refresh_hash,
            UserSession.authenticated_at,
            UserSession.methods,
        )
        found = (
            select(UserProfile.__table__, *columns, *state)
            .join(UserProfile, UserProfile.id == UserSession.user_id)
            .where(UserSession.id == session_id)
            .with_for_update(of=UserSession)
        )
        row = (await session.execute(found)).one_or_none()
        return None if row is None else (as_row(_State, row), as_row(UserProfile, row))

    async def _rotate(self, session: AsyncSession, token: RefreshToken, changes: Values) -> None:
        """Give a locked session its next token, and make other changes of its row with it."""
        # Not the database's: its clock would stand where the transaction began.
        now = dt.datetime.now(dt.UTC)
        values = {"refresh_hash": token.hash, "refresh_number": token.number, "refreshed_at": now, "last_seen_at": now}
        of_session = UserSession.id == token.session_id
        await session.execute(update(UserSession).where(of_session).values({**values, **changes}))

    def _tokens(self, token: RefreshToken, profile: UserProfile, authentication: Authentication) -> Tokens:
        signed = self._keys.sign(profile.id, profile.roles, token.session_id, authentication)
        return Tokens(signed.text, signed.seconds, token.text, profile, signed.second_factor_required)


def _is_within_grace(refreshed_at: dt.datetime | None, now: dt.datetime) -> bool:
    return refreshed_at is not None and now - refreshed_at < dt.timedelta(seconds=GRACE_SECONDS)
