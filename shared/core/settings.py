"""Every setting is an environment variable `PETPLUS_*`; an invalid one stops the start with a sentence naming it."""

import hashlib
import hmac
import os
import re
from ipaddress import ip_network
from math import ceil
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.limits_file import LIMITS
from shared.core.secret_strength import PUBLISHED, is_guessable, is_published
from shared.core.supergraph import port_offsets

DEVELOPMENT_SECRET = PUBLISHED[0]
SHORTEST_SECRET = 32
TLS_PORT_OFFSET = 1000
GRACE_MARGIN_SECONDS = 2
"""How much longer than a call to a subgraph a request in flight may take when a process stops."""


def _http_url(url: str) -> str:
    if not is_url(url, "http", "https"):
        raise ValueError("must be an http:// or https:// address")
    return url


def is_url(text: str, *schemes: str) -> bool:
    """Tell whether a text is a URL of one of some schemes, with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:  # a port that is none, or half an IPv6 address
        return False


def _is_origin(url: str) -> bool:
    parts = urlsplit(url)
    return url == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc


def _without_slash(url: str) -> str:
    return url.rstrip("/")


HttpUrl: TypeAlias = Annotated[str, AfterValidator(_http_url)]
"""An http:// or https:// URL."""

BrowsersAddress: TypeAlias = Annotated[HttpUrl, AfterValidator(_without_slash)] | None
"""An address that browsers use, without a trailing slash."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence for the operator."""


OF_ONE_SUBGRAPH = {
    "PETPLUS_<NAME>_DATABASE_URL": "The database of one subgraph. Default: `PETPLUS_DATABASE_URL`.",
    "PETPLUS_<NAME>_PORT": "The port of one subgraph. Default: as far above the router's as `router/supergraph.yaml` "
    "lists it.",
}
"""The variables that each subgraph has for itself, with their descriptions."""


def variable_of(field: str) -> str:
    """Return the environment variable of a field of settings."""
    return f"PETPLUS_{field.upper()}"


class EnvironmentSettings(BaseSettings):
    """Settings from the environment: each field is a variable `PETPLUS_*`; one that is empty counts as not set.

    docs/settings.md holds the descriptions.
    """

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", env_ignore_empty=True, frozen=True, extra="ignore")
    development_only: ClassVar[bool] = False
    """Whether no process of a production shop is given its variables for it."""

    @classmethod
    def load(cls, **given: Any) -> Self:  # each class has fields of its own
        """Read the environment, but for fields that are given; raises SettingsError with one sentence for the first
        thing that is wrong.
        """
        try:
            return cls(**given)
        except ValidationError as error:
            # What was given may be a secret.
            first = error.errors(include_input=False)[0]
            reason = str(first["msg"]).removeprefix("Value error, ")
            if first["loc"]:
                variable = variable_of(str(first["loc"][0]))
                raise SettingsError(f"{variable} is wrong: {reason}.") from None
            raise SettingsError(f"{reason}.") from None

    def check(self, settings: "Settings") -> None:
        """Raise SettingsError for what is wrong only together with the settings of the process."""


class Settings(EnvironmentSettings):
    """What a process needs to know about its surroundings."""

    env: Literal["development", "production"] = Field(
        default="development", description="Production requires secrets of its own, and runs trusted documents only."
    )
    home: Path = Field(default=Path(".petplus"), description="The directory of data and logs.")
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(
        default=4000,
        ge=1024,
        le=65000,
        description="The router's port. The subgraphs take the ports after it, as `router/supergraph.yaml` lists them.",
    )
    database_url: str | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as a user who may create roles and schemas. Default: an embedded server.",
    )
    redis_url: str | None = Field(
        default=None,
        description="The broker of events: Redis 7 or newer, or Valkey, with `maxmemory-policy noeviction`. "
        "Default: an embedded server.",
    )
    cache_redis_url: str | None = Field(
        default=None,
        description="What may be lost: cached answers, counters of limits, revocations, notifications. A Redis or "
        "Valkey of its own, with `maxmemory` and `maxmemory-policy volatile-ttl`. Default: an embedded server beside "
        "the embedded broker, or else `PETPLUS_REDIS_URL`.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="At least 32 characters. All keys derive from it. "
        "Required in production. Default: a published one.",
    )
    router_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="The secrets that the router and the subgraphs share, at least 32 characters each, separated by "
        "commas. The first signs, and all are accepted, so that they can be changed. A router that has them needs no "
        "`PETPLUS_SECRET_KEY`. Default: `PETPLUS_SECRET_KEY`.",
    )
    token_issuer: str = Field(
        default="https://allpetplus.example", description="The `iss` claim that access tokens must have."
    )
    token_audience: str = Field(
        default="https://api.allpetplus.example", description="The `aud` claim that access tokens must have."
    )
    jwks_url: HttpUrl | None = Field(
        default=None,
        description="Where the keys are that verify access tokens. Default: the user subgraph's own address.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe messages that are logged."
    )
    log_format: Literal["console", "json"] = Field(default="console", description="The form of the log's lines.")
    compiled: Literal["on", "off", "always"] = Field(
        default="on",
        description="Whether operations are compiled: `on` compiles those that are repeated, `always` compiles each.",
    )
    shared_subscriptions: Literal["on", "off"] = Field(
        default="on", description="Whether identical subscriptions of one audience share the execution of events."
    )
    start_timeout: int = Field(
        default=120, ge=1, description="Seconds that the router and each subgraph may take to start under `petplus up`."
    )
    database_pool_size: int = Field(
        default=10,
        ge=1,
        le=200,
        description="Connections that a process keeps open for a subgraph. It opens at most twice as many and 4 more, "
        "so a server for all subgraphs allows 200 (`max_connections`).",
    )
    request_wait: int = Field(
        default=LIMITS.admission.wait_milliseconds,
        ge=1,
        le=600_000,
        description="Milliseconds that an operation may wait for others, at the router, at subgraphs and for work on "
        "passwords together. Then it is refused, with the seconds after which to try again.",
    )
    upstream_timeout: int = Field(
        default=10_000, ge=1, le=600_000, description="Milliseconds that a subgraph may take to respond to the router."
    )
    drain_seconds: int = Field(
        default=0,
        ge=0,
        le=600,
        description="Seconds for which a process that stops goes on to serve, unready, so that balancers learn of it. "
        "In production as long as they take, 5 to 10.",
    )
    grace_seconds: int | None = Field(
        default=None,
        ge=1,
        le=3_600,
        description="Seconds that requests in flight may take when a process stops, after it has drained. Default: 2 "
        "more than `PETPLUS_UPSTREAM_TIMEOUT`.",
    )
    worker_port: int | None = Field(
        default=None,
        ge=1024,
        le=65535,
        description="The port at which `petplus worker` answers `/healthz`, `/ready` and `/metrics`. Default: none.",
    )
    tls_directory: Path | None = Field(
        default=None,
        description="The directory of the certificates of router and subgraphs, as `petplus keys certificates` writes "
        "it: `router/` and `subgraphs/`, with `ca.crt`, `tls.crt` and `tls.key` each. With it a subgraph also listens "
        "1,000 above its port, for callers with a certificate of the router's, which need no signature. Default: none.",
    )
    hive_router: Path | None = Field(
        default=None,
        description="The program that `--engine hive` runs as the router. Default: `hive_router` on the PATH.",
    )
    public_origins: str = Field(
        default="",
        description="Origins such as `https://api.shop.example`, separated by commas, by which clients reach the shop. "
        "Requests for other hosts are answered with status 421. Required in production, unless only this machine "
        "reaches the router. In development subgraphs answer for these hosts too. Default: addresses, and names that "
        "nobody can register.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins such as `https://shop.example`, separated by commas, whose pages may use the graph, read "
        "pictures and files, and send events to `/collect`.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses and networks such as `10.0.0.0/8`, separated by commas, whose "
        "`X-Forwarded-For` is used.",
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        home = home.expanduser().absolute()
        if any(path.exists() and not path.is_dir() for path in (home, *home.parents)):
            raise ValueError("must be a directory")
        return home

    @field_validator("database_url")
    @classmethod
    def _database_scheme(cls, url: str | None) -> str | None:
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
            raise ValueError("must be a postgresql:// URL")
        return f"postgresql+asyncpg://{rest}"

    @field_validator("redis_url", "cache_redis_url")
    @classmethod
    def _redis_scheme(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must be a redis://, rediss:// or unix:// URL")
        return url

    @field_validator("public_origins", "cors_origins")
    @classmethod
    def _origins(cls, text: str) -> str:
        origins = [part.strip() for part in text.split(",") if part.strip()]
        if not all(is_url(origin, "http", "https") and _is_origin(origin) for origin in origins):
            raise ValueError("must be origins such as https://shop.example, separated by commas")
        return ",".join(origins)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        networks = [part.strip() for part in text.split(",") if part.strip()]
        for network in networks:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError("must be addresses or networks such as 10.0.0.0/8, separated by commas") from None
        return ",".join(networks)

    @model_validator(mode="after")
    def _production_has_its_own_secrets(self) -> "Settings":
        secret = self.secret_key.get_secret_value()
        if self.is_production and is_published(secret):
            raise ValueError("PETPLUS_SECRET_KEY must be set in production")
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"PETPLUS_SECRET_KEY must have at least {SHORTEST_SECRET} characters")
        if any(len(given) < SHORTEST_SECRET for given in self._router_secrets):
            raise ValueError(f"each of PETPLUS_ROUTER_SECRETS must have at least {SHORTEST_SECRET} characters")
        if self.is_production:
            self._check_that_nobody_knows(secret)
        return self

    def _check_that_nobody_knows(self, secret: str) -> None:
        if any(map(is_published, self._router_secrets)):
            raise ValueError("PETPLUS_ROUTER_SECRETS must not hold the development secret in production")
        if any(map(is_guessable, self._router_secrets)):
            raise ValueError("one of PETPLUS_ROUTER_SECRETS can be guessed: use random characters")
        if is_guessable(secret):
            raise ValueError("PETPLUS_SECRET_KEY can be guessed: use random characters")

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def request_grace(self) -> int:
        """Seconds that requests in flight may take when the process stops."""
        return self.grace_seconds or ceil(self.upstream_timeout / 1000) + GRACE_MARGIN_SECONDS

    @property
    def stop_seconds(self) -> int:
        """Seconds that a stop of the process may take."""
        return self.drain_seconds + self.request_grace

    @property
    def public_hosts(self) -> set[str]:
        """The names of the hosts by which clients reach the shop, in lower case."""
        return {urlsplit(origin).hostname or "" for origin in self.public_origins.split(",") if origin}

    @property
    def listed_origins(self) -> list[str]:
        """The origins whose pages may use the shop."""
        return [origin for origin in self.cors_origins.split(",") if origin]

    @property
    def has_published_secrets(self) -> bool:
        """Whether anybody can know a secret by which this shop tells what is its own."""
        return any(map(is_published, [self.secret_key.get_secret_value(), *self._router_secrets]))

    def derive_key(self, purpose: str) -> bytes:
        """Return 32 bytes that only this installation knows, different for every purpose."""
        return _derive(self.secret_key.get_secret_value(), purpose)

    def router_keys(self, purpose: str) -> list[bytes]:
        """Return the 32-byte keys that router and subgraphs share, one per secret; the first one signs."""
        secrets = self._router_secrets or [self.secret_key.get_secret_value(), self.router_secret]
        return [_derive(secret, purpose) for secret in secrets]

    @property
    def router_secret(self) -> str:
        """The secret of a router that must not know the shop's: the first that is given, or one derived from it."""
        return (self._router_secrets or [self.derive_key("secret of the router").hex()])[0]

    @property
    def _router_secrets(self) -> list[str]:
        return [part.strip() for part in self.router_secrets.get_secret_value().split(",") if part.strip()]

    def database_url_of(self, subgraph: str) -> str:
        """Return the owner's database URL of one subgraph: its own variable, or the one for all."""
        variable = f"PETPLUS_{subgraph.upper()}_DATABASE_URL"
        try:
            url = self._database_scheme(os.environ.get(variable) or self.database_url)
        except ValueError as error:
            raise SettingsError(f"{variable} is wrong: {error}.") from None
        if url is None:
            raise SettingsError(f"PETPLUS_DATABASE_URL (or {variable}) is not set.")
        return url

    def port_of(self, subgraph: str) -> int:
        """Return the port of one subgraph: its own variable, or as far above the router's as it is listed."""
        given = os.environ.get(f"PETPLUS_{subgraph.upper()}_PORT")
        if not given:
            return self.port + port_offsets()[subgraph]
        if not (given.isascii() and given.isdecimal()) or not 1024 <= int(given) <= 65535:
            raise SettingsError(f"PETPLUS_{subgraph.upper()}_PORT must be a port from 1024 to 65535.")
        return int(given)

    def tls_port_of(self, subgraph: str) -> int:
        """Return the port at which one subgraph listens for the router's certificate."""
        port = self.port_of(subgraph) + TLS_PORT_OFFSET
        if port > 65535:
            raise SettingsError(f"PETPLUS_{subgraph.upper()}_PORT must be at most {65535 - TLS_PORT_OFFSET} with TLS.")
        return port

    @property
    def required_redis_url(self) -> str:
        if self.redis_url is None:
            raise SettingsError("PETPLUS_REDIS_URL is not set.")
        return self.redis_url

    @property
    def required_cache_redis_url(self) -> str:
        return self.cache_redis_url or self.required_redis_url


class HasSettings(Protocol):
    """What carries the settings, such as the runtime of a subgraph."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the process."""


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def load_settings() -> Settings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return Settings.load()
