"""Tokens that name a row: its id, and a MAC over it (HMAC-SHA-256, RFC 2104) with a key of this installation.

So the database and the queue hold nothing that opens anything, and a token that is written again is the same.
"""

import hashlib
import hmac
import re

from shared.core import base64url
from shared.core.settings import Settings


class RowTokens:
    """Writes and reads the tokens of rows whose ids have some prefixes, for one purpose."""

    def __init__(self, settings: Settings, purpose: str, *prefixes: str) -> None:
        self._key = settings.derive_key(purpose)
        self._form = re.compile(rf"((?:{'|'.join(prefixes)})_[0-9a-z]{{26}})\.([A-Za-z0-9_-]{{43}})", re.ASCII)

    def write(self, row_id: str) -> str:
        """Return the token of a row."""
        return f"{row_id}.{base64url.encode(hmac.digest(self._key, row_id.encode(), hashlib.sha256))}"

    def row_of(self, token: str) -> str | None:
        """Return the id of the row that a token is for, or None for a token that is none of ours."""
        parts = self._form.fullmatch(token.strip())
        if parts is None or not hmac.compare_digest(self.write(parts[1]).encode(), token.strip().encode()):
            return None
        return parts[1]
