"""Settings of this subgraph: how long single events and exports are kept, and where browsers fetch exports."""

from pydantic import Field, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

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

    analytics_replica_url: str | None = Field(
        default=None,
        description="A streaming replica of the analytics database, from which reports are read. Its user and password "
        "are not used: the subgraph logs in by its own role. Default: reports are read from the database itself.",
    )
    analytics_replica_lag: int = Field(
        default=60,
        ge=1,
        le=86_400,
        description="Seconds that reports of a replica may be behind. One that is further behind, or away, is passed "
        "by. The clocks of both servers must agree.",
    )

    @field_validator("analytics_replica_url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        try:
            address = make_url(url)
        except (ArgumentError, ValueError):
            raise ValueError("must be a postgresql:// URL") from None
        if address.drivername not in {"postgres", "postgresql", "postgresql+asyncpg"}:
            raise ValueError("must be a postgresql:// URL")
        if "sslmode" in address.query:
            raise ValueError("must have `ssl=…` in place of `sslmode=…`")
        return url

    def export_url_of(self, settings: Settings) -> str:
        """Return the address before `/exports/…`: by default, this subgraph's own."""
        return self.export_url or f"http://{settings.host}:{settings.port_of('analytics')}"


SETTINGS = (AnalyticsSettings,)
