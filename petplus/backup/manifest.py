"""The manifest of a backup: what it holds, of which moment, and the checksums that show that nothing was changed.

A dump is a program that the restoring user runs. So the manifest carries a MAC by a key that only this installation
has, and a backup that somebody else wrote or altered is refused.
"""

import datetime as dt
import hashlib
import hmac
import os
from importlib.metadata import version
from pathlib import Path
from typing import Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from petplus.backup.ciphers import Cipher
from petplus.backup.errors import CorruptBackup, NewerBackup, NoBackup, WrongKey
from shared.core.ids import new_id
from shared.core.settings import Settings

FORMAT = 1
"""The version of the form that this release writes, and the newest that it reads."""
FILE = "manifest.json"
_READ_BYTES = 2**20


class DumpFacts(BaseModel):
    """One subgraph's dump. `rows` counts the rows of each table, partitions with their parents'."""

    model_config = ConfigDict(frozen=True)

    file: str
    bytes: int
    sha256: str
    postgres: int
    """The server's major version."""
    revision: str
    """The newest migration."""
    rows: dict[str, int]
    unpublished: int
    """Events that the broker had not taken."""


class Encryption(BaseModel):
    """How the files are encrypted (`petplus/backup/ciphers.py`), in hexadecimal."""

    model_config = ConfigDict(frozen=True)

    salt: str
    check: str


class Manifest(BaseModel):
    """One backup. All its dumps are of the same `moment`."""

    model_config = ConfigDict(frozen=True)

    format: int
    id: str
    product: str
    moment: dt.datetime
    key_id: str
    """Names the secret key, which a backup does not hold."""
    encryption: Encryption | None
    subgraphs: dict[str, DumpFacts]
    mac: str = ""

    @classmethod
    def new(
        cls, settings: Settings, moment: dt.datetime, dumps: dict[str, DumpFacts], cipher: Cipher | None, id: str
    ) -> Self:
        """Make the manifest of what was dumped."""
        made = cls(
            format=FORMAT,
            id=id,
            product=version("all-pet-plus"),
            moment=moment,
            key_id=_key_id(settings),
            encryption=None if cipher is None else Encryption(salt=cipher.salt.hex(), check=cipher.check),
            subgraphs=dumps,
        )
        return made.model_copy(update={"mac": made._mac(settings)})

    def write(self, directory: Path) -> None:
        """Write it into the directory of its backup, to the disk."""
        write_private(directory / FILE, orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_INDENT_2))

    @classmethod
    def read(cls, directory: Path, settings: Settings) -> Self:
        """Read the manifest of a backup; raises BackupError."""
        try:
            content = orjson.loads((directory / FILE).read_bytes())
        except FileNotFoundError:
            raise NoBackup(f"{directory} is no backup, or one that was not finished: it has no {FILE}.") from None
        except OSError as error:
            raise NoBackup(f"{directory} cannot be read: {error.strerror}.") from None
        except ValueError:
            raise CorruptBackup(f"{directory / FILE} is not as it was written.") from None
        written = content.get("format") if isinstance(content, dict) else None
        if isinstance(written, int) and written > FORMAT:
            raise NewerBackup(f"{directory} has format {written}, and this version reads up to {FORMAT}: update first.")
        try:
            found = cls.model_validate(content)
        except ValidationError:
            raise CorruptBackup(f"{directory / FILE} is not as it was written.") from None
        if found.key_id != _key_id(settings):
            raise WrongKey(f"{directory} was made with another PETPLUS_SECRET_KEY: set the one of that time.")
        if not hmac.compare_digest(found.mac.encode(), found._mac(settings).encode()):
            raise CorruptBackup(f"{directory / FILE} is not as it was written.")
        return found

    def cipher(self, passphrase: str | None) -> Cipher | None:
        """Return what opens the files, or None where they are not encrypted; raises WrongKey."""
        if self.encryption is None:
            return None
        if passphrase is None:
            raise WrongKey("The backup is encrypted: set PETPLUS_BACKUP_PASSPHRASE.")
        cipher = Cipher(passphrase, bytes.fromhex(self.encryption.salt))
        if not hmac.compare_digest(cipher.check.encode(), self.encryption.check.encode()):
            raise WrongKey("PETPLUS_BACKUP_PASSPHRASE is not the one that the backup was made with.")
        return cipher

    def verify(self, directory: Path) -> None:
        """Raise CorruptBackup for the first file that is missing or not as it was written."""
        for dump in self.subgraphs.values():
            path = directory / dump.file
            try:
                found = sha256_of(path)
            except OSError as error:
                raise CorruptBackup(f"{path} cannot be read: {error.strerror}.") from None
            if found != dump.sha256:
                raise CorruptBackup(f"{path} is not as it was written: use another backup.")

    def _mac(self, settings: Settings) -> str:
        content = orjson.dumps(self.model_dump(mode="json", exclude={"mac"}), option=orjson.OPT_SORT_KEYS)
        return hmac.digest(settings.derive_key("manifest of a backup"), content, hashlib.sha256).hex()


def new_backup_id() -> str:
    """Return the id of a new backup."""
    return new_id("bak")


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_READ_BYTES):
            digest.update(part)
    return digest.hexdigest()


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its user may read, to the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _key_id(settings: Settings) -> str:
    return settings.derive_key("name of the key of a backup").hex()[:16]
