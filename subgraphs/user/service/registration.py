"""Takes in registrations: who registers gets a mail, whose token opens the account (`email_verification`).

What is asked for lies apart from accounts until then. So nobody can take an address by registering first.
"""

import datetime as dt

from sqlalchemy import select, update

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.graph.languages import check_locale
from shared.runtime import Runtime
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.user.inputs import AccountRegisterInput
from subgraphs.user.models import Registration
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.mailed_tokens import REGISTRATION
from subgraphs.user.service.mails import REGISTRATION_LASTS

HOUR = 3600
MOST_MAILS_TO_ADDRESS = 5
"""In an hour, whoever asks for them, and as many again that set a new password."""
MOST_CHANGES = 5
"""Of an account's address that are asked for in an hour."""
MOST_BY_CALLER = 300
"""In an hour, by one network address; generous, because behind a company's gateway many people share one."""
MOST_MAILS = 5
"""For one registration."""


class MailLimits:
    """Keeps people from being flooded with mails that somebody else asks for.

    Mails that set a new password are counted apart: whoever uses up the others keeps nobody from their account.
    """

    def __init__(self, runtime: Runtime) -> None:
        redis = runtime.redis
        self._to_recipient = FixedWindowLimiter(redis, "user-mail-to", most=MOST_MAILS_TO_ADDRESS, seconds=HOUR)
        self._resets = FixedWindowLimiter(redis, "user-mail-reset", most=MOST_MAILS_TO_ADDRESS, seconds=HOUR)
        self._changes = FixedWindowLimiter(redis, "user-mail-change", most=MOST_CHANGES, seconds=HOUR)
        self._by_caller = FixedWindowLimiter(redis, "user-mail-by", most=MOST_BY_CALLER, seconds=HOUR)

    async def check(self, recipient: str, caller: str) -> None:
        """Count a mail; raises TooManyRequests, whether or not the recipient has an account."""
        await self._by_caller.check(caller)
        await self._to_recipient.check(recipient)

    async def check_reset(self, subject: str, caller: str) -> None:
        """Count a mail that sets a new password, by `PasswordCheck.subject_of`; raises TooManyRequests."""
        await self._by_caller.check(caller)
        await self._resets.check(subject)

    async def check_change(self, user_id: str, recipient: str, caller: str) -> None:
        """Count the two mails about a change of address; raises TooManyRequests.

        The one to the present address counts for its account: otherwise strangers could use up the owner's changes.
        """
        await self._changes.check(user_id)
        await self.check(recipient, caller)


async def register(database: Database, limits: MailLimits, given: AccountRegisterInput, address: str) -> str:
    """Keep what is asked for, have a mail written, and return the receipt; raises InvalidInput or TooManyRequests.

    The same is done, and takes the same time, whether the address has an account or not.
    """
    checks = Checks()
    email = checks.email("email", given.email)
    name = checks.text("name", given.name, longest=100)
    if given.locale is not None:
        check_locale(checks, "locale", given.locale)
    checks.raise_if_any()
    await limits.check(email, address)
    asked = Registration(
        id=new_id(REGISTRATION),
        email=email,
        name=name,
        locale=given.locale,
        mails=1,
        expires_at=dt.datetime.now(dt.UTC) + REGISTRATION_LASTS,
    )
    async with database.write() as session:
        session.add(asked)
        await session.flush()
        await USER_MAIL.enqueue(session, {"kind": MailKind.REGISTRATION.value, "id": asked.id})
    return asked.id


async def mail_again(database: Database, limits: MailLimits, receipt: str, address: str) -> None:
    """Have the mail of a registration written once more; what is no receipt, or too old, is answered alike."""
    known = select(Registration.email).where(Registration.id == receipt)
    async with database.read() as connection:
        recipient = await connection.scalar(known)
    # One person may be meant by many receipts.
    await limits.check(recipient or receipt, address)
    if recipient is None:
        return
    again = (
        update(Registration)
        .where(Registration.id == receipt, Registration.mails < MOST_MAILS)
        .values(mails=Registration.mails + 1, expires_at=dt.datetime.now(dt.UTC) + REGISTRATION_LASTS)
        .returning(Registration.id)
    )
    async with database.write() as session:
        if await session.scalar(again) is not None:
            await USER_MAIL.enqueue(session, {"kind": MailKind.REGISTRATION.value, "id": receipt})
