"""Links that grant access to their holder until they expire: browsers that follow a link send no access token.

A link contains its expiry, in Unix seconds, and an HMAC-SHA256 over the expiry and what it grants access to.
"""

import hashlib
import hmac
import time

from shared.core import base64url


class UrlSigner:
    """Signs and verifies the links of one purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, about: str, expires: int) -> dict[str, str | int]:
        """Return the parameters that grant access to `about` until an expiry."""
        return {"expires": expires, "signature": self._signature(about, expires)}

    def verify(self, about: str, expires: str, signature: str) -> bool:
        """Tell whether the parameters of a link are ours, and have not expired."""
        if not (expires.isascii() and expires.isdecimal() and len(expires) < 12):
            return False
        ours = self._signature(about, int(expires)).encode()
        return hmac.compare_digest(ours, signature.encode()) and int(expires) > time.time()

    def _signature(self, about: str, expires: int) -> str:
        return base64url.encode(hmac.digest(self._key, f"{about}.{expires}".encode(), hashlib.sha256))
