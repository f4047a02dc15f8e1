"""Encrypts personal data that one subgraph must send to another in an event.

Events stay in outboxes and streams for days, where single ones cannot be erased. What is sealed there (JWE,
AES-256-GCM; RFC 7516) can only be opened by this installation; the receiver opens it once, stores what it needs where
it can be erased, and drops the seal.
"""

from collections.abc import Mapping

import orjson
from joserfc import jwe
from joserfc.jwk import OctKey

from shared.core.settings import HasSettings, Settings

_HEADER = {"alg": "dir", "enc": "A256GCM"}


class Sealer:
    """Seals and unseals with the key of one installation for one purpose."""

    def __init__(self, settings: Settings, purpose: str = "personal data in events") -> None:
        self._key = OctKey.import_key(settings.derive_key(purpose))

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "Sealer":
        """Make it for a subgraph."""
        return cls(runtime.settings)

    def seal(self, content: Mapping[str, object]) -> str:
        """Return content as encrypted text."""
        return jwe.encrypt_compact(_HEADER, orjson.dumps(content), self._key)

    def unseal(self, sealed: str) -> dict[str, object]:
        """Return what was sealed; raises if it was not sealed here, or was altered."""
        opened: dict[str, object] = orjson.loads(jwe.decrypt_compact(sealed, self._key).plaintext or b"")
        return opened

    def keep(self, sealed: str, *names: str) -> str | None:
        """Return what was sealed with some of its fields alone, sealed again; None where it has none of them."""
        kept = {name: value for name, value in self.unseal(sealed).items() if name in names and value is not None}
        return self.seal(kept) if kept else None
