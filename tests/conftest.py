"""Fixtures: real servers once a run, a database of its own for each worker, every subgraph on demand."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest
import pytest_asyncio
from pwdlib.hashers.argon2 import Argon2Hasher
from redis.asyncio import Redis

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE
from petplus.local.node import ensure_router_modules
from shared.core.ids import new_id
from shared.core.observability import configure_logging
from shared.core.settings import Settings, load_settings
from shared.subgraph import freeze_heap
from tests.support.apps import Identities, Served, identities, serve
from tests.support.servers import TestServers, drop_worker_database, worker_urls

pytest_plugins = ["tests.support.cpu_durations", "tests.support.scheduling"]

# Modules are not garbage: to look for it every 700 objects takes a third of the time to load all tests.
gc.set_threshold(50_000, 20, 50)

_servers = pytest.StashKey[TestServers]()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config: pytest.Config) -> None:
    # A shell's background job ignores the one, and nohup's the other, and so would all that tests start: a test that
    # sends them would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # On a busy machine all takes long, and no test is about how long one waits for others.
    os.environ.setdefault("PETPLUS_REQUEST_WAIT", "600000")
    if "PYTEST_XDIST_WORKER" not in os.environ and not config.option.collectonly:
        # Before any test, since npm empties the directory first: a router that starts meanwhile would find nothing.
        ensure_router_modules(for_tests=True)
        config.stash[_servers] = TestServers()


def pytest_collection_finish() -> None:
    # What is loaded by now stays, and to look for garbage in it again and again takes a tenth of the tests' time.
    freeze_heap()


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(_servers, None)
    if servers is not None:
        servers.stop()


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Hash passwords in this process at the least cost: nearly all CPU time of the accounts' tests would be hashes."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(Argon2Hasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("subgraphs.user.service.passwords.Argon2Hasher", cheap)
        yield


@pytest.fixture(scope="session")
def _urls() -> Iterator[tuple[str, str]]:
    yield worker_urls(_worker)
    drop_worker_database(_worker)


@pytest_asyncio.fixture(scope="session")
async def base_settings(_urls: tuple[str, str]) -> Settings:
    os.environ[DATABASE_VARIABLE], os.environ[REDIS_VARIABLE] = _urls
    settings = load_settings()
    configure_logging(settings)
    redis = Redis.from_url(settings.required_redis_url)
    await redis.flushdb()
    await redis.aclose()
    return settings


@pytest_asyncio.fixture(scope="session")
async def _identities(base_settings: Settings) -> AsyncIterator[tuple[Identities, str]]:
    async with identities(base_settings) as made:
        yield made


@pytest.fixture(scope="session")
def settings(base_settings: Settings, _identities: tuple[Identities, str]) -> Settings:
    """Settings of this worker's servers, with the address of the keys that verify tokens."""
    return base_settings.model_copy(update={"jwks_url": _identities[1]})


@pytest.fixture(scope="session")
def people(_identities: tuple[Identities, str]) -> Identities:
    """Makes access tokens: `people.token(user_id, "SUPPORT")`."""
    return _identities[0]


def _serving(name: str) -> Callable[..., AsyncIterator[Served]]:
    @pytest_asyncio.fixture(scope="session", name=name)
    async def fixture(settings: Settings) -> AsyncIterator[Served]:
        async with serve(registry.load(name), settings) as served:
            yield served

    return fixture


for _name in registry.NAMES:
    globals()[_name] = _serving(_name)


@pytest.fixture
def customer_id() -> str:
    """The id of a customer of this test alone."""
    return new_id("usr")


@pytest.fixture
def customer(people: Identities, customer_id: str) -> str:
    """The access token of `customer_id`."""
    return people.token(customer_id)


@pytest.fixture
def stranger(people: Identities) -> str:
    """The access token of another customer."""
    return people.token(new_id("usr"))


@pytest.fixture
def support(people: Identities) -> str:
    """The access token of a member of the support staff."""
    return people.token(new_id("usr"), "SUPPORT")


@pytest.fixture
def admin(people: Identities) -> str:
    """The access token of an administrator."""
    return people.token(new_id("usr"), "ADMIN")
