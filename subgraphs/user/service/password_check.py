"""Checks passwords, and lets nobody guess: not one account's from everywhere, nor all accounts' from one place.

The eleventh wrong password for an account within a minute is refused, however the tries are sent. Whoever is at a
network address from which the account has been logged in to has tries of their own: so strangers who use up the
others cannot lock its owner out. In the end there is the mail that sets a new password, and logs in.
"""

import datetime as dt
import hashlib
import hmac
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from shared.core.errors import TooManyRequests
from shared.database.database import Database
from shared.database.rows import as_row
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from shared.security.rate_limit import FixedWindowLimiter, SlidingWindowLimiter
from subgraphs.user.enums import LogInRefusal
from subgraphs.user.errors import WrongCredentials, WrongPassword, unknown_account
from subgraphs.user.events import SessionRefused
from subgraphs.user.models import UserCredential, UserProfile, UserSession
from subgraphs.user.service.account_lock import ProvenPassword
from subgraphs.user.service.passwords import Passwords

WINDOW_SECONDS = 60
MOST_WRONG_BY_ACCOUNT = 10
MOST_WRONG_BY_ADDRESS = 300
"""Generous: behind a company's gateway many people share an address."""
_DIGEST_CHARACTERS = 32


class _Secret(NamedTuple):
    """What a check needs beside the profile; only a log-in asks whether its address is known."""

    password_hash: str
    changed_at: dt.datetime
    is_known: bool


class PasswordCheck:
    """Checks passwords for log-ins, and for changes that ask for it once more."""

    def __init__(self, runtime: Runtime, passwords: Passwords, pseudonymizer: Pseudonymizer) -> None:
        redis = runtime.redis
        self._database: Database = runtime.database
        self._passwords = passwords
        self._pseudonymizer = pseudonymizer
        self._key = runtime.settings.derive_key("digests of network addresses")
        self._by_account = SlidingWindowLimiter(
            redis, "password-account", most=MOST_WRONG_BY_ACCOUNT, seconds=WINDOW_SECONDS
        )
        self._by_address = SlidingWindowLimiter(
            redis, "password-address", most=MOST_WRONG_BY_ADDRESS, seconds=WINDOW_SECONDS
        )
        self._failures = FixedWindowLimiter(redis, "password-told", most=1, seconds=WINDOW_SECONDS)

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "PasswordCheck":
        """Make it for a running subgraph."""
        return cls(runtime, runtime.resource(Passwords), runtime.resource(Pseudonymizer))

    def digest_of(self, address: str) -> str:
        """Return the keyed digest of a network address, by which it is known again and not known."""
        return hmac.new(self._key, address.encode(), hashlib.sha256).hexdigest()[:_DIGEST_CHARACTERS]

    async def log_in(self, email: str, password: str, address: str) -> ProvenPassword:
        """Return who has proved who they are.

        Raises WrongCredentials or TooManyRequests, and does the same in the same time whether the account exists.
        """
        email = email.strip().lower()
        seen_here = UserSession.address_digest == self.digest_of(address)
        of_user = UserSession.user_id == UserProfile.id
        is_known = select(UserSession.id).where(of_user, seen_here).exists()
        profile, secret = await self._account(UserProfile.email == email, is_known)
        reported = profile.id if profile is not None else self._pseudonymizer.of_email(email)
        subject = f"{email} at {address}" if secret is not None and secret.is_known else email
        try:
            tries = [(self._by_address, address), (self._by_account, subject)]
            taken = [(limiter, name, await limiter.acquire(name)) for limiter, name in tries]
        except TooManyRequests:
            await self._record_refusal(reported, LogInRefusal.RATE_LIMITED)
            raise
        stored = secret.password_hash if secret is not None else None
        matches, better = await self._passwords.verify(password, stored)
        if profile is None or secret is None or not matches or profile.email_verified_at is None:
            await self._record_failure(reported, LogInRefusal.WRONG_CREDENTIALS)
            raise WrongCredentials
        for limiter, name, call in taken:
            await limiter.release(name, call)
        return ProvenPassword(profile, secret.changed_at, better_hash=better)

    async def own_password(self, user_id: str, session_id: str | None, password: str) -> ProvenPassword:
        """Check the password of a user who gives it once more, for what is then done under `confirm`.

        Raises WrongPassword, NotFound, or TooManyRequests for one who tries too often.
        """
        profile, secret = await self._account(UserProfile.id == user_id)
        if profile is None or secret is None:
            raise unknown_account()
        call = await self._by_account.acquire(user_id)
        matches, _ = await self._passwords.verify(password, secret.password_hash)
        if not matches:
            raise WrongPassword
        await self._by_account.release(user_id, call)
        return ProvenPassword(profile, secret.changed_at, session_id)

    async def _account(
        self, condition: ColumnElement[bool], *more: ColumnElement[bool]
    ) -> tuple[UserProfile, _Secret] | tuple[None, None]:
        known = [each.label("is_known") for each in more]
        columns = select(UserProfile.__table__, UserCredential.password_hash, UserCredential.changed_at, *known)
        joined = columns.join(UserCredential, UserCredential.user_id == UserProfile.id)
        async with self._database.read() as connection:
            row = (await connection.execute(joined.where(condition))).one_or_none()
        return (None, None) if row is None else (as_row(UserProfile, row), as_row(_Secret, row))

    async def _record_refusal(self, account: str, refusal: LogInRefusal) -> None:
        try:
            await self._failures.check(account)
        except TooManyRequests:
            return
        await self._record_failure(account, refusal)

    async def _record_failure(self, account: str, refusal: LogInRefusal) -> None:
        async with self._database.write() as session:
            await record(session, SessionRefused(account=account, refusal=refusal.value))
