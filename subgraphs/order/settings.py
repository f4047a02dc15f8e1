"""Settings of this subgraph: how its work is paced, and by which way its parcels leave."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.settings import Settings, read_environment


class OrderSettings(BaseSettings):
    """Variables `PETPLUS_*`; times in seconds."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    production_start_seconds: float = Field(default=60, ge=0, le=30 * 86400)
    production_seconds: float = Field(default=180, ge=0, le=90 * 86400)
    carrier: Literal["simulated", "none"] | None = None

    def carrier_of(self, settings: Settings) -> str:
        """Return the carrier in use: unless told, the simulated one, and in production none."""
        return self.carrier or ("none" if settings.is_production else "simulated")


def load_order_settings() -> OrderSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(OrderSettings)
