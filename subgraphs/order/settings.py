"""Settings of this subgraph: how its work is paced, how it is paid, how its parcels leave and its mails are ended."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from shared.core.secret_strength import PUBLISHED
from shared.core.settings import BrowsersAddress, EnvironmentSettings, HttpUrl, Settings, SettingsError
from shared.mail import MailSettings

_TEST_KEYS = ("sk_test_", "rk_test_", "pk_test_")
_SECRET_KEYS = ("sk_", "rk_")


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


class PaymentSettings(EnvironmentSettings):
    """Who takes payments, the keys of that provider, and how long it is waited for them."""

    payment_provider: Literal["simulated", "stripe", "none"] | None = Field(
        default=None,
        description="Who takes payments for orders that are placed here; with `none` they are left to staff. "
        "`simulated` is for development alone. Default: `simulated`, in production `none`.",
    )
    stripe_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="The secret or restricted key of the Stripe account (`sk_…`, `rk_…`). Required with the provider "
        "`stripe`.",
    )
    stripe_publishable_key: str = Field(
        default="",
        description="The publishable key of the same account (`pk_…`), which clients get. Required with the provider "
        "`stripe`.",
    )
    stripe_api_url: HttpUrl = Field(
        default="https://api.stripe.com", description="Where Stripe's API is reached, in production with https."
    )
    stripe_test_keys: Literal["on", "off"] = Field(
        default="off",
        description="`on` lets a production shop take test keys (`sk_test_…`), such as one for staging. Its webhook "
        "subgraph needs it too, to take the webhooks of Stripe's test mode.",
    )
    payment_hours: int = Field(
        default=24,
        ge=1,
        le=720,
        description="Hours after which an order that was placed here and is not paid is cancelled. None is with the "
        "provider `none`.",
    )

    @field_validator("stripe_api_key")
    @classmethod
    def _secret_key(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value() and not key.get_secret_value().startswith(_SECRET_KEYS):
            raise ValueError("must be a secret or restricted key of Stripe: sk_… or rk_…")
        return key

    @field_validator("stripe_publishable_key")
    @classmethod
    def _publishable_key(cls, key: str) -> str:
        if key and not key.startswith("pk_"):
            raise ValueError("must be a publishable key of Stripe: pk_…")
        return key

    def check(self, settings: Settings) -> None:
        provider = self.provider_of(settings)
        if provider == "simulated" and settings.is_production:
            raise SettingsError("PETPLUS_PAYMENT_PROVIDER must not be `simulated` in production.")
        if provider == "stripe":
            self._check_stripe(settings)

    def _check_stripe(self, settings: Settings) -> None:
        secret, public = self.stripe_api_key.get_secret_value(), self.stripe_publishable_key
        for variable, key in (("PETPLUS_STRIPE_API_KEY", secret), ("PETPLUS_STRIPE_PUBLISHABLE_KEY", public)):
            if not key:
                raise SettingsError(f"{variable} must be set for the payment provider `stripe`.")
        tests = [key.startswith(_TEST_KEYS) for key in (secret, public)]
        if any(tests) and not all(tests):
            raise SettingsError("PETPLUS_STRIPE_PUBLISHABLE_KEY is wrong: one of Stripe's keys is a test key.")
        if settings.is_production and any(tests) and self.stripe_test_keys == "off":
            raise SettingsError(
                "PETPLUS_STRIPE_API_KEY must not be a test key in production (PETPLUS_STRIPE_TEST_KEYS)."
            )
        if settings.is_production and not self.stripe_api_url.startswith("https://"):
            raise SettingsError("PETPLUS_STRIPE_API_URL must be an https:// address in production.")

    def provider_of(self, settings: Settings) -> str:
        """Return the provider in use: by default the simulated one, and in production none."""
        return self.payment_provider or ("none" if settings.is_production else "simulated")


class SimulatedPaymentSettings(EnvironmentSettings):
    """What the simulated provider needs, to sign its webhooks as Stripe does."""

    development_only = True

    stripe_webhook_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="The simulated provider signs its webhooks with the first of these. It is not read in production. "
        "Default: a published one.",
    )

    @property
    def secret(self) -> str:
        """The secret that signs."""
        first = self.stripe_webhook_secrets.get_secret_value().partition(",")[0].strip()
        return first or f"whsec_{PUBLISHED[2]}"


SETTINGS = (OrderSettings, PaymentSettings, SimulatedPaymentSettings, MailSettings)
