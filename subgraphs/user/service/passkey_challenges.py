"""Challenges of passkey ceremonies: signed, good for five minutes, for one purpose and one success.

A challenge is 16 random bytes, when it expires, and a MAC over both and what it is bound to (HMAC-SHA-256, RFC 2104).
So none is stored until it has succeeded: whoever asks for many fills nothing. The row of a used one is written in the
transaction of what it has allowed, and refuses it from then on, also among requests at the same time.
"""

import datetime as dt
import enum
import hashlib
import hmac
import secrets
import time

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core import base64url
from shared.core.settings import Settings
from shared.runtime import Runtime
from subgraphs.user.errors import ChallengeRefused
from subgraphs.user.models import UsedChallenge

LIFETIME_SECONDS = 5 * 60
_RANDOM_BYTES, _TIME_BYTES, _MAC_BYTES = 16, 8, 32


class Ceremony(enum.Enum):
    """What a challenge is for."""

    REGISTRATION = "REGISTRATION"
    LOG_IN = "LOG_IN"
    REAUTHENTICATION = "REAUTHENTICATION"


class PasskeyChallenges:
    """Makes and uses the challenges of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derive_key("challenges of passkeys")

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "PasskeyChallenges":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def make(self, ceremony: Ceremony, *bound_to: str) -> bytes:
        """Return a new challenge, bound to ids such as those of an account and its session."""
        expires_at = int(time.time()) + LIFETIME_SECONDS
        content = secrets.token_bytes(_RANDOM_BYTES) + expires_at.to_bytes(_TIME_BYTES)
        return content + self._mac(content, ceremony, bound_to)

    def check(self, challenge: bytes, ceremony: Ceremony, *bound_to: str) -> None:
        """Raise ChallengeRefused for a challenge that was made for something else, or has expired."""
        content, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
        has_form = len(content) == _RANDOM_BYTES + _TIME_BYTES
        if not has_form or not hmac.compare_digest(mac, self._mac(content, ceremony, bound_to)):
            raise ChallengeRefused
        if _expiry(content) <= time.time():
            raise ChallengeRefused

    async def use(self, session: AsyncSession, challenge: bytes) -> None:
        """Use up a challenge that was checked, in the transaction of what it allows; raises ChallengeRefused if it was
        used before."""
        key = base64url.encode(challenge[:_RANDOM_BYTES])
        expires_at = dt.datetime.fromtimestamp(_expiry(challenge[:-_MAC_BYTES]), dt.UTC)
        used = insert(UsedChallenge).values(id=key, expires_at=expires_at).on_conflict_do_nothing()
        if await session.scalar(used.returning(UsedChallenge.id)) is None:
            raise ChallengeRefused

    def _mac(self, content: bytes, ceremony: Ceremony, bound_to: tuple[str, ...]) -> bytes:
        # Ids and names of ceremonies hold no spaces.
        context = " ".join([ceremony.value, *bound_to]).encode()
        return hmac.digest(self._key, content + context, hashlib.sha256)


def _expiry(content: bytes) -> int:
    return int.from_bytes(content[_RANDOM_BYTES:])
