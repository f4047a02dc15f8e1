"""Settings of this subgraph: where the log's ends are noted by themselves."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.settings import read_environment


class AuditSettings(BaseSettings):
    """Variables `PETPLUS_*`."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    audit_anchors: Path | None = None


def load_audit_settings() -> AuditSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(AuditSettings)
