"""The keys that sign access tokens: kept in the database, sealed, and shown to verifiers as a JWKS."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import ALGORITHM
from shared.ids import new_id
from shared.runtime import Runtime
from shared.settings import Settings
from subgraphs.user.models import SigningKey

ACCESS_TOKEN_SECONDS = 15 * 60
_CREATION_LOCK = 0x6B657973

SCOPES_OF_ROLE: dict[str, frozenset[str]] = {
    "CUSTOMER": frozenset(),
    "SUPPORT": frozenset(
        {
            "orders:read",
            "orders:write",
            "users:read",
            "designs:read",
            "analytics:read",
            "webhooks:read",
            "audit:read",
        }
    ),
}
SCOPES_OF_ROLE["ADMIN"] = SCOPES_OF_ROLE["SUPPORT"] | {
    "users:write",
    "designs:write",
    "analytics:write",
    "webhooks:write",
}


class KeyRing:
    """Signs access tokens with the newest key and publishes the public halves of all that are in use."""

    def __init__(self, settings: Settings, keys: Sequence[ECKey]) -> None:
        self._settings = settings
        self._signing = keys[0]
        self._public = dict(KeySet(list(keys)).as_dict(private=False))

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["KeyRing"]:
        """Load the keys; the first process to start makes the first one."""
        async with runtime.database.write() as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATION_LOCK})
            keys = await _load(session, runtime.settings) or [await _create(session, runtime.settings)]
        yield cls(runtime.settings, keys)

    def jwks(self) -> dict[str, Any]:
        """Return the public keys (RFC 7517)."""
        return self._public

    def sign(self, user_id: str, roles: Sequence[str], session_id: str) -> tuple[str, int]:
        """Return an access token and its lifetime in seconds."""
        now = int(time.time())
        claims = {
            "iss": self._settings.token_issuer,
            "aud": self._settings.token_audience,
            "sub": user_id,
            "sid": session_id,
            "iat": now,
            "exp": now + ACCESS_TOKEN_SECONDS,
            "jti": new_id("tok"),
            "roles": list(roles),
            "scope": " ".join(sorted(scopes_of(roles))),
        }
        header = {"alg": ALGORITHM, "kid": self._signing.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self._signing), ACCESS_TOKEN_SECONDS


def scopes_of(roles: Sequence[str]) -> frozenset[str]:
    """Return what the holders of some roles may do."""
    return frozenset().union(*[SCOPES_OF_ROLE.get(role, frozenset()) for role in roles])


def _sealing_key(settings: Settings) -> OctKey:
    return OctKey.import_key(settings.derive_key("signing keys at rest"))


async def _load(session: AsyncSession, settings: Settings) -> list[ECKey]:
    rows = await session.scalars(
        select(SigningKey).where(SigningKey.retired_at.is_(None)).order_by(SigningKey.created_at.desc())
    )
    return [_unseal(row, settings) for row in rows]


async def _create(session: AsyncSession, settings: Settings) -> ECKey:
    kid = new_id("key")
    key = ECKey.generate_key("P-256", {"kid": kid, "alg": ALGORITHM, "use": "sig"})
    sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, key.as_pem(private=True), _sealing_key(settings))
    session.add(SigningKey(kid=kid, sealed_pem=sealed))
    return key


def _unseal(row: SigningKey, settings: Settings) -> ECKey:
    opened = jwe.decrypt_compact(row.sealed_pem, _sealing_key(settings))
    assert opened.plaintext is not None  # noqa: S101 (decrypt_compact raises otherwise)
    return ECKey.import_key(opened.plaintext, {"kid": row.kid, "alg": ALGORITHM, "use": "sig"})
