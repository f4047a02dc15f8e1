"""The secrets that prove who sends webhooks, and how long deliveries are kept.

Several secrets of a sender are valid at once, so that they can be changed; one may be of a single shop.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr

from shared.core.secret_strength import is_published, is_repetition
from shared.core.settings import EnvironmentSettings, HasSettings, Settings, SettingsError

# Only for type checkers: it takes a second to load, and `petplus up` checks these settings before anything else.
if TYPE_CHECKING:
    from subgraphs.webhook.enums import WebhookSource

# By sender. Public, so that anybody can try the endpoints on their own machine; production refuses them.
DEVELOPMENT_SECRETS = {
    "SHOPIFY": "development-shopify-webhook-secret",
    "STRIPE": "whsec_development-stripe-webhook-secret",
    "INTERNAL": "whsec_ZGV2ZWxvcG1lbnQtaW50ZXJuYWwtd2ViaG9vay1zZWNyZXQ=",
}
STANDARD_PREFIX = "whsec_"
# `pets.myshopify.com=secret`: a secret of one of several shops.
_OF_SHOP = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+)=(.+)", re.ASCII)


class WebhookSettings(EnvironmentSettings):
    """Comma-separated secrets by sender, as `PETPLUS_SHOPIFY_WEBHOOK_SECRETS` and so on; times in days."""

    shopify_webhook_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="Secrets that sign Shopify's webhooks, separated by commas, so that two are valid while they "
        "change; one of several shops as `pets.myshopify.com=secret`. "
        "Required in production. Default: a published one.",
    )
    stripe_webhook_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="Secrets that sign Stripe's webhooks, separated by commas. Required in production. Default: a "
        "published one.",
    )
    internal_webhook_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="Secrets that sign webhooks of our own systems, as base64 after `whsec_`, separated by commas. "
        "Required in production. Default: a published one.",
    )
    stripe_test_keys: Literal["on", "off"] = Field(
        default="off",
        description="`on` lets a production shop take the webhooks of Stripe's test mode, in which no money moves.",
    )
    webhook_retention_days: int = Field(
        default=90, ge=30, le=3650, description="Days that applied deliveries are kept."
    )

    def check(self, settings: Settings) -> None:
        _secrets(settings, self)


SETTINGS = (WebhookSettings,)


@dataclass(frozen=True)
class Key:
    """The bytes that sign, for all shops of a sender or for one."""

    secret: bytes
    shop: str | None = None


class WebhookSecrets:
    """The keys of each sender."""

    def __init__(self, keys: Mapping[str, Sequence[Key]], *, takes_stripe_tests: bool = False) -> None:
        self._keys = keys
        self.takes_stripe_tests = takes_stripe_tests

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "WebhookSecrets":
        """Read the secrets from the environment; raises SettingsError."""
        return load_secrets(runtime.settings)

    def of(self, source: "WebhookSource", shop: str | None = None) -> Sequence[bytes]:
        """Return the keys that are valid for a shop of a sender."""
        return [key.secret for key in self._keys[source.value] if key.shop in (None, shop)]


def load_secrets(settings: Settings) -> WebhookSecrets:
    """Read all secrets; raises SettingsError where one is missing in production, or cannot be one."""
    return _secrets(settings, WebhookSettings.load())


def _secrets(settings: Settings, given: WebhookSettings) -> WebhookSecrets:
    by_sender = {
        "SHOPIFY": given.shopify_webhook_secrets,
        "STRIPE": given.stripe_webhook_secrets,
        "INTERNAL": given.internal_webhook_secrets,
    }
    keys = {source: _keys(source, secrets, settings) for source, secrets in by_sender.items()}
    return WebhookSecrets(keys, takes_stripe_tests=given.stripe_test_keys == "on")


def _keys(source: str, given: SecretStr, settings: Settings) -> list[Key]:
    variable = f"PETPLUS_{source}_WEBHOOK_SECRETS"
    secrets = [secret for part in given.get_secret_value().split(",") if (secret := part.strip())]
    keys = [_key(source, secret, variable) for secret in secrets]
    texts = [key.secret.decode("latin-1") for key in keys]
    if settings.is_production and (not keys or any(map(is_published, texts))):
        raise SettingsError(f"{variable} must be set in production, and not to the development secret.")
    if settings.is_production and any(map(is_repetition, texts)):
        raise SettingsError(f"{variable} is wrong: a secret can be guessed.")
    return keys or [_key(source, DEVELOPMENT_SECRETS[source], variable)]


def _key(source: str, secret: str, variable: str) -> Key:
    if source == "SHOPIFY" and (of_shop := _OF_SHOP.fullmatch(secret)):
        return Key(of_shop[2].encode(), of_shop[1])
    if source != "INTERNAL":
        return Key(secret.encode())
    try:
        key = base64.b64decode(secret.removeprefix(STANDARD_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{variable} is wrong: after `whsec_`, each secret must be base64.") from None
    if not key:
        raise SettingsError(f"{variable} is wrong: a secret is empty.")
    return Key(key)
