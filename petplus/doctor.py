"""`petplus doctor`: looks at everything the shop needs, and says in a sentence what is wrong and what to do."""

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
from asyncpg import PostgresError
from redis.exceptions import RedisError
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from petplus import certificate_checks, hive_router, registry
from petplus.generated import schemas
from petplus.local.node import find_node, modules_are_installed
from petplus.local.process import ServiceError
from shared.core.redis_memory import RedisMemory, fault_of_broker, fault_of_cache, memory_of
from shared.core.settings import Settings, SettingsError
from shared.database.database import create_engine
from shared.database.migrations import revisions
from shared.database.poolers import UnsupportedPooler, require_sessions
from shared.subgraph import Subgraph

OLDEST_POSTGRES = 150_000
PROBE_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """What one look has found; `advice` is empty when all is well."""

    what: str
    fact: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        return not self.advice


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at one thing after another. Nothing is changed, and nothing is started."""
    yield _node()
    yield _schemas()
    for finding in _engine(settings):
        yield finding
    for finding in _certificates(settings):
        yield finding
    for finding in await _redis(settings):
        yield finding
    for name in registry.NAMES:
        yield await _database(registry.load(name), settings)
    probes = {"router": settings.port} | {name: registry.port_of(name, settings) for name in registry.NAMES}
    for finding in await asyncio.gather(*[_serving(name, settings, port) for name, port in probes.items()]):
        yield finding


def _node() -> Finding:
    try:
        node = find_node()
    except ServiceError as error:
        return Finding("node", "missing", str(error))
    if not modules_are_installed():
        return Finding("node", str(node.binary), "The router's modules are missing: run `petplus compose --check`.")
    return Finding("node", str(node.binary))


def _engine(settings: Settings) -> Iterator[Finding]:
    """Look at Hive Router, where somebody has it or has named it."""
    has_run = (settings.home / hive_router.DIRECTORY / hive_router.CONFIGURATION).exists()
    if not (has_run or settings.hive_router or shutil.which(hive_router.BINARY)):
        return
    what = "Hive Router"
    try:
        binary = hive_router.find_hive_router(settings)
        version = hive_router.version_in(binary)
    except ServiceError as error:
        yield Finding(what, "missing", str(error))
    except (OSError, ValueError) as error:
        yield Finding(what, type(error).__name__, f"{binary} cannot be read.")
    else:
        wanted = f"Version {hive_router.VERSION} is the one that was compared: get it by {hive_router.HOW_TO_GET_IT}."
        advice = "" if version in {None, hive_router.VERSION} else wanted
        yield Finding(what, f"{binary}, {version or 'of a version that it does not say'}", advice)


def _certificates(settings: Settings) -> Iterator[Finding]:
    directory = settings.tls_directory
    if directory is None:
        return
    roles = certificate_checks.roles_in(directory)
    if not roles:
        advice = "Make them by `petplus keys certificates`, or correct PETPLUS_TLS_DIRECTORY."
        yield Finding("certificates", f"none in {directory}", advice)
    for role in roles:
        fact, fault = certificate_checks.examine_certificate(directory, role, dt.datetime.now(dt.UTC))
        yield Finding(f"certificate of {role}", fact, fault or "")


def _schemas() -> Finding:
    stale = schemas.stale_schemas(registry.load_all())
    if stale:
        names = ", ".join(file.parent.name for file in stale)
        return Finding("schemas", f"old: {names}", "Run `petplus schema` and `petplus compose`.")
    return Finding("schemas", "up to date")


async def _redis(settings: Settings) -> list[Finding]:
    if settings.redis_url is None:
        return [Finding("broker", "none", "Start `petplus up`, or set PETPLUS_REDIS_URL.")]
    broker = await _memory(settings.redis_url)
    if not isinstance(broker, RedisMemory):
        advice = "It does not answer: look at PETPLUS_REDIS_URL and its log."
        return [Finding("broker", broker, advice)]
    findings = [Finding("broker", f"{broker.version}, {broker.policy}", fault_of_broker(broker) or "")]
    cache = await _memory(settings.required_cache_redis_url)
    if not isinstance(cache, RedisMemory):
        advice = "It does not answer, and limits are not enforced: look at PETPLUS_CACHE_REDIS_URL and its log."
        return [*findings, Finding("cache", cache, advice)]
    if cache.run_id == broker.run_id and not settings.is_production:
        return [*findings, Finding("cache", "the broker's server")]
    fact = f"{cache.version}, {cache.policy}, {cache.limit // 2**20 or 'any'} MB"
    return [*findings, Finding("cache", fact, fault_of_cache(cache, broker) or "")]


async def _memory(url: str) -> RedisMemory | str:
    """Look at a server; the kind of error where it does not answer."""
    try:
        return await memory_of(url)
    except (RedisError, OSError) as error:
        return type(error).__name__


async def _database(subgraph: Subgraph, settings: Settings) -> Finding:
    what = f"{subgraph.name} database"
    try:
        url = make_url(settings.database_url_of(subgraph.name))
    except SettingsError:
        return Finding(what, "none", "Start `petplus up`, or set PETPLUS_DATABASE_URL.")
    engine = create_engine(url, subgraph.name, pool_size=1)
    try:
        await require_sessions(url, "Its URL")
        async with engine.connect() as connection:
            version = int(await connection.scalar(text("SHOW server_version_num")) or 0)
        if version < OLDEST_POSTGRES:
            return Finding(what, f"PostgreSQL {version // 10_000}", "PostgreSQL 15 or newer is needed.")
        found = await revisions(subgraph, settings)
        if not found.is_current:
            return Finding(what, str(found), f"Run `petplus migrate {subgraph.name}`.")
        return Finding(what, f"PostgreSQL {version // 10_000}, {found}")
    except UnsupportedPooler as refusal:
        return Finding(what, "pooled by transaction", str(refusal))
    except (SQLAlchemyError, PostgresError, OSError) as error:
        return Finding(what, type(error).__name__, "It does not answer: look at its URL and its log.")
    finally:
        await engine.dispose()


async def _serving(name: str, settings: Settings, port: int) -> Finding:
    url = f"http://{settings.host}:{port}/ready"
    try:
        async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as client:
            status = (await client.get(url)).status_code
    except httpx.HTTPError:
        alone = "" if name == "router" else f", or `petplus serve {name}` for it alone"
        return Finding(name, f"nothing listens on port {port}", f"Start `petplus up`{alone}.")
    if status != httpx.codes.OK:
        return Finding(name, f"answers {status} at {url}", "It runs and is not ready: look at its log.")
    return Finding(name, f"ready on port {port}")
