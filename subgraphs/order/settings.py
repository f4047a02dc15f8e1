"""Settings of this subgraph: how its work is paced, by which way its parcels leave, and how its mails are ended."""

from typing import Literal

from pydantic import Field

from shared.core.settings import BrowsersAddress, EnvironmentSettings, Settings, SettingsError
from shared.mail import MailSettings


class OrderSettings(EnvironmentSettings):
    """Times in seconds, the carrier, and an address."""

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

    unsubscribe_url: BrowsersAddress = Field(
        default=None,
        description="Where browsers and mail programs reach the order subgraph's `/unsubscribe/`: the address before "
        "it, in production with https. Default: the order subgraph's own address; in production none, and mails then "
        "have no link to unsubscribe.",
    )

    def check(self, settings: Settings) -> None:
        # RFC 8058, section 3.1: mail programs follow no other.
        if settings.is_production and self.unsubscribe_url and not self.unsubscribe_url.startswith("https://"):
            raise SettingsError("PETPLUS_UNSUBSCRIBE_URL must be an https:// address in production.")

    def unsubscribe_url_of(self, settings: Settings) -> str | None:
        """Return the address before `/unsubscribe/…`: by default this subgraph's own, and in production none."""
        own = None if settings.is_production else f"http://{settings.host}:{settings.port_of('order')}"
        return self.unsubscribe_url or own

    def carrier_of(self, settings: Settings) -> str:
        """Return the carrier in use: by default the simulated one, and in production none."""
        return self.carrier or ("none" if settings.is_production else "simulated")


SETTINGS = (OrderSettings, MailSettings)
