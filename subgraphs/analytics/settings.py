"""How long analytics keeps single events."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import read_environment


class AnalyticsSettings(BaseSettings):
    """Times in days. What was counted of events stays when they are dropped."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    analytics_retention_days: int = Field(default=400, ge=90, le=3650)


def load_analytics_settings() -> AnalyticsSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(AnalyticsSettings)
