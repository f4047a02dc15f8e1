"""Settings of this subgraph: where the log's ends are noted by themselves."""

from pathlib import Path

from pydantic import Field, field_validator

from shared.core.settings import EnvironmentSettings


class AuditSettings(EnvironmentSettings):
    """Where the end of the log is noted."""

    audit_anchors: Path | None = Field(
        default=None,
        description="A file to which the end of the audit log is added each hour, best on a disk that nobody who "
        "writes the database can change. Default: none.",
    )

    @field_validator("audit_anchors")
    @classmethod
    def _file(cls, file: Path | None) -> Path | None:
        if file is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
            raise ValueError("must be a file in a directory that exists")
        return file


SETTINGS = (AuditSettings,)
