"""Ids that one subgraph hands another through the router: it has checked who may see what they name.

The router takes them from one subgraph's answer to the other as a field that clients do not see. The receiver needs no
look at the first one's data, and whoever reaches it without the router cannot make such an id up.
"""

import hashlib
import hmac

from shared.core import base64url
from shared.core.settings import HasSettings


class SignedIds:
    """Signs ids of what an order line shows, and reads them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "SignedIds":
        """Make one for a subgraph; those of all subgraphs of an installation read each other's ids."""
        return cls(runtime.settings.derive_key("ids of what order lines show"))

    def sign(self, key: str) -> str:
        """Return an id with its signature."""
        return f"{key}.{self._signature(key)}"

    def read(self, signed: str) -> str | None:
        """Return the id that was signed; None if it was not signed here."""
        key, _, signature = signed.partition(".")
        is_ours = hmac.compare_digest(self._signature(key).encode(), signature.encode())
        return key if is_ours else None

    def _signature(self, key: str) -> str:
        return base64url.encode(hmac.digest(self._key, key.encode(), hashlib.sha256))
