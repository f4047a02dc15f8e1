"""Digests by which subgraphs recognise a person without telling each other who it is.

A digest of an e-mail address is keyed (HMAC-SHA-256, RFC 2104) with this installation's secret: an event may hold it,
and whoever reads the event cannot tell, nor try out, whose it is.
"""

import hashlib
import hmac
import re

import orjson

from shared.core.settings import HasSettings, Settings

_BETWEEN_ADDRESSES = re.compile(r"[\s<>()\[\]\\\"',;:|]+")
_DIGEST_CHARACTERS = 32


class Pseudonymizer:
    """Makes the digests of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derive_key("digests of personal data")

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "Pseudonymizer":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def of_email(self, address: str) -> str:
        """Return the digest of an e-mail address, whatever its case: 128 bits in hexadecimal."""
        normal = address.strip().lower().encode()
        return hmac.new(self._key, normal, hashlib.sha256).hexdigest()[:_DIGEST_CHARACTERS]

    def within(self, body: bytes) -> set[str]:
        """Return the digests of all e-mail addresses in a document: JSON, or else any text."""
        try:
            # Written again, since a sender may have escaped any character of an address.
            text = orjson.dumps(orjson.loads(body)).decode()
        except orjson.JSONDecodeError:
            text = body.decode(errors="replace")
        words = (word.strip(".") for word in _BETWEEN_ADDRESSES.split(text))
        return {self.of_email(word) for word in words if word.count("@") == 1}
