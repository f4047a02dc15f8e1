"""Challenges: what a log-in gets for a right password where the account has a second factor.

A challenge opens nothing. With a code it begins one session, as long as nothing that it rests on has changed: the
password, the roles and the factor. Whoever asks for one has given the right password, so strangers make none.
"""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.rows import one_or_none
from shared.runtime import Runtime
from subgraphs.user.errors import InvalidChallenge
from subgraphs.user.models import LogInChallenge, TotpFactor, UserCredential, UserProfile
from subgraphs.user.service.account_lock import lock_account
from subgraphs.user.service.code_check import find_factor
from subgraphs.user.service.row_tokens import RowTokens

LASTS = dt.timedelta(minutes=5)
MOST_OPEN = 20
"""Of one account."""
MOST_WRONG = 5
"""Codes of one challenge."""
_PREFIX = "chl"


class Challenges:
    """Makes and reads the challenges of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = RowTokens(settings, "log-in challenges", _PREFIX)

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Challenges":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    async def make(self, session: AsyncSession, profile: UserProfile, factor: TotpFactor, device: str) -> str:
        """Return the token of a new challenge of a locked account, whose password was right."""
        await _drop_old(session, profile.id)
        changed = select(UserCredential.changed_at).where(UserCredential.user_id == profile.id)
        challenge = LogInChallenge(
            id=new_id(_PREFIX),
            user_id=profile.id,
            factor_id=factor.id,
            roles=profile.roles,
            password_changed_at=(await session.execute(changed)).scalar_one(),
            device=device,
            expires_at=dt.datetime.now(dt.UTC) + LASTS,
        )
        session.add(challenge)
        await session.flush()
        return self._tokens.write(challenge.id)

    async def take_up(self, session: AsyncSession, token: str) -> tuple[LogInChallenge, UserProfile, TotpFactor]:
        """Lock the account of a challenge and return the challenge, its profile and its factor.

        Raises InvalidChallenge where it is over, or where what it rests on has changed.
        """
        this = LogInChallenge.id == (self._tokens.row_of(token) or "")
        user_id = await session.scalar(select(LogInChallenge.user_id).where(this))
        try:
            profile = await lock_account(session, user_id or "")
        except NotFound:
            raise InvalidChallenge from None
        changed_at = await session.scalar(select(UserCredential.changed_at).where(UserCredential.user_id == user_id))
        factor = await find_factor(session, profile.id)
        # Read again: another request may have used it before the account was locked.
        is_open = (this, LogInChallenge.expires_at > dt.datetime.now(dt.UTC))
        found = select(LogInChallenge.__table__).where(*is_open)
        challenge = await one_or_none(session, LogInChallenge, found)
        if challenge is None or factor is None:
            raise InvalidChallenge
        rests_on = (challenge.factor_id, sorted(challenge.roles), challenge.password_changed_at)
        if rests_on != (factor.id, sorted(profile.roles), changed_at):
            raise InvalidChallenge
        return challenge, profile, factor


async def count_wrong(session: AsyncSession, challenge: LogInChallenge) -> None:
    """Count a wrong code; the last one that is allowed ends the challenge."""
    this = LogInChallenge.id == challenge.id
    if challenge.wrong_codes + 1 >= MOST_WRONG:
        await session.execute(delete(LogInChallenge).where(this))
    else:
        await session.execute(update(LogInChallenge).where(this).values(wrong_codes=challenge.wrong_codes + 1))


async def drop_challenges(session: AsyncSession, user_id: str) -> None:
    """End all open challenges of an account."""
    await session.execute(delete(LogInChallenge).where(LogInChallenge.user_id == user_id))


async def _drop_old(session: AsyncSession, user_id: str) -> None:
    of_user = LogInChallenge.user_id == user_id
    newest = select(LogInChallenge.id).where(of_user).order_by(LogInChallenge.id.desc()).limit(MOST_OPEN - 1)
    await session.execute(delete(LogInChallenge).where(of_user, LogInChallenge.id.not_in(newest)))
