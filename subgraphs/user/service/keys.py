"""The keys that sign access tokens: kept in the database, sealed, and shown to verifiers as a JWKS.

A key is announced before it signs, so that every process and every verifier knows it by then, and shown for as long as
tokens that it has signed may live. How keys come and go stands in `rotation.py`.
"""

import datetime as dt
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, cast

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.runtime import Runtime
from shared.security.auth import ALGORITHM
from subgraphs.user.models import SigningKey
from subgraphs.user.service.authentication import Authentication
from subgraphs.user.service.scopes import grant_of

ACCESS_TOKEN_SECONDS = 15 * 60
REFRESH_SECONDS = 1.0
"""How old the ring's picture of the database may be when it signs."""
_LOCK = 0x6B657973


@dataclass(frozen=True)
class Key:
    """A key that verifies, and from a moment on (Unix seconds) signs."""

    kid: str
    signs_from: float
    pair: ECKey


class AccessToken(NamedTuple):
    """A signed token, its lifetime in seconds, and whether scopes are withheld for want of a second factor."""

    text: str
    seconds: int
    second_factor_required: bool


class KeyRing:
    """Signs access tokens with the newest key whose time has come, and publishes the public halves of all."""

    def __init__(self, settings: Settings, database: Database, keys: Sequence[Key]) -> None:
        self._settings = settings
        self._database = database
        self._take_up(keys)

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["KeyRing"]:
        """Load the keys; the first process to start makes the first one."""
        async with runtime.database.write() as session:
            await lock_keys(session)
            rows = await usable_keys(session) or [await make_key(session, runtime.settings, dt.datetime.now(dt.UTC))]
        yield cls(runtime.settings, runtime.database, [_opened(row, runtime.settings) for row in rows])

    def jwks(self) -> dict[str, list[dict[str, object]]]:
        """Return the public keys (RFC 7517)."""
        return self._public

    async def refresh(self, oldest: float = REFRESH_SECONDS) -> None:
        """Look for keys that other processes have made or voided, unless that was done a moment ago.

        While the database is away the ring stays as it is.
        """
        if time.monotonic() - self._looked_at < oldest:
            return
        try:
            async with self._database.write() as session:
                rows = await usable_keys(session)
        except Unavailable:
            return
        known = {key.kid: key for key in self._keys}
        self._take_up(
            [
                Key(row.kid, row.signs_from.timestamp(), known[row.kid].pair)
                if row.kid in known
                else _opened(row, self._settings)
                for row in rows
            ]
        )

    def sign(self, user_id: str, roles: Sequence[str], session_id: str, authentication: Authentication) -> AccessToken:
        """Return an access token with what the session gets of its user's roles (`grant_of`)."""
        now = int(time.time())
        grant = grant_of(roles, authentication.methods, is_production=self._settings.is_production)
        claims = {
            "iss": self._settings.token_issuer,
            "aud": self._settings.token_audience,
            "sub": user_id,
            "sid": session_id,
            "iat": now,
            "exp": now + ACCESS_TOKEN_SECONDS,
            "jti": new_id("tok"),
            "roles": list(grant.roles),
            "scope": " ".join(sorted(grant.scopes)),
            **authentication.claims,
        }
        key = self.signing
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}
        text = jwt.encode(header, claims, key.pair)
        return AccessToken(text, ACCESS_TOKEN_SECONDS, grant.second_factor_required)

    @property
    def signing(self) -> Key:
        """The key that signs now."""
        due = [key for key in self._keys if key.signs_from <= time.time()]
        # None is due only where the clock was set back since the first key was made.
        return due[0] if due else self._keys[-1]

    def _take_up(self, keys: Sequence[Key]) -> None:
        self._keys = sorted(keys, key=lambda key: key.signs_from, reverse=True)
        public = KeySet([key.pair for key in self._keys]).as_dict(private=False)
        self._public = cast("dict[str, list[dict[str, object]]]", public)
        self._looked_at = time.monotonic()


async def lock_keys(session: AsyncSession) -> None:
    """Let one transaction at a time change which keys there are."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


async def usable_keys(session: AsyncSession) -> list[SigningKey]:
    """Return the rows of the keys that verify, or will, newest first."""
    usable = (SigningKey.retired_at.is_(None), SigningKey.revoked_at.is_(None))
    return list(await session.scalars(select(SigningKey).where(*usable).order_by(SigningKey.signs_from.desc())))


async def make_key(session: AsyncSession, settings: Settings, signs_from: dt.datetime) -> SigningKey:
    """Make a key that signs from a moment on, and return its row."""
    kid = new_id("key")
    pair = ECKey.generate_key("P-256", {"kid": kid, "alg": ALGORITHM, "use": "sig"})
    sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, pair.as_pem(private=True), _sealing_key(settings))
    row = SigningKey(kid=kid, sealed_pem=sealed, signs_from=signs_from, created_at=dt.datetime.now(dt.UTC))
    session.add(row)
    await session.flush()
    return row


def _sealing_key(settings: Settings) -> OctKey:
    return OctKey.import_key(settings.derive_key("signing keys at rest"))


def _opened(row: SigningKey, settings: Settings) -> Key:
    opened = jwe.decrypt_compact(row.sealed_pem, _sealing_key(settings))
    assert opened.plaintext is not None  # noqa: S101 (decrypt_compact raises otherwise)
    pair = ECKey.import_key(opened.plaintext, {"kid": row.kid, "alg": ALGORITHM, "use": "sig"})
    return Key(row.kid, row.signs_from.timestamp(), pair)
