"""Opens accounts: who registers gets a mail, and who has its token sets a password and gets the account.

A mailed token proves an address and nothing else: no password is known before. So nobody can prepare an account for
somebody else, whoever has asked for the mail, and nobody can take an address by registering first.
"""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.core.ids import is_id, new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.user.enums import Role
from subgraphs.user.errors import email_taken, invalid_token
from subgraphs.user.events import EmailVerified, UserCreated
from subgraphs.user.inputs import AccountRegisterInput
from subgraphs.user.models import Registration, UserCredential, UserPreferences, UserProfile
from subgraphs.user.service.job_types import USER_MAIL, MailKind
from subgraphs.user.service.mailed_tokens import REGISTRATION
from subgraphs.user.service.mails import REGISTRATION_LASTS
from subgraphs.user.service.passwords import Passwords

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


async def open_account(
    database: Database, passwords: Passwords, pseudonymizer: Pseudonymizer, registration_id: str, password: str | None
) -> str:
    """Open the account of a registration whose address is proved, with a password, and return its id.

    Raises InvalidInput, after which the token is still good.
    """
    now = dt.datetime.now(dt.UTC)
    this = (Registration.id == registration_id, Registration.expires_at > now)
    async with database.read() as connection:
        asked = await one_or_none(connection, Registration, select(Registration.__table__).where(*this))
    if asked is None:
        raise invalid_token()
    checks = Checks()
    if password is None:
        checks.refuse("password", "REQUIRED", "Send the password that the account is to have.")
    else:
        await passwords.check(checks, "password", password, asked.email, asked.name)
    checks.raise_if_any()
    password_hash = await passwords.hash(password or "")
    user_id = new_id("usr")
    profile = {
        "id": user_id,
        "email": asked.email,
        "email_verified_at": now,
        "name": asked.name,
        "roles": [Role.CUSTOMER.value],
    }
    async with database.write() as session:
        if await session.scalar(delete(Registration).where(*this).returning(Registration.id)) is None:
            raise invalid_token()
        opened = insert(UserProfile).values(profile).on_conflict_do_nothing(index_elements=["email"])
        if await session.scalar(opened.returning(UserProfile.id)) is None:
            raise email_taken()
        session.add(UserCredential(user_id=user_id, password_hash=password_hash))
        session.add(UserPreferences(user_id=user_id))
        await session.execute(delete(Registration).where(Registration.email == asked.email))
        digest = pseudonymizer.of_email(asked.email)
        await record(session, UserCreated(user_id=user_id), EmailVerified(user_id=user_id, email_digest=digest))
    return user_id
