"""Settings of this subgraph: how long single events and exports are kept, and where browsers fetch exports."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.settings import BrowsersAddress, Settings, read_environment

PORT_OFFSET = 5


class AnalyticsSettings(BaseSettings):
    """Times in days. What was counted of events stays when they are dropped."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    analytics_retention_days: int = Field(default=400, ge=90, le=3650)
    export_retention_days: int = Field(default=7, ge=1, le=90)
    export_url: BrowsersAddress = None

    def export_url_of(self, settings: Settings) -> str:
        """Return the address before `/exports/…`: unless told, this subgraph's own."""
        return self.export_url or f"http://{settings.host}:{settings.port_of('analytics', PORT_OFFSET)}"


def load_analytics_settings() -> AnalyticsSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(AnalyticsSettings)
