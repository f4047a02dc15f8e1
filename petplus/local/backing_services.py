"""The servers around the subgraphs: those that are given, those of a running `petplus up`, or embedded ones."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from petplus import registry
from petplus.local.embedded import CACHE, EmbeddedPostgres, EmbeddedValkey
from petplus.local.locking import DirectoryLock
from petplus.local.process import ServiceError
from shared.core.settings import Settings, load_settings

DATABASE_VARIABLE = "PETPLUS_DATABASE_URL"
REDIS_VARIABLE = "PETPLUS_REDIS_URL"
CACHE_VARIABLE = "PETPLUS_CACHE_REDIS_URL"


@asynccontextmanager
async def backing_services(settings: Settings) -> AsyncIterator[Settings]:
    """Find or start what is not given, for the length of the block; yields settings that name all servers.

    The variables are set in this process's environment too, so that its children find the same servers.
    """
    async with AsyncExitStack() as stack:
        if _lacks_database(settings) or settings.redis_url is None:
            settings = running_settings(settings)
            await _start(settings, stack)
        yield load_settings()


def running_settings(settings: Settings) -> Settings:
    """Return settings that name the servers of a running `petplus up`, where there is one; nothing is started."""
    for variable, url in _running(settings.home).items():
        os.environ.setdefault(variable, url)
    return load_settings()


def _lacks_database(settings: Settings) -> bool:
    own = [os.environ.get(f"PETPLUS_{name.upper()}_DATABASE_URL") for name in registry.NAMES]
    return settings.database_url is None and not all(own)


async def _start(settings: Settings, stack: AsyncExitStack) -> None:
    if _lacks_database(settings):
        postgres = EmbeddedPostgres(settings.home)
        await postgres.start()
        stack.push_async_callback(postgres.stop)
        os.environ[DATABASE_VARIABLE] = postgres.url
    for variable, valkey in embedded_valkeys(settings).items():
        await valkey.start()
        stack.push_async_callback(valkey.stop)
        os.environ[variable] = valkey.url


def embedded_valkeys(settings: Settings) -> dict[str, EmbeddedValkey]:
    """Return the servers to start beside those that are given, by their variables.

    Caches are kept by the broker's server where that is given alone.
    """
    if settings.redis_url is not None:
        return {}
    broker = {REDIS_VARIABLE: EmbeddedValkey(settings.home)}
    return broker if settings.cache_redis_url else broker | {CACHE_VARIABLE: EmbeddedValkey(settings.home, CACHE)}


def publish_addresses(home: Path, addresses: Mapping[str, str]) -> None:
    """Let other commands on the same home find the servers of a running `petplus up`; only its user may read them."""
    file = _addresses_file(home)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(dict(addresses), stream)


def _running(home: Path) -> dict[str, str]:
    """Return the addresses that a running `petplus up` has published; none when nothing runs on this home."""
    if not home.exists():
        return {}
    try:
        with DirectoryLock(home, "in use"):
            return {}
    except ServiceError:
        file = _addresses_file(home)
        addresses: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        return addresses


def _addresses_file(home: Path) -> Path:
    return home / "addresses.json"
