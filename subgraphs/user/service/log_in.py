"""Log-ins: by a password, and where the account has a second factor by a code after it."""

from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound
from shared.database.database import Database
from shared.runtime import Runtime
from subgraphs.user.errors import WrongCode, WrongCredentials, WrongPassword
from subgraphs.user.models import LogInChallenge, UserCredential, UserProfile
from subgraphs.user.service.account_lock import confirm
from subgraphs.user.service.authentication import PASSWORD, PASSWORD_AND_CODE
from subgraphs.user.service.challenges import LASTS, Challenges, count_wrong
from subgraphs.user.service.code_check import CodeCheck, find_factor
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.sessions import Begun, Sessions, Tokens


@dataclass(frozen=True)
class Challenge:
    """What a right password gets where a code is needed too: a token, and its lifetime in seconds."""

    token: str
    expires_in: int


class LogIn:
    """Logs people in."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._passwords = runtime.resource(PasswordCheck)
        self._codes = runtime.resource(CodeCheck)
        self._challenges = runtime.resource(Challenges)
        self._sessions = runtime.resource(Sessions)

    async def by_password(self, email: str, password: str, device: str, address: str) -> Tokens | Challenge:
        """Begin a session with a password, or return a challenge where the account has a second factor.

        Raises WrongCredentials, TooManyRequests or InvalidInput.
        """
        device = self._sessions.check_device(device)
        proven = await self._passwords.log_in(email, password, address)
        await self._sessions.prepare()
        async with self._database.write() as session:
            try:
                profile = await confirm(session, proven)
            except (WrongPassword, NotFound):
                raise WrongCredentials from None
            if proven.better_hash is not None:
                of_user = UserCredential.user_id == profile.id
                await session.execute(update(UserCredential).where(of_user).values(password_hash=proven.better_hash))
            begun = await self.begin(session, profile, device, address)
        return await self.finish(begun)

    async def by_code(self, token: str, code: str, address: str) -> Tokens:
        """Begin a session with a challenge and a code, or a recovery code.

        Raises InvalidChallenge, WrongCode, CodesLocked or TooManyRequests.
        """
        await self._sessions.prepare()
        async with self._database.write() as session:
            challenge, profile, factor = await self._challenges.take_up(session, token)
            refusal = await self._codes.refusal_of(session, factor, code)
            if refusal is None:
                await session.execute(delete(LogInChallenge).where(LogInChallenge.id == challenge.id))
                device = challenge.device
                begun = await self._sessions.begin(session, profile, device, address, PASSWORD_AND_CODE)
            elif isinstance(refusal, WrongCode):
                await count_wrong(session, challenge)
        if refusal is not None:
            raise refusal
        return await self._sessions.finish(begun)

    async def begin(self, session: AsyncSession, profile: UserProfile, device: str, address: str) -> Begun | Challenge:
        """Begin a session of a locked account whose password was right, or make a challenge if that is not enough.

        Call `Sessions.prepare` before the transaction, and `finish` once it is committed.
        """
        factor = await find_factor(session, profile.id)
        if factor is None:
            return await self._sessions.begin(session, profile, device, address, [PASSWORD])
        token = await self._challenges.make(session, profile, factor, device)
        return Challenge(token, int(LASTS.total_seconds()))

    async def finish(self, begun: Begun | Challenge) -> Tokens | Challenge:
        """Return what a client gets once the transaction is committed."""
        return begun if isinstance(begun, Challenge) else await self._sessions.finish(begun)
