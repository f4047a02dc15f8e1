"""A WebAuthn authenticator in software, and the browser around it: answers as JSON, as apps send them.

Every field can be bent, to see it refused: `changes` replaces what the client data or the answer says, and `key` signs
in another's place.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shared.core import base64url

Json: TypeAlias = dict[str, Any]

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ES256 = -7


@dataclass
class Authenticator:
    """One passkey, made for the first options that it is given. `counts` tells whether it counts its signatures."""

    origin: str = "http://localhost:4000"
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: bytes = b""
    count: int = 0

    def create(self, options: str, *, client: Mapping[str, object] | None = None, **changes: Any) -> str:
        """Return a RegistrationResponseJSON for creation options.

        `client` changes the client data; `flags`, `rp_id`, `count`, `cose`, `fmt` and `statement` what is attested.
        """
        given = json.loads(options)
        self.user_handle = base64url.decode(given["user"]["id"])
        client_data = self._client_data("webauthn.create", given, client)
        flags = changes.get("flags", self.flags) | ATTESTED
        cose = changes.get("cose", self.cose_key())
        encoded_key = cose if isinstance(cose, bytes) else cbor2.dumps(cose)
        credential_id = changes.get("credential_id", self.credential_id)
        attested = bytes(16) + len(credential_id).to_bytes(2) + credential_id + encoded_key
        data = self._authenticator_data(changes.get("rp_id", given["rp"]["id"]), flags, changes.get("count", 0))
        attestation = {
            "fmt": changes.get("fmt", "none"),
            "attStmt": changes.get("statement", {}),
            "authData": data + attested,
        }
        answer = {
            "clientDataJSON": base64url.encode(client_data),
            "attestationObject": base64url.encode(cbor2.dumps(attestation)),
            "transports": ["internal", "hybrid", "by-pigeon"],
        }
        return json.dumps(self._credential(answer, self.credential_id))

    def get(self, options: str, *, client: Mapping[str, object] | None = None, **changes: Any) -> str:
        """Return an AuthenticationResponseJSON for request options.

        `client` changes the client data before it is signed; `flags`, `rp_id`, `count` and `key` the authenticator's
        part; `user_handle` and `credential_id` what stands beside the signature.
        """
        given = json.loads(options)
        if self.counts:
            self.count += 1
        client_data = self._client_data("webauthn.get", given, client)
        flags, count = changes.get("flags", self.flags), changes.get("count", self.count)
        data = self._authenticator_data(changes.get("rp_id", given["rpId"]), flags, count)
        signed = data + hashlib.sha256(client_data).digest()
        signature = changes.get("key", self.key).sign(signed, ec.ECDSA(hashes.SHA256()))
        handle = changes.get("user_handle", self.user_handle)
        answer = {
            "clientDataJSON": base64url.encode(client_data),
            "authenticatorData": base64url.encode(data),
            "signature": base64url.encode(signature),
        }
        if handle is not None:
            answer["userHandle"] = base64url.encode(handle)
        return json.dumps(self._credential(answer, changes.get("credential_id", self.credential_id)))

    def cose_key(self) -> dict[int, object]:
        """Return the public key as a COSE_Key (RFC 9053, section 7.1.1)."""
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def _client_data(self, kind: str, options: Json, changes: Mapping[str, object] | None) -> bytes:
        data = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(data | dict(changes or {})).encode()

    def _authenticator_data(self, rp_id: str, flags: int, count: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _credential(self, answer: Json, credential_id: bytes) -> Json:
        key = base64url.encode(credential_id)
        return {
            "id": key,
            "rawId": key,
            "response": answer,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        }


def tampered(response: str, *path: str, value: object) -> str:
    """Return an answer with another value at a place (`response`, `signature`)."""
    changed = json.loads(response)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(changed)
