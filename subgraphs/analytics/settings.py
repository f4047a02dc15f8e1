"""Settings of this subgraph: how long single events and exports are kept, and where browsers fetch exports."""

from pydantic import Field

from shared.core.settings import BrowsersAddress, EnvironmentSettings, Settings


class AnalyticsSettings(EnvironmentSettings):
    """Times in days. What was counted of events stays when they are dropped."""

    analytics_retention_days: int = Field(
        default=400, ge=90, le=3650, description="Days that single events are kept. What was counted of them stays."
    )
    export_retention_days: int = Field(
        default=7, ge=1, le=90, description="Days that files of exported events are kept."
    )
    export_url: BrowsersAddress = Field(
        default=None,
        description="Where browsers fetch exports: the address before `/exports/`. Default: the analytics subgraph's "
        "own address.",
    )

    def export_url_of(self, settings: Settings) -> str:
        """Return the address before `/exports/…`: by default, this subgraph's own."""
        return self.export_url or f"http://{settings.host}:{settings.port_of('analytics')}"


SETTINGS = (AnalyticsSettings,)
