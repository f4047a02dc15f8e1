"""The secrets that prove who sends webhooks: several may be valid at once, so that they can be changed."""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.runtime import Runtime
from shared.settings import Settings, SettingsError
from subgraphs.webhook.enums import WebhookSource

# Public, so that anybody can try the endpoints on their own machine; production refuses them.
DEVELOPMENT_SECRETS = {
    WebhookSource.SHOPIFY: "development-shopify-webhook-secret",
    WebhookSource.STRIPE: "whsec_development-stripe-webhook-secret",
    WebhookSource.INTERNAL: "whsec_ZGV2ZWxvcG1lbnQtaW50ZXJuYWwtd2ViaG9vay1zZWNyZXQ=",
}
STANDARD_PREFIX = "whsec_"


class WebhookSettings(BaseSettings):
    """Comma-separated secrets by sender, as `PETPLUS_SHOPIFY_WEBHOOK_SECRETS` and so on."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    shopify_webhook_secrets: SecretStr = SecretStr("")
    stripe_webhook_secrets: SecretStr = SecretStr("")
    internal_webhook_secrets: SecretStr = SecretStr("")


class WebhookSecrets:
    """The keys of each sender, as the bytes that sign."""

    def __init__(self, keys: Mapping[WebhookSource, Sequence[bytes]]) -> None:
        self._keys = keys

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["WebhookSecrets"]:
        """Read the secrets from the environment; raises SettingsError."""
        yield load_secrets(runtime.settings)

    def of(self, source: WebhookSource) -> Sequence[bytes]:
        """Return the keys that are valid for a sender."""
        return self._keys[source]


def load_secrets(settings: Settings) -> WebhookSecrets:
    """Read all secrets; raises SettingsError where one is missing in production, or cannot be one."""
    given = WebhookSettings()
    return WebhookSecrets(
        {
            WebhookSource.SHOPIFY: _keys(WebhookSource.SHOPIFY, given.shopify_webhook_secrets, settings),
            WebhookSource.STRIPE: _keys(WebhookSource.STRIPE, given.stripe_webhook_secrets, settings),
            WebhookSource.INTERNAL: _keys(WebhookSource.INTERNAL, given.internal_webhook_secrets, settings),
        }
    )


def _keys(source: WebhookSource, given: SecretStr, settings: Settings) -> list[bytes]:
    variable = f"PETPLUS_{source.value}_WEBHOOK_SECRETS"
    secrets = [secret for part in given.get_secret_value().split(",") if (secret := part.strip())]
    development = DEVELOPMENT_SECRETS[source]
    if settings.is_production and (not secrets or development in secrets):
        raise SettingsError(f"{variable} must be set in production, and not to the development secret.")
    return [_key(source, secret, variable) for secret in secrets or [development]]


def _key(source: WebhookSource, secret: str, variable: str) -> bytes:
    if source is not WebhookSource.INTERNAL:
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(STANDARD_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{variable} is wrong: after `whsec_`, each secret must be base64.") from None
    if not key:
        raise SettingsError(f"{variable} is wrong: a secret is empty.")
    return key
