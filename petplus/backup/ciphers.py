"""Encrypts files of any size in chunks (AES-256-GCM), with keys that are derived from a passphrase (scrypt).

Each file has a key of its own. A chunk's nonce is its number and whether it is the last one, so chunks cannot be
exchanged, repeated or left out (the STREAM construction: https://eprint.iacr.org/2015/189).
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from petplus.backup.errors import CorruptBackup

CHUNK_BYTES = 2**20
SALT_BYTES = 16
_TAG_BYTES = 16
_KEY_BYTES = 32
# 128 MiB and about half a second: a guess costs as much.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**17, 8, 1


class Cipher:
    """The keys of one backup."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        """`salt` is the backup's own: `SALT_BYTES` random bytes."""
        scrypt = Scrypt(salt=salt, length=_KEY_BYTES, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)
        self._key = scrypt.derive(passphrase.encode())
        self.salt = salt

    @classmethod
    def new(cls, passphrase: str) -> "Cipher":
        """Make the keys of a new backup."""
        return cls(passphrase, os.urandom(SALT_BYTES))

    @property
    def check(self) -> str:
        """A value by which a wrong passphrase is known before anything is decrypted."""
        return self._derived("check").hex()

    def encrypt(self, name: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the encrypted content of a file, whose parts may have any size."""
        aead, number, rest = AESGCM(self._derived(f"file {name}")), 0, bytearray()
        for part in parts:
            rest += part
            # The last chunk is known by the end alone.
            while len(rest) > CHUNK_BYTES:
                yield aead.encrypt(_nonce(number, last=False), bytes(rest[:CHUNK_BYTES]), None)
                del rest[:CHUNK_BYTES]
                number += 1
        yield aead.encrypt(_nonce(number, last=True), bytes(rest), None)

    def decrypt(self, name: str, file: BinaryIO) -> Iterator[bytes]:
        """Yield the content of an encrypted file; raises CorruptBackup at the first chunk that is not as written."""
        aead, number = AESGCM(self._derived(f"file {name}")), 0
        chunk = file.read(CHUNK_BYTES + _TAG_BYTES)
        while True:
            following = file.read(CHUNK_BYTES + _TAG_BYTES)
            try:
                yield aead.decrypt(_nonce(number, last=not following), chunk, None)
            except InvalidTag:
                raise CorruptBackup(f"{name} is not as it was written: take another backup.") from None
            if not following:
                return
            chunk, number = following, number + 1

    def _derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
