"""What is told of servers that hold events and caches, and what works while the cache is full or gone."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from petplus import registry
from petplus.doctor import examine
from petplus.local.embedded import CACHE, EmbeddedValkey
from shared.core import redis_memory
from shared.core.errors import TooManyRequests
from shared.core.redis_memory import warn_of_redis
from shared.core.settings import Settings
from shared.security.rate_limit import FixedWindowLimiter
from shared.security.revocation import RevocationList, Revocations
from tests.analytics.test_intake_limits import address, collect
from tests.support.apps import Served, serve


@pytest_asyncio.fixture
async def servers(tmp_path: Path) -> AsyncIterator[tuple[EmbeddedValkey, EmbeddedValkey]]:
    """A broker and a cache of this test alone, as `petplus up` starts them."""
    broker, cache = EmbeddedValkey(tmp_path / "home"), EmbeddedValkey(tmp_path / "home", CACHE)
    await broker.start()
    await cache.start()
    try:
        yield broker, cache
    finally:
        await cache.stop()
        await broker.stop()


def on(settings: Settings, broker: EmbeddedValkey, cache: EmbeddedValkey | None, env: str = "production") -> Settings:
    urls = {"redis_url": broker.url, "cache_redis_url": cache and cache.url, "env": env, "port": 1200}
    return settings.model_copy(update=urls)


async def advice(settings: Settings) -> dict[str, str]:
    return {found.what: found.advice async for found in examine(settings) if found.what in {"broker", "cache"}}


async def warned(settings: Settings) -> list[str]:
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redis_memory, "log", SimpleNamespace(warning=lambda event, **_about: told.append(event)))
        await warn_of_redis(settings)
    return told


async def test_servers_of_petplus_up_are_set_up(
    settings: Settings, servers: tuple[EmbeddedValkey, EmbeddedValkey]
) -> None:
    its = on(settings, *servers)
    assert (await advice(its), await warned(its)) == ({"broker": "", "cache": ""}, [])


@pytest.mark.parametrize(
    ("server", "option", "value", "event", "said"),
    [
        (0, "maxmemory-policy", "allkeys-lru", "broker is not set up", "It may remove events when it is full"),
        (1, "maxmemory", "0", "cache is not set up", "It has no limit of memory"),
        (1, "maxmemory-policy", "noeviction", "cache is not set up", "It keeps what is old and refuses what is new"),
    ],
)
async def test_a_server_with_a_wrong_policy_is_told_at_the_start_and_by_the_doctor(
    settings: Settings,
    servers: tuple[EmbeddedValkey, EmbeddedValkey],
    server: int,
    option: str,
    value: str,
    event: str,
    said: str,
) -> None:
    async with Redis.from_url(servers[server].url) as redis:
        await redis.config_set(option, value)
    its = on(settings, *servers)
    assert await warned(its) == [event]
    found = await advice(its)
    assert [name for name, text in found.items() if text.startswith(said)] == [event.partition(" ")[0]]


async def test_one_server_for_both_is_told_in_production_alone(
    settings: Settings, servers: tuple[EmbeddedValkey, EmbeddedValkey]
) -> None:
    its = on(settings, servers[0], None)
    assert await warned(its) == ["cache is not set up"]
    assert (await advice(its))["cache"].startswith("Caches fill the broker")
    its = on(settings, servers[0], None, env="development")
    assert (await warned(its), await advice(its)) == ([], {"broker": "", "cache": ""})


async def test_a_cache_that_is_gone_is_told(settings: Settings, servers: tuple[EmbeddedValkey, EmbeddedValkey]) -> None:
    broker, cache = servers
    await cache.stop()
    assert (await advice(on(settings, broker, cache)))["cache"].startswith("It does not answer")


@pytest_asyncio.fixture
async def analytics_apart(settings: Settings, servers: tuple[EmbeddedValkey, EmbeddedValkey]) -> AsyncIterator[Served]:
    """A subgraph with these servers."""
    async with serve(registry.load("analytics"), on(settings, *servers, env="development")) as served:
        yield served


async def test_what_may_be_lost_is_kept_apart_from_events(
    analytics_apart: Served, servers: tuple[EmbeddedValkey, EmbeddedValkey]
) -> None:
    assert (await collect(analytics_apart, address(), 3)).json()["accepted"] == 3
    async with Redis.from_url(servers[0].url) as broker, Redis.from_url(servers[1].url) as cache:
        assert [key async for key in broker.scan_iter("petplus:throttle:*")] == []
        assert [key async for key in cache.scan_iter("petplus:throttle:*")] != []


async def test_requests_are_answered_while_the_cache_is_full_or_gone(
    analytics_apart: Served, servers: tuple[EmbeddedValkey, EmbeddedValkey]
) -> None:
    cache = servers[1]
    async with Redis.from_url(cache.url) as redis:
        # Nothing is left that could be removed: all writes are refused.
        await redis.config_set("maxmemory-policy", "noeviction")
        await redis.config_set("maxmemory", 1)
    assert (await collect(analytics_apart, address(), 3)).json()["accepted"] == 3
    await cache.stop()
    assert (await collect(analytics_apart, address(), 3)).json()["accepted"] == 3


async def test_a_full_cache_removes_what_ends_first_and_takes_what_is_new(
    servers: tuple[EmbeddedValkey, EmbeddedValkey],
) -> None:
    async with Redis.from_url(servers[1].url) as redis:
        used = int((await redis.info("memory"))["used_memory"])
        await redis.config_set("maxmemory", used + 2**20)
        limiter = FixedWindowLimiter(redis, "guesses", most=1, seconds=3600)
        await RevocationList(redis).publish({"ses_ended": 4e9})
        await limiter.check("somebody")
        for number in range(200):
            await redis.set(f"petplus:cache:answer:{number}", b"x" * 20_000, ex=60)
        assert int((await redis.info("stats"))["evicted_keys"]) > 100
        with pytest.raises(TooManyRequests):
            await limiter.check("somebody")
        copy = Revocations()
        await RevocationList(redis).copy_to(copy)
        assert copy.includes("ses_ended")
