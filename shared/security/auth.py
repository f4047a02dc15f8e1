"""Authentication: ES256 access tokens, verified with the user subgraph's JWKS, and the viewer that they identify."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict, cast

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.core.errors import AuthenticationTooOld, Unauthenticated, Unavailable
from shared.core.limits_file import LIMITS
from shared.core.settings import Settings
from shared.security.revocation import Revocations

ALGORITHM = "ES256"
CLOCK_LEEWAY_SECONDS = LIMITS.access_tokens.clock_leeway_seconds
JWKS_MINIMUM_INTERVAL_SECONDS = LIMITS.access_tokens.jwks_minimum_interval_seconds
ACCOUNT_AGE = 15 * 60
"""Seconds within which the viewer must have authenticated to change who may do what, or to copy an account."""
MONEY_AGE = 60 * 60
"""The same where money is paid back, which staff do many times a day."""
VERIFIED_TOKENS_KEPT = LIMITS.access_tokens.verified_tokens_cached


@dataclass(frozen=True)
class Viewer:
    """The caller of a request. An anonymous one has no id and no scopes."""

    id: str | None = None
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None
    key_id: str | None = None
    expires_at: float | None = None
    # When the owner of the session last authenticated (Unix seconds), and how (`amr`, RFC 8176).
    authenticated_at: float | None = None
    methods: frozenset[str] = frozenset()
    revocations: Revocations = field(default_factory=Revocations, compare=False, repr=False)

    @property
    def is_signed_in(self) -> bool:
        return self.id is not None

    def as_audience(self) -> "Viewer":
        """Return the caller without the token and the session: all that rules and resolvers may use."""
        return Viewer(id=self.id, roles=self.roles, scopes=self.scopes)

    def has_scope(self, scope: str) -> bool:
        """Return whether the caller has a scope, such as `orders:read`."""
        return scope in self.scopes

    def can_access(self, owner_id: str | None, scope: str) -> bool:
        """Return whether the object is the caller's own, or a scope gives access to all."""
        return (self.id is not None and self.id == owner_id) or scope in self.scopes

    def check_recent(self, max_age: int) -> None:
        """Raise AuthenticationTooOld unless the caller authenticated within so many seconds."""
        if self.authenticated_at is None or time.time() - self.authenticated_at > max_age + CLOCK_LEEWAY_SECONDS:
            raise AuthenticationTooOld(max_age)

    def check(self) -> None:
        """Raise Unauthenticated once the session or the key of the caller's access token is revoked."""
        if self.revocations.includes(self.session_id, self.key_id):
            raise Unauthenticated("The session was ended; log in again.")

    def seconds_left(self, *ends: float | None) -> float | None:
        """Return the seconds until the token and further proofs expire, which end at the given times (Unix seconds).

        None is for ever. Raises Unauthenticated once one has ended.
        """
        self.check()
        return seconds_left(self.expires_at, *ends)

    @contextmanager
    def watch_expiry(self, on_expiry: Callable[[], None], *ends: float | None) -> Iterator[None]:
        """Have `on_expiry` called as soon as `seconds_left` is over, until the end of the block; raises as it does."""
        left = self.seconds_left(*ends)
        timer = None if left is None else asyncio.get_running_loop().call_later(left, on_expiry)
        try:
            with self.revocations.watch((self.session_id, self.key_id), on_expiry):
                yield
        finally:
            if timer is not None:
                timer.cancel()


ANONYMOUS = Viewer()


class TokenVerifier:
    """Verifies access tokens. Keys come from the JWKS, are cached, and are fetched again for an unknown `kid`.

    A token of an ended session or of a key that has leaked is refused as soon as the revocation list says so.
    """

    def __init__(self, settings: Settings, client: httpx.AsyncClient, revocations: Revocations | None = None) -> None:
        port = settings.port_of("user")
        self._url = settings.jwks_url or f"http://{settings.host}:{port}/.well-known/jwks.json"
        self._client = client
        self._revocations = revocations or Revocations()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=CLOCK_LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.token_issuer},
            aud={"essential": True, "value": settings.token_audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._verified: OrderedDict[str, Viewer] = OrderedDict()

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, revocations: Revocations | None = None) -> AsyncIterator["TokenVerifier"]:
        """Make a verifier with its own HTTP client, closed at the end of the block."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            yield cls(settings, client, revocations)

    async def viewer(self, authorization: str | None) -> Viewer:
        """Return the viewer of an `Authorization` header: anonymous without one; raises Unauthenticated."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Send the access token as `Authorization: Bearer …`.")
        viewer = self._verified.get(token)
        if viewer is None or (viewer.expires_at or 0) <= time.time():
            viewer = self._verified[token] = await self._verify(token)
            if len(self._verified) > VERIFIED_TOKENS_KEPT:
                self._verified.popitem(last=False)
        viewer.check()
        return viewer

    async def _verify(self, token: str) -> Viewer:
        refused = Unauthenticated("The access token is not valid; log in again.")
        try:
            token.encode("ascii")
            kid = _key_id(token)
            keys = await self._keys_with(kid)
            decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
            return _viewer_of(cast("_Claims", decoded.claims), kid, self._revocations)
        except (JoseError, ValueError, TypeError, KeyError):
            raise refused from None

    async def _keys_with(self, kid: str) -> KeySet:
        async with self._fetching:
            known = self._keys is not None and any(key.kid == kid for key in self._keys.keys)
            stale = time.monotonic() - self._fetched_at > JWKS_MINIMUM_INTERVAL_SECONDS
            if self._keys is None or (not known and stale):
                await self._fetch()
        if self._keys is None:
            # The token may still be valid: a client that gets another answer would log its user out.
            raise Unavailable("Access tokens cannot be verified at the moment: try again.")
        return self._keys

    async def _fetch(self) -> None:
        try:
            response = await self._client.get(self._url)
            response.raise_for_status()
            self._keys = KeySet.import_key_set(response.json())
            self._fetched_at = time.monotonic()
        except (httpx.HTTPError, ValueError):
            return


class _Claims(TypedDict):
    """The claims of an access token that this shop has signed."""

    sub: str
    exp: float
    roles: NotRequired[list[object]]
    scope: NotRequired[str]
    sid: NotRequired[str]
    auth_time: NotRequired[float]
    amr: NotRequired[list[object]]


def _key_id(token: str) -> str:
    from joserfc.jws import extract_compact

    return str(extract_compact(token.encode()).headers()["kid"])


def _viewer_of(claims: _Claims, kid: str, revocations: Revocations) -> Viewer:
    return Viewer(
        id=str(claims["sub"]),
        roles=frozenset(_strings(claims.get("roles", ()))),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        session_id=str(claims["sid"]) if "sid" in claims else None,
        key_id=kid,
        expires_at=float(claims["exp"]),
        authenticated_at=float(claims["auth_time"]) if "auth_time" in claims else None,
        methods=frozenset(_strings(claims.get("amr", ()))),
        revocations=revocations,
    )


def _strings(values: Collection[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def seconds_left(*ends: float | None) -> float | None:
    """Return the seconds until the first of some expiries (Unix seconds), or None; raises Unauthenticated after it."""
    first = min((end for end in ends if end is not None), default=None)
    if first is None:
        return None
    left = first - time.time()
    if left <= 0:
        raise expired()
    return left


def expired() -> Unauthenticated:
    """Return the error that ends the stream of a caller whose token has expired."""
    return Unauthenticated(
        "The token has expired; subscribe again with a new token and the last version or cursor seen."
    )
