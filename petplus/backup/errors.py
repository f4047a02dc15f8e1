"""Why a backup or a restore is refused: each message is one sentence for the operator, and nothing was changed."""

from petplus.local.process import ServiceError


class BackupError(ServiceError):
    """A backup or a restore was refused, or ended without effect."""


class NoBackup(BackupError):
    """The directory is no backup, or one that was not finished."""


class CorruptBackup(BackupError):
    """A file of the backup is missing, or not as it was written."""


class NewerBackup(BackupError):
    """The backup, or its PostgreSQL, is of a later version than this one reads."""


class WrongKey(BackupError):
    """The secret key or the passphrase is not the one that the backup was made with."""


class TargetNotEmpty(BackupError):
    """There is already something where the backup or the restored rows would be."""


class TargetInUse(BackupError):
    """Processes of the shop are connected to the database, or another restore runs."""


class IncompatibleMoments(BackupError):
    """The subgraphs are of moments that events cannot bring together."""


class WriteFailed(BackupError):
    """A file could not be written, such as on a full disk."""


class ToolFailed(BackupError):
    """A tool of PostgreSQL is missing, too old, or has failed."""
