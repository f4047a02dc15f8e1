"""Settings of this subgraph."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from shared.core.settings import BrowsersAddress, EnvironmentSettings, Settings, SettingsError, is_url
from shared.mail import MailSettings

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"localhost|({_LABEL}\.)+{_LABEL}", re.ASCII)
_APP_VERSION = re.compile(r"[a-z][a-z0-9-]{0,39}=\d{1,9}(\.\d{1,9}){0,3}", re.ASCII)
_ANDROID_ORIGIN = re.compile(r"android:apk-key-hash:[A-Za-z0-9_-]{43}", re.ASCII)


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


class AvatarSettings(EnvironmentSettings):
    """Where browsers reach pictures of users."""

    avatar_url: BrowsersAddress = Field(
        default=None,
        description="Where browsers and apps reach pictures of users: the address before `/avatars/`. "
        "Default: the user subgraph's own address.",
    )

    def avatar_url_of(self, settings: Settings) -> str:
        """Return the address before `/avatars/…`: by default, this subgraph's own."""
        return self.avatar_url or f"http://{settings.host}:{settings.port_of('user')}"


class PushSettings(EnvironmentSettings):
    """Who delivers push messages."""

    push_provider: Literal["simulated", "none"] | None = Field(
        default=None,
        description="Who delivers push messages to devices. `simulated` writes them as files in `PETPLUS_HOME/push`, "
        "for development alone; with `none` nothing is sent. Default: `simulated`, in production `none`.",
    )

    def check(self, settings: Settings) -> None:
        if self.provider_of(settings) == "simulated" and settings.is_production:
            raise SettingsError("PETPLUS_PUSH_PROVIDER must not be `simulated` in production.")

    def provider_of(self, settings: Settings) -> str:
        """Return the provider in use: by default the simulated one, and in production none."""
        return self.push_provider or ("none" if settings.is_production else "simulated")


class ClientSettings(EnvironmentSettings):
    """Which releases of apps still work with this version."""

    minimum_app_versions: str = Field(
        default="",
        description="The oldest release of each app that still works, such as `mobile=1.4.0,kiosk=2.0`, which "
        "`clientConfig` tells apps. Default: none is too old.",
    )

    @field_validator("minimum_app_versions")
    @classmethod
    def _versions(cls, text: str) -> str:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        names = [part.partition("=")[0] for part in parts]
        if not all(_APP_VERSION.fullmatch(part) for part in parts) or len(set(names)) < len(names):
            raise ValueError("must be apps with a version each, such as mobile=1.4.0,kiosk=2.0")
        return ",".join(parts)

    def minimum_of(self, app: str) -> str | None:
        """Return the oldest release of an app that still works; None where all do."""
        return dict(part.split("=") for part in self.minimum_app_versions.split(",") if part).get(app)


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


SETTINGS = (PasskeySettings, AvatarSettings, PushSettings, ClientSettings, MailSettings)
