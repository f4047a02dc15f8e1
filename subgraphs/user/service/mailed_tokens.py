"""Mailed tokens: they prove that whoever has one can read the mails of an address.

A token is the id of its row and a MAC over it (HMAC-SHA-256, RFC 2104) with a key of this installation. So the queue
and the database hold nothing that opens anything, and a mail that is sent again says the same.
"""

import hashlib
import hmac
import re

from shared.core import base64url
from shared.core.settings import Settings
from shared.runtime import Runtime
from subgraphs.user.errors import invalid_token

REGISTRATION, PROOF = "reg", "prf"
"""The prefixes of the ids of rows that tokens are for."""
_TOKEN = re.compile(r"((?:reg|prf)_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})", re.ASCII)


class ProofTokens:
    """Writes and reads the tokens of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derive_key("mailed tokens")

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "ProofTokens":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def write(self, row_id: str) -> str:
        """Return the token of a registration or a proof."""
        return f"{row_id}.{base64url.encode(hmac.digest(self._key, row_id.encode(), hashlib.sha256))}"

    def read(self, token: str) -> str:
        """Return the id of the row that a token is for; raises InvalidInput for one that is none of ours."""
        parts = _TOKEN.fullmatch(token.strip())
        if parts is None or not hmac.compare_digest(self.write(parts[1]).encode(), token.strip().encode()):
            raise invalid_token()
        return parts[1]
