"""Log-ins and reauthentication with passkeys: by whoever has the private key and has proved it to their device.

A counter that has not grown tells that a passkey may have been copied (WebAuthn Level 2, section 6.1.1): such an answer
is refused, and told by event. Passkeys that are synchronised report 0, always, and are accepted.
"""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.rate_limit import SlidingWindowLimiter
from subgraphs.user.enums import LogInRefusal
from subgraphs.user.errors import WrongPasskey, no_passkey
from subgraphs.user.events import SessionReauthenticated, SessionRefused
from subgraphs.user.models import Passkey
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.authentication import HARDWARE_KEY, MULTIPLE_FACTORS, SOFTWARE_KEY, USER_PRESENCE
from subgraphs.user.service.passkey_ceremonies import (
    Asserted,
    Assertion,
    read_assertion,
    request_options,
    verify_assertion,
)
from subgraphs.user.service.passkey_challenges import Ceremony, PasskeyChallenges
from subgraphs.user.service.passkeys import passkeys_of, who
from subgraphs.user.service.sessions import Begun, Sessions, Tokens
from subgraphs.user.settings import PasskeySettings

MOST_BY_ADDRESS = 300
"""Answers in a minute, right or wrong, and as many log-ins that are begun; many people may share an address."""
_WINDOW_SECONDS = 60


class PasskeyLogin:
    """Begins sessions with passkeys, and renews when the owner of a session has authenticated."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._challenges = runtime.resource(PasskeyChallenges)
        self._sessions = runtime.resource(Sessions)
        self._party = PasskeySettings.load().relying_party(runtime.settings)
        most, seconds = MOST_BY_ADDRESS, _WINDOW_SECONDS
        self._starts = SlidingWindowLimiter(runtime.redis, "passkey-start", most=most, seconds=seconds)
        self._tries = SlidingWindowLimiter(runtime.redis, "passkey-address", most=most, seconds=seconds)

    async def start(self, address: str) -> str:
        """Return the options for any passkey of this shop as JSON; raises TooManyRequests. Nothing is stored."""
        await self._starts.acquire(address)
        return request_options(self._party, self._challenges.make(Ceremony.LOG_IN))

    async def log_in(self, response: str, device: str, address: str) -> Tokens:
        """Begin a session with a passkey; raises InvalidInput, ChallengeRefused, WrongPasskey or TooManyRequests."""
        await self._tries.acquire(address)
        device = self._sessions.check_device(device)
        given = read_assertion(response)
        self._challenges.check(given.challenge, Ceremony.LOG_IN)
        passkey = await self._find(given)
        asserted = verify_assertion(self._party, given, passkey)
        await self._sessions.prepare()
        begun: Begun | None = None
        async with self._database.write() as session:
            try:
                profile = await lock_account(session, passkey.user_id)
            except NotFound:
                raise WrongPasskey from None
            if await self._use(session, given, passkey, asserted):
                begun = await self._sessions.begin(session, profile, device, address, _methods(passkey))
        return await self._finish(begun)

    async def start_reauthentication(self, viewer: Viewer) -> str:
        """Return the options for a passkey of the viewer as JSON; raises IllegalState for an account without one."""
        user_id, session_id = who(viewer)
        async with self._database.read() as connection:
            passkeys = await passkeys_of(connection, user_id)
        if not passkeys:
            raise no_passkey()
        challenge = self._challenges.make(Ceremony.REAUTHENTICATION, user_id, session_id)
        return request_options(self._party, challenge, passkeys)

    async def reauthenticate(self, viewer: Viewer, response: str, address: str) -> Tokens:
        """Return new tokens of the viewer's session for a passkey of theirs.

        Raises InvalidInput, ChallengeRefused, WrongPasskey, TooManyRequests, NotFound or Unauthenticated.
        """
        user_id, session_id = who(viewer)
        await self._tries.acquire(address)
        given = read_assertion(response)
        self._challenges.check(given.challenge, Ceremony.REAUTHENTICATION, user_id, session_id)
        passkey = await self._find(given)
        if passkey.user_id != user_id:
            raise WrongPasskey
        asserted = verify_assertion(self._party, given, passkey, user_id)
        await self._sessions.prepare()
        begun: Begun | None = None
        async with self._database.write() as session:
            profile = await lock_account(session, user_id)
            if await self._use(session, given, passkey, asserted):
                begun = await self._sessions.renew(session, viewer, profile, _methods(passkey))
                await record(session, SessionReauthenticated(user_id=user_id, session_id=session_id))
        return await self._finish(begun)

    async def _finish(self, begun: Begun | None) -> Tokens:
        if begun is None:
            raise WrongPasskey
        return await self._sessions.finish(begun)

    async def _find(self, given: Assertion) -> Passkey:
        found = select(Passkey.__table__).where(Passkey.credential_id == given.credential_id)
        async with self._database.read() as connection:
            passkey = await one_or_none(connection, Passkey, found)
        if passkey is None:
            raise WrongPasskey
        return passkey

    async def _use(self, session: AsyncSession, given: Assertion, passkey: Passkey, asserted: Asserted) -> bool:
        """Use a challenge and a passkey of a locked account; returns False for a passkey that may have been copied.

        Raises ChallengeRefused, or WrongPasskey for a passkey that was removed meanwhile.
        """
        await self._challenges.use(session, given.challenge)
        counts = asserted.sign_count
        has_grown = Passkey.sign_count < counts if counts else Passkey.sign_count == 0
        used = (
            update(Passkey)
            .where(Passkey.id == passkey.id, has_grown)
            .values(sign_count=counts, backed_up=asserted.backed_up, last_used_at=dt.datetime.now(dt.UTC))
            .returning(Passkey.id)
        )
        if await session.scalar(used) is not None:
            return True
        if await session.scalar(select(Passkey.id).where(Passkey.id == passkey.id)) is None:
            raise WrongPasskey
        await record(session, SessionRefused(account=passkey.user_id, refusal=LogInRefusal.COPIED_PASSKEY.value))
        return False


def _methods(passkey: Passkey) -> list[str]:
    """Return the `amr` values of a user whom a passkey has authenticated: one that may leave its device is software."""
    return [SOFTWARE_KEY if passkey.backup_eligible else HARDWARE_KEY, USER_PRESENCE, MULTIPLE_FACTORS]
