"""Settings of this subgraph: how its work is paced, and by which way its parcels leave."""

from typing import Literal

from pydantic import Field

from shared.core.settings import EnvironmentSettings, Settings
from shared.mail import MailSettings


class OrderSettings(EnvironmentSettings):
    """Times in seconds, and the carrier."""

    production_start_seconds: float = Field(
        default=60, ge=0, le=30 * 86400, description="Seconds from the payment of an order to its production."
    )
    production_seconds: float = Field(
        default=180, ge=0, le=90 * 86400, description="Seconds that the production of an order takes."
    )
    carrier: Literal["simulated", "none"] | None = Field(
        default=None,
        description="The carrier that takes parcels; with `none` they are left to staff. Default: `simulated`, in "
        "production `none`.",
    )

    def carrier_of(self, settings: Settings) -> str:
        """Return the carrier in use: by default the simulated one, and in production none."""
        return self.carrier or ("none" if settings.is_production else "simulated")


SETTINGS = (OrderSettings, MailSettings)
