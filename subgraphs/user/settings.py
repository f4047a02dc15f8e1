"""Settings of this subgraph."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from shared.core.settings import EnvironmentSettings, HttpUrl, Settings, SettingsError, is_url
from shared.mail import MailSettings

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"localhost|({_LABEL}\.)+{_LABEL}", re.ASCII)
_ANDROID_ORIGIN = re.compile(r"android:apk-key-hash:[A-Za-z0-9_-]{43}", re.ASCII)


class UserSettings(EnvironmentSettings):
    """Where the app is."""

    app_url: HttpUrl = Field(
        default="https://allpetplus.example",
        description="The web app that links in mails lead to: `/open-account`, `/verify-email` and `/reset-password`, "
        "with the token after a `#`, which the app sends to the graph.",
    )


@dataclass(frozen=True)
class RelyingParty:
    """For which domain passkeys are made, and which pages and apps may use them there (WebAuthn Level 2)."""

    id: str
    origins: tuple[str, ...]


class PasskeySettings(EnvironmentSettings):
    """For which domain passkeys are made, and where they are used."""

    passkey_rp_id: str | None = Field(
        default=None,
        description="The domain that passkeys are made for (WebAuthn's RP ID), such as `shop.example`. Another domain "
        "makes all passkeys useless. Required in production. Default: `localhost`.",
    )
    passkey_origins: str = Field(
        default="",
        description="Where passkeys may be used, separated by commas: origins of pages at the domain or below it, such "
        "as `https://www.shop.example`, and Android apps as `android:apk-key-hash:…`. Required in production. Default: "
        "the router's own address at `localhost`.",
    )

    @field_validator("passkey_rp_id")
    @classmethod
    def _domain(cls, domain: str | None) -> str | None:
        if domain is not None and (not _DOMAIN.fullmatch(domain) or _is_address(domain)):
            raise ValueError("must be a domain in lower case such as shop.example, or localhost")
        return domain

    @field_validator("passkey_origins")
    @classmethod
    def _origins(cls, text: str) -> str:
        origins = [part.strip() for part in text.split(",") if part.strip()]
        for origin in origins:
            if not _ANDROID_ORIGIN.fullmatch(origin) and _host_of(origin) is None:
                raise ValueError(
                    "must be origins such as https://www.shop.example (http for localhost alone) or "
                    "android:apk-key-hash:…, separated by commas"
                )
        return ",".join(origins)

    def relying_party(self, settings: Settings) -> RelyingParty:
        """Return what passkeys are checked by; raises SettingsError."""
        if settings.is_production and self.passkey_rp_id is None:
            raise SettingsError("PETPLUS_PASSKEY_RP_ID must be set in production.")
        if settings.is_production and not self.passkey_origins:
            raise SettingsError("PETPLUS_PASSKEY_ORIGINS must be set in production.")
        domain = self.passkey_rp_id or "localhost"
        origins = tuple(self.passkey_origins.split(",")) if self.passkey_origins else ()
        for host in filter(None, map(_host_of, origins)):
            if host != domain and not host.endswith(f".{domain}"):
                raise SettingsError(f"PETPLUS_PASSKEY_ORIGINS is wrong: {host} is not {domain} or below it.")
        if not origins and domain != "localhost":
            raise SettingsError("PETPLUS_PASSKEY_ORIGINS must be set with PETPLUS_PASSKEY_RP_ID.")
        return RelyingParty(domain, origins or (f"http://localhost:{settings.port}",))

    def check(self, settings: Settings) -> None:
        self.relying_party(settings)


def _host_of(origin: str) -> str | None:
    """Return the host of an origin as browsers write it; None for what is none, or is not encrypted elsewhere."""
    if not is_url(origin, "https", "http"):
        return None
    parts = urlsplit(origin)
    host, standard = parts.hostname or "", 443 if parts.scheme == "https" else 80
    port = "" if parts.port in (None, standard) else f":{parts.port}"
    is_secure = parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return host if is_secure and origin.isascii() and origin == f"{parts.scheme}://{host}{port}" else None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


SETTINGS = (UserSettings, PasskeySettings, MailSettings)
