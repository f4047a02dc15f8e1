"""Links that grant access to their holder: browsers that follow a link send no access token.

A link contains an HMAC-SHA256 over what it grants access to and, if it expires, its expiry in Unix seconds.
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

    def sign_lasting(self, about: str) -> str:
        """Return the signature of a link that does not expire; `about` must name something that does not change."""
        return base64url.encode(hmac.digest(self._key, f"lasting {about}".encode(), hashlib.sha256))

    def verify_lasting(self, about: str, signature: str) -> bool:
        """Tell whether the signature of a link that does not expire is ours."""
        return hmac.compare_digest(self.sign_lasting(about).encode(), signature.encode())

    def _signature(self, about: str, expires: int) -> str:
        return base64url.encode(hmac.digest(self._key, f"{about}.{expires}".encode(), hashlib.sha256))
