"""Refresh tokens: opaque to clients, good for one use, and each the only one of its session.

A token names its session and its number, and carries a random part and a MAC over all three. The number tells a token
that was spent from one that was never given out; the stored hash of the whole tells whether it is the present one. Its
successor follows from it, so that a client whose answer was lost gets the same one again.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from shared.core import base64url
from shared.core.settings import Settings
from shared.runtime import Runtime
from subgraphs.user.errors import InvalidRefreshToken

_CONTENT = re.compile(rb"(ses_[0-9a-z]{26})\.([0-9]{1,9})\.[0-9a-f]{32}")
_MAC_BYTES = 32
_RANDOM_BYTES = 16


@dataclass(frozen=True)
class RefreshToken:
    """A token that was given out here: of which session, and which of its tokens."""

    session_id: str
    number: int
    text: str

    @property
    def hash(self) -> str:
        """What is stored of it (SHA-256)."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_stored_as(self, stored: str | None) -> bool:
        """Compare it with a stored hash, in constant time."""
        return hmac.compare_digest(self.hash.encode(), (stored or "").encode())


class RefreshTokens:
    """Makes and reads the refresh tokens of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derive_key("refresh tokens")
        self._successor_key = settings.derive_key("successors of refresh tokens")

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "RefreshTokens":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def make(self, session_id: str, number: int) -> RefreshToken:
        """Return a new token of a session."""
        return self._token(session_id, number, secrets.token_bytes(_RANDOM_BYTES))

    def successor(self, token: RefreshToken) -> RefreshToken:
        """Return the token that one is exchanged for: the same each time."""
        random = hmac.digest(self._successor_key, token.text.encode(), hashlib.sha256)[:_RANDOM_BYTES]
        return self._token(token.session_id, token.number + 1, random)

    def read(self, text: str) -> RefreshToken:
        """Return the token that a text is; raises InvalidRefreshToken for one that was never given out."""
        try:
            sealed = base64url.decode(text)
        except ValueError:
            raise InvalidRefreshToken from None
        mac, content = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content)) or not (parts := _CONTENT.fullmatch(content)):
            raise InvalidRefreshToken
        return RefreshToken(parts[1].decode(), int(parts[2]), text)

    def _token(self, session_id: str, number: int, random: bytes) -> RefreshToken:
        content = f"{session_id}.{number}.{random.hex()}".encode()
        return RefreshToken(session_id, number, base64url.encode(self._mac(content) + content))

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)
