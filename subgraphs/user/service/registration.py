"""Takes in registrations: who registers gets a mail, whose token opens the account (`email_verification`).

What is asked for lies apart from accounts until then. So nobody can take an address by registering first.
"""

import datetime as dt

from sqlalchemy import update

from shared.core.ids import is_id, new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.runtime import Runtime
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.user.inputs import AccountRegisterInput
from subgraphs.user.models import Registration
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.mailed_tokens import REGISTRATION
from subgraphs.user.service.mails import REGISTRATION_LASTS

HOUR = 3600
MOST_MAILS_TO_ADDRESS = 5
"""In an hour, whoever asks for them."""
MOST_BY_CALLER = 300
"""In an hour, by one network address; generous, because behind a company's gateway many people share one."""
MOST_MAILS = 5
"""For one registration."""


class MailLimits:
    """Keeps people from being flooded with mails that somebody else asks for."""

    def __init__(self, runtime: Runtime) -> None:
        self._by_recipient = FixedWindowLimiter(runtime.redis, "user-mail-to", most=MOST_MAILS_TO_ADDRESS, seconds=HOUR)
        self._by_caller = FixedWindowLimiter(runtime.redis, "user-mail-by", most=MOST_BY_CALLER, seconds=HOUR)

    async def check(self, recipient: str, caller: str) -> None:
        """Count a mail; raises TooManyRequests, whether or not the recipient has an account."""
        await self._by_caller.check(caller)
        await self._by_recipient.check(recipient)


async def register(database: Database, limits: MailLimits, given: AccountRegisterInput, address: str) -> str:
    """Keep what is asked for, have a mail written, and return the receipt; raises InvalidInput or TooManyRequests.

    The same is done, and takes the same time, whether the address has an account or not.
    """
    checks = Checks()
    email = checks.email("email", given.email)
    name = checks.text("name", given.name, longest=100)
    checks.raise_if_any()
    await limits.check(email, address)
    asked = Registration(
        id=new_id(REGISTRATION),
        email=email,
        name=name,
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
    await limits.check(receipt, address)
    if not is_id(REGISTRATION, receipt):
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
