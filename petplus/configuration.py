"""Checks all settings before anything starts: each wrong one is one sentence that names its variable.

The libraries that read URLs are imported where there is one, because `petplus up` needs none of them.
"""

import inspect
import os
import socket
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

from petplus import registry
from petplus.generated.composition import gateway_environment
from petplus.local.node import ROUTER, find_node
from shared.core.settings import EnvironmentSettings, Settings, SettingsError, variable_of

_SCRIPT_SECONDS = 60
# What SQLAlchemy's dialect takes of a URL before asyncpg gets the rest.
_OF_DIALECT = {"prepared_statement_cache_size"}


def settings_of(name: str) -> Sequence[type[EnvironmentSettings]]:
    """Return the settings classes that a subgraph reads beside `Settings`: `SETTINGS` in its `settings.py`."""
    module = f"subgraphs.{name}.settings"
    if find_spec(module) is None:
        return ()
    kinds: Sequence[type[EnvironmentSettings]] = import_module(module).SETTINGS
    return kinds


def check_settings(settings: Settings, names: Iterable[str] = (), *, with_router: bool = False) -> None:
    """Raise SettingsError for the first setting that subgraphs cannot start with; all subgraphs unless named.

    With the router its port counts among theirs; for its own settings there is `check_router_settings`.
    """
    served = tuple(names) or registry.NAMES
    for name in served:
        for kind in settings_of(name):
            kind.load().check(settings)
    ports = {"PETPLUS_PORT": settings.port} if with_router else {}
    ports |= {f"PETPLUS_{name.upper()}_PORT": settings.port_of(name) for name in served}
    if settings.tls_directory is not None:
        from shared.http.mutual_tls import MutualTls

        MutualTls(settings.tls_directory)
        ports |= {f"PETPLUS_{name.upper()}_PORT with TLS": settings.tls_port_of(name) for name in served}
    _check_ports(ports)
    _check_host(settings.host)
    if settings.has_published_secrets and not is_loopback(settings.host):
        reason = "the address is one that others reach, and the default is published: set both, or listen on 127.0.0.1"
        raise SettingsError(f"PETPLUS_SECRET_KEY must be set with PETPLUS_HOST: {reason}.")
    _check_redis(settings)
    for name in served:
        _check_database(name, settings)


def check_router_settings(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise SettingsError for the first setting that the router cannot start with; its modules must be installed."""
    argv = [str(find_node().binary), str(ROUTER / "tools" / "settings.mjs")]
    env = gateway_environment(settings, environment)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=_SCRIPT_SECONDS, check=False, env=env)
    if done.returncode != 0:
        raise SettingsError(done.stdout.strip() or f"The router's settings cannot be read: {done.stderr.strip()}")


def check_home(home: Path) -> None:
    """Raise SettingsError where nobody can write into PETPLUS_HOME, which is made if missing."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_writable = os.access(home, os.W_OK | os.X_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise SettingsError(f"PETPLUS_HOME is wrong: {home} cannot be written.")


def _check_ports(ports: Mapping[str, int]) -> None:
    taken: dict[int, str] = {}
    for variable, port in ports.items():
        if port in taken:
            raise SettingsError(f"{variable} is wrong: {port} is the port of {taken[port]} already.")
        taken[port] = variable


def _check_host(host: str) -> None:
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
    except (OSError, UnicodeError):
        raise SettingsError(f"PETPLUS_HOST is wrong: {host} is no address of this machine.") from None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address of this machine."""
    found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    return all(ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def _check_redis(settings: Settings) -> None:
    given = {field: url for field in ("redis_url", "cache_redis_url") if (url := getattr(settings, field))}
    if not given:
        return
    from redis.asyncio.connection import parse_url

    for field, url in given.items():
        try:
            parse_url(url)
        except ValueError:
            raise SettingsError(f"{variable_of(field)} is wrong: it cannot be read as a URL.") from None


def _check_database(name: str, settings: Settings) -> None:
    own = f"PETPLUS_{name.upper()}_DATABASE_URL"
    variable = own if os.environ.get(own) else "PETPLUS_DATABASE_URL"
    if variable != own and settings.database_url is None:
        return
    import asyncpg
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.database_url_of(name))
    except (ValueError, ArgumentError):  # their texts hold the password
        raise SettingsError(f"{variable} is wrong: it cannot be read as a URL.") from None
    known = inspect.signature(asyncpg.connect).parameters.keys() | _OF_DIALECT
    if unknown := sorted(url.query.keys() - known):
        raise SettingsError(f"{variable} is wrong: asyncpg knows no `{unknown[0]}`.")
