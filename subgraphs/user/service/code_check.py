"""Checks codes of second factors, and lets nobody guess them, not even those who know the password.

All is counted in the database, under the account's lock: many tries at once, many processes or a Redis that is away
are no way around. At any time three of a million codes are good. So somebody who has the password, and a hundred tries
until the owner logs in again, is right with a probability of 1 in 3,000.
"""

import datetime as dt
import re

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import PublicError
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.rate_limit import too_many
from subgraphs.user.enums import LogInRefusal
from subgraphs.user.errors import CodesLocked, WrongCode
from subgraphs.user.events import RecoveryCodeUsed, SessionRefused
from subgraphs.user.models import TotpFactor
from subgraphs.user.service.job_types import MailKind, mail_account
from subgraphs.user.service.recovery_codes import use_code
from subgraphs.user.service.totp import TotpSecrets

WINDOW = dt.timedelta(hours=1)
MOST_WRONG = 10
"""In a window."""
MOST_IN_ROW = 100
"""Since the last right code, recovery code or new password by mail (NIST SP 800-63B asks for no more than that)."""
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


async def find_factor(session: AsyncSession, user_id: str) -> TotpFactor | None:
    """Return the second factor of an account, or None where it has none that is confirmed."""
    of_user = (TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None))
    return await one_or_none(session, TotpFactor, select(TotpFactor.__table__).where(*of_user))


async def unlock_codes(session: AsyncSession, user_id: str) -> None:
    """Let codes be tried again after too many wrong ones in a row; those of the present window still count."""
    await session.execute(update(TotpFactor).where(TotpFactor.user_id == user_id).values(wrong_in_row=0))


class CodeCheck:
    """Checks codes for log-ins, and for what asks for one again."""

    def __init__(self, runtime: Runtime) -> None:
        self._secrets = runtime.resource(TotpSecrets)

    async def refusal_of(self, session: AsyncSession, factor: TotpFactor, given: str) -> PublicError | None:
        """Use up a code or recovery code of a locked account; returns why it is refused, or None where it is right.

        Raise what is returned after the transaction is committed: a wrong code is counted in it. Returns WrongCode,
        CodesLocked or TooManyRequests.
        """
        code = "".join(given.split())
        if _CODE.fullmatch(code):
            return await self._try(session, factor, code)
        left = await use_code(session, factor.user_id, code)
        if left is None:
            return WrongCode()
        await unlock_codes(session, factor.user_id)
        await record(session, RecoveryCodeUsed(user_id=factor.user_id, count=left))
        await mail_account(session, MailKind.RECOVERY_CODE_USED, factor.user_id)
        return None

    async def _try(self, session: AsyncSession, factor: TotpFactor, code: str) -> PublicError | None:
        now = dt.datetime.now(dt.UTC)
        since = factor.wrong_since if factor.wrong_since is not None and factor.wrong_since > now - WINDOW else now
        wrong = factor.wrong_codes if since != now else 0
        if factor.wrong_in_row >= MOST_IN_ROW:
            return CodesLocked()
        if wrong >= MOST_WRONG:
            return too_many(int((since + WINDOW - now).total_seconds()) + 1)
        step = self._secrets.step_of(factor, code)
        this = update(TotpFactor).where(TotpFactor.user_id == factor.user_id)
        if step is not None and step > factor.last_step:
            await session.execute(this.values(last_step=step, wrong_in_row=0))
            return None
        counted = {"wrong_codes": wrong + 1, "wrong_since": since, "wrong_in_row": factor.wrong_in_row + 1}
        await session.execute(this.values(counted))
        await record(session, SessionRefused(account=factor.user_id, refusal=LogInRefusal.WRONG_CODE.value))
        return WrongCode()
