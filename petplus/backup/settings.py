"""The setting of backups. Only `petplus backup` and `petplus restore` read it: no other process gets it."""

from pydantic import Field, SecretStr

from shared.core.settings import EnvironmentSettings

SHORTEST_PASSPHRASE = 16


class BackupSettings(EnvironmentSettings):
    """How backups are encrypted."""

    backup_passphrase: SecretStr | None = Field(
        default=None,
        min_length=SHORTEST_PASSPHRASE,
        description="Encrypts the files of `petplus backup`, at least 16 characters, and opens them for "
        "`petplus restore`. Keep it apart from the backups. Default: they are not encrypted.",
    )
