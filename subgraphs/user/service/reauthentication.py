"""Authenticates the owner of a session once more, for what needs a recent authentication.

An account with a second factor takes a code of it, and others the password.
"""

from shared.core.errors import InvalidInput, Unauthenticated
from shared.database.database import Database
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from subgraphs.user.errors import CodeRequired, no_second_factor
from subgraphs.user.events import SessionReauthenticated
from subgraphs.user.inputs import SessionReauthenticateInput
from subgraphs.user.service.account_lock import confirm, lock_account, require_open
from subgraphs.user.service.authentication import MULTIPLE_FACTORS, ONE_TIME_CODE, PASSWORD
from subgraphs.user.service.code_check import CodeCheck, find_factor
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.sessions import Sessions, Tokens


class Reauthentication:
    """Renews when the owner of a session has authenticated."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._passwords = runtime.resource(PasswordCheck)
        self._codes = runtime.resource(CodeCheck)
        self._sessions = runtime.resource(Sessions)

    async def renew(self, viewer: Viewer, given: SessionReauthenticateInput, address: str) -> Tokens:
        """Return new tokens of the viewer's session for a password or a code; raises InvalidInput, and as they do."""
        if given.code is not None and given.password is None:
            return await self.by_code(viewer, given.code)
        if given.password is not None and given.code is None:
            return await self.by_password(viewer, given.password, address)
        raise InvalidInput.field("input", "ONE_OF", "Send either a password or a code.")

    async def by_password(self, viewer: Viewer, password: str, address: str) -> Tokens:
        """Return new tokens of the viewer's session for a right password.

        Raises WrongPassword, TooManyRequests, NotFound, Unauthenticated, or CodeRequired where there is a factor.
        """
        proven = await self._passwords.own_password(viewer, password, address)
        await self._sessions.prepare()
        async with self._database.write() as session:
            profile = await confirm(session, proven)
            if await find_factor(session, profile.id) is not None:
                raise CodeRequired
            begun = await self._sessions.renew(session, viewer, profile, [PASSWORD])
            await record(session, SessionReauthenticated(user_id=profile.id, session_id=begun.token.session_id))
        return await self._sessions.finish(begun)

    async def by_code(self, viewer: Viewer, code: str) -> Tokens:
        """Return new tokens of the viewer's session for a right code, or a recovery code.

        Raises WrongCode, CodesLocked, TooManyRequests, NotFound, Unauthenticated, or IllegalState without a factor.
        """
        if viewer.id is None:
            raise Unauthenticated("Log in first.")
        await self._sessions.prepare()
        async with self._database.write() as session:
            profile = await lock_account(session, viewer.id)
            factor = await find_factor(session, profile.id)
            if factor is None:
                raise no_second_factor()
            await require_open(session, viewer.session_id)
            refusal = await self._codes.refusal_of(session, factor, code)
            if refusal is None:
                begun = await self._sessions.renew(session, viewer, profile, [ONE_TIME_CODE, MULTIPLE_FACTORS])
                await record(session, SessionReauthenticated(user_id=profile.id, session_id=begun.token.session_id))
        if refusal is not None:
            raise refusal
        return await self._sessions.finish(begun)
