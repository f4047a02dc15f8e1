"""Links that open a thing to whoever holds them, for a while: browsers that follow a link send no access token.

A link names its end, in Unix seconds, and carries an HMAC-SHA256 over the end and what it opens.
"""

import hashlib
import hmac
import time

from shared.core import base64url


class UrlSigner:
    """Signs the links of one purpose, and knows them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, about: str, expires: int) -> dict[str, str | int]:
        """Return the parameters that open `about` until a moment."""
        return {"expires": expires, "signature": self._signature(about, expires)}

    def verify(self, about: str, expires: str, signature: str) -> bool:
        """Tell whether the parameters of a link are ours, and have not expired."""
        if not (expires.isascii() and expires.isdecimal() and len(expires) < 12):
            return False
        ours = self._signature(about, int(expires)).encode()
        return hmac.compare_digest(ours, signature.encode()) and int(expires) > time.time()

    def _signature(self, about: str, expires: int) -> str:
        return base64url.encode(hmac.digest(self._key, f"{about}.{expires}".encode(), hashlib.sha256))
