"""Checks passwords, and lets nobody guess: not one account's from everywhere, nor all accounts' from one place.

The eleventh wrong password for an account within a minute is refused, however the tries are sent. Whoever is at a
network address from which the account has been logged in to has tries of their own, and so has each session: so
strangers who use up the others cannot lock its owner out. In the end there is the mail that sets a new password, and
logs in. All tries are counted besides, right and wrong, by account and, from where it is not known, by network address,
since each takes long. Who is known somewhere waits for their own tries alone, whoever else is at the address.
"""

import datetime as dt
import hashlib
import hmac
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from shared.core.email_addresses import normal_email
from shared.core.errors import TooManyRequests
from shared.database.database import Database
from shared.database.rows import as_row
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.auth import Viewer
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
MOST_BY_ACCOUNT = 60
"""Right or wrong."""
MOST_BY_ADDRESS = 300
"""Right or wrong, of accounts that were not logged in to there; generous, because many people may share an address."""
MOST_BY_TOKEN = 10
"""New passwords that are tried with one mailed token."""
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
        self._wrong = SlidingWindowLimiter(redis, "password-wrong", most=MOST_WRONG_BY_ACCOUNT, seconds=WINDOW_SECONDS)
        self._by_account = SlidingWindowLimiter(redis, "password-account", most=MOST_BY_ACCOUNT, seconds=WINDOW_SECONDS)
        self._by_address = SlidingWindowLimiter(redis, "password-address", most=MOST_BY_ADDRESS, seconds=WINDOW_SECONDS)
        self._by_token = SlidingWindowLimiter(redis, "password-token", most=MOST_BY_TOKEN, seconds=WINDOW_SECONDS)
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
        email = normal_email(email)
        profile, secret = await self._account(UserProfile.email == email, self._is_known(address))
        reported = profile.id if profile is not None else self._pseudonymizer.of_email(email)
        is_known = secret is not None and secret.is_known
        subject = _subject(email, address, is_known)
        is_open = profile is not None and profile.email_verified_at is not None
        stored = secret.password_hash if secret is not None and is_open else None
        try:
            if not is_known:
                await self._by_address.acquire(address)
            matches, better = await self._try(password, stored, subject, caller=subject if is_known else address)
        except TooManyRequests:
            await self._record_refusal(reported, LogInRefusal.RATE_LIMITED)
            raise
        if profile is None or secret is None or not matches:
            await self._record_failure(reported, LogInRefusal.WRONG_CREDENTIALS)
            raise WrongCredentials
        return ProvenPassword(profile, secret.changed_at, better_hash=better)

    async def subject_of(self, email: str, address: str) -> str:
        """Return what the tries for an account are counted by; those at addresses where it was used count apart."""
        known = select(self._is_known(address)).select_from(UserProfile).where(UserProfile.email == email)
        async with self._database.read() as connection:
            return _subject(email, address, bool(await connection.scalar(known)))

    async def own_password(self, viewer: Viewer, password: str, address: str) -> ProvenPassword:
        """Check the password of a user who gives it once more, for what is then done under `confirm`.

        Raises WrongPassword, NotFound, or TooManyRequests for one who tries too often.
        """
        profile, secret = await self._account(UserProfile.id == viewer.id)
        if profile is None or secret is None:
            raise unknown_account()
        subject = f"{profile.id} in {viewer.session_id}"
        matches, _ = await self._try(password, secret.password_hash, subject, caller=f"{profile.id} at {address}")
        if not matches:
            raise WrongPassword
        return ProvenPassword(profile, secret.changed_at, viewer.session_id)

    async def count_token(self, row_id: str, address: str) -> None:
        """Count a new password that is tried with a mailed token; raises TooManyRequests."""
        await self._by_address.acquire(address)
        await self._by_token.acquire(row_id)

    async def _try(self, password: str, stored: str | None, subject: str, *, caller: str) -> tuple[bool, str | None]:
        """Count a try and verify the password, as `Passwords.verify` does."""
        await self._by_account.acquire(subject)
        # Counted before it is known to be wrong: so many at once are no way around the limit.
        call = await self._wrong.acquire(subject)
        try:
            matches, better = await self._passwords.verify(password, stored, caller=caller)
        except TooManyRequests:
            await self._wrong.release(subject, call)
            raise
        if matches:
            await self._wrong.release(subject, call)
        return matches, better

    def _is_known(self, address: str) -> ColumnElement[bool]:
        """Return whether the account of a profile was logged in to from a network address."""
        seen_here = UserSession.address_digest == self.digest_of(address)
        return select(UserSession.id).where(UserSession.user_id == UserProfile.id, seen_here).exists()

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


def _subject(email: str, address: str, is_known: bool) -> str:
    return f"{email} at {address}" if is_known else email
