"""Digests by which subgraphs recognise a person without sharing their e-mail address.

A digest of an e-mail address is keyed (HMAC-SHA-256, RFC 2104) with this installation's secret: an event may hold it,
and a reader of the event cannot find out, not even by guessing, whose it is.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator

import orjson

from shared.core.email_addresses import normal_email
from shared.core.settings import HasSettings, Settings

_BETWEEN_ADDRESSES = re.compile(r"[\s<>()\[\]\\\",;:|]+")
# An address may hold one, and may stand between two.
_QUOTE = "'"
_AROUND = " .'"
# Of the part before the @ (RFC 5321).
_LONGEST_LOCAL = 64
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
        """Return the digest of an e-mail address, however it is written: 128 bits in hexadecimal."""
        normal = normal_email(address).encode()
        return hmac.new(self._key, normal, hashlib.sha256).hexdigest()[:_DIGEST_CHARACTERS]

    def of(self, document: object) -> str:
        """Return the digest of a JSON document: 128 bits in hexadecimal."""
        content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()[:_DIGEST_CHARACTERS]

    def within(self, body: bytes) -> set[str]:
        """Return the digests of all e-mail addresses in a document: JSON, or else any text."""
        try:
            texts = list(_texts(orjson.loads(body)))
        except orjson.JSONDecodeError:
            texts = [body.decode(errors="replace")]
        return {self.of_email(address) for text in texts if "@" in text for address in _addresses(text)}


def _texts(document: object) -> Iterator[str]:
    """Yield all texts of a document, names of fields included."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]


def _addresses(text: str) -> set[str]:
    """Return whatever may be an address in a text: itself, and its words without quotes around and before them."""
    found = {text}
    for word in _BETWEEN_ADDRESSES.split(text):
        local, at, domain = word.rpartition("@")
        if at:
            parts, host = local[-_LONGEST_LOCAL:].split(_QUOTE), domain.partition(_QUOTE)[0]
            found |= {f"{_QUOTE.join(parts[place:])}@{host}" for place in range(len(parts))}
    return {trimmed for each in found if (trimmed := each.strip(_AROUND)).count("@") == 1}
