"""The environment of a production shop that is about to start: addresses of one origin, and secrets of its own."""

import base64
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

from shared.core.settings import SettingsError, is_url

_BYTES = 32

_HEAD = """\
# The environment of one shop, made by `petplus keys environment`. Keep it as secret as the data, and with their
# backup: without PETPLUS_SECRET_KEY what is sealed in the database cannot be read.
"""
_SENDERS = """\
# Replace these by what Shopify and Stripe show beside their webhooks; with random ones all their webhooks are refused.
"""


def environment_file(origin: str, smtp_url: str | None) -> str:
    """Return an environment file with new secrets; raises SettingsError for what production would refuse.

    `origin` is where clients reach the shop, such as `https://shop.example`. Without an SMTP server mails are dropped.
    """
    host = _host_of(origin)
    of_senders = {"PETPLUS_SHOPIFY_WEBHOOK_SECRETS": _secret(), "PETPLUS_STRIPE_WEBHOOK_SECRETS": f"whsec_{_secret()}"}
    ours = _addresses(origin, host) | _mail(smtp_url) | _secrets()
    return "".join([_HEAD, *_lines(ours), _SENDERS, *_lines(of_senders)])


def _host_of(origin: str) -> str:
    parts = urlsplit(origin)
    if not is_url(origin, "http", "https") or origin != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise SettingsError("The origin must be one such as https://shop.example, without a path.")
    host = parts.hostname or ""
    if parts.scheme == "http" and host != "localhost":
        raise SettingsError("The origin must begin with https://; http:// is for localhost alone.")
    return host


def _addresses(origin: str, host: str) -> dict[str, str]:
    found = {
        "PETPLUS_PUBLIC_ORIGINS": origin,
        "PETPLUS_PASSKEY_RP_ID": host,
        "PETPLUS_PASSKEY_ORIGINS": origin,
        "PETPLUS_APP_URL": origin,
        "PETPLUS_PREVIEW_URL": origin,
        "PETPLUS_AVATAR_URL": origin,
        "PETPLUS_EXPORT_URL": origin,
    }
    # Mail programs follow no other.
    return found | ({"PETPLUS_UNSUBSCRIBE_URL": origin} if origin.startswith("https://") else {})


def _mail(smtp_url: str | None) -> dict[str, str]:
    if smtp_url is None:
        return {"PETPLUS_DROP_MAILS": "on"}
    if not is_url(smtp_url, "smtp", "smtp+starttls", "smtps"):
        raise SettingsError("The mail server must be an smtp://, smtp+starttls:// or smtps:// address.")
    return {"PETPLUS_SMTP_URL": smtp_url}


def _secrets() -> dict[str, str]:
    standard = base64.b64encode(secrets.token_bytes(_BYTES)).decode()
    ours = {name: _secret() for name in ("PETPLUS_SECRET_KEY", "PETPLUS_ROUTER_SECRETS")}
    servers = {name: _secret() for name in ("DATABASE_PASSWORD", "BROKER_PASSWORD", "CACHE_PASSWORD")}
    return ours | {"PETPLUS_INTERNAL_WEBHOOK_SECRETS": f"whsec_{standard}"} | servers


def _secret() -> str:
    # Of digits and letters alone, since some stand in URLs.
    return secrets.token_hex(_BYTES)


def _lines(variables: dict[str, str]) -> Iterator[str]:
    return (f"{name}={value}\n" for name, value in variables.items())
