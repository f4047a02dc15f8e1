"""What a mailed token does that proves an address: it opens an account, or moves one to the address.

The token proves the address and nothing else: an account gets its password with it, and no password is known before. So
nobody can prepare an account for somebody else, whoever has asked for the mail.
"""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import EmailVerification, Role
from subgraphs.user.errors import email_taken, invalid_token
from subgraphs.user.events import EmailVerified, UserCreated
from subgraphs.user.models import Registration, UserCredential, UserPreferences, UserProfile
from subgraphs.user.service.email_change import EmailChange
from subgraphs.user.service.mailed_tokens import REGISTRATION, ProofTokens
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.passwords import Passwords


class EmailVerifier:
    """Does what mailed tokens are for that prove an address."""

    def __init__(self, runtime: Runtime) -> None:
        self._database: Database = runtime.database
        self._tokens = runtime.resource(ProofTokens)
        self._passwords = runtime.resource(Passwords)
        self._check = runtime.resource(PasswordCheck)
        self._pseudonymizer = runtime.resource(Pseudonymizer)
        self._email_change = runtime.resource(EmailChange)

    async def verify(self, token: str, password: str | None, address: str) -> tuple[str, EmailVerification]:
        """Do what a token is for, with the password that an account is to be opened with.

        Returns whose account it was about, and what was done; raises InvalidInput or TooManyRequests.
        """
        row_id = self._tokens.read(token)
        if row_id.startswith(REGISTRATION):
            return await self._open_account(row_id, password, address), EmailVerification.REGISTERED
        async with self._database.write() as session:
            return await self._email_change.make(session, row_id), EmailVerification.EMAIL_CHANGED

    async def _open_account(self, registration_id: str, password: str | None, address: str) -> str:
        """Open the account of a registration whose address is proved, with a password, and return its id."""
        now = dt.datetime.now(dt.UTC)
        this = (Registration.id == registration_id, Registration.expires_at > now)
        async with self._database.read() as connection:
            asked = await one_or_none(connection, Registration, select(Registration.__table__).where(*this))
        if asked is None:
            raise invalid_token()
        await self._check.count_token(registration_id, address)
        checks = Checks()
        if password is None:
            checks.refuse("password", "REQUIRED", "Send the password that the account is to have.")
        else:
            await self._passwords.check(checks, "password", password, asked.email, asked.name, caller=address)
        checks.raise_if_any()
        password_hash = await self._passwords.hash(password or "", caller=address)
        user_id = new_id("usr")
        profile = {
            "id": user_id,
            "email": asked.email,
            "email_verified_at": now,
            "name": asked.name,
            "roles": [Role.CUSTOMER.value],
        }
        async with self._database.write() as session:
            if await session.scalar(delete(Registration).where(*this).returning(Registration.id)) is None:
                raise invalid_token()
            opened = insert(UserProfile).values(profile).on_conflict_do_nothing(index_elements=["email"])
            if await session.scalar(opened.returning(UserProfile.id)) is None:
                raise email_taken()
            session.add(UserCredential(user_id=user_id, password_hash=password_hash))
            session.add(UserPreferences(user_id=user_id, **({"locale": asked.locale} if asked.locale else {})))
            await session.execute(delete(Registration).where(Registration.email == asked.email))
            digest = self._pseudonymizer.of_email(asked.email)
            opened_account = UserCreated(user_id=user_id, locale=asked.locale)
            await record(session, opened_account, EmailVerified(user_id=user_id, email_digest=digest))
        return user_id
