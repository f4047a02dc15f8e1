"""Public reads are answered from Redis until something that they show has changed."""

import json
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from petplus.local.embedded import CACHE, EmbeddedValkey
from petplus.local.node import ROUTER
from shared.core.ids import new_id
from shared.core.limits_file import LIMITS
from shared.core.settings import Settings
from subgraphs.audit.service.cache_purge import SHOWN_IN_CACHE, VERSIONS
from tests.router.servers import Testbed
from tests.router.tokens import token
from tests.support.waiting import eventually

PRESETS = "{ presets { id name } }"
QUOTE = "query ($quantity: Int!) { priceQuote(quantity: $quantity) { ... on Quote { amount } } }"


@pytest_asyncio.fixture(autouse=True)
async def redis(testbed: Testbed, _urls: tuple[str, str]) -> AsyncIterator["Redis"]:
    """The stand's Redis, in which each type has a version and no answer is kept."""
    async with Redis.from_url(_urls[1]) as redis:
        await redis.flushdb()
        await redis.hset(VERSIONS, mapping=dict.fromkeys(SHOWN_IN_CACHE, "1"))
        yield redis


async def ask(testbed: Testbed, query: str, headers: dict[str, str] | None = None, **variables: Any) -> tuple[Any, str]:
    """Return the data of an answer, and what became of it in the cache."""
    response = await testbed.post(query, headers, **variables)
    return response.json()["data"], response.headers.get("cache-status", "")


async def kept(redis: "Redis") -> int:
    return len(await redis.keys("petplus:cache:answer:*"))


async def miss(testbed: Testbed, redis: "Redis", query: str, **variables: Any) -> Any:
    """Ask for something that is not in the cache, and return once it is."""
    before = await kept(redis)
    data, status = await ask(testbed, query, **variables)
    assert status == "router; fwd=miss"

    async def is_kept() -> bool:
        return await kept(redis) == before + 1

    await eventually(is_kept)
    return data


async def test_a_public_read_is_answered_from_the_cache(testbed: Testbed, redis: "Redis") -> None:
    first = await miss(testbed, redis, PRESETS)
    assert await ask(testbed, PRESETS) == (first, "router; hit")
    [key] = await redis.keys("petplus:cache:answer:*")
    assert 0 < await redis.ttl(key) <= 60


async def test_an_answer_from_the_cache_tells_its_cost_and_has_paid_it(testbed: Testbed, redis: "Redis") -> None:
    await miss(testbed, redis, PRESETS)
    reported = [(await testbed.post(PRESETS)).json()["extensions"]["cost"] for _ in range(2)]
    assert [cost["requested"] for cost in reported] == [5, 5]
    assert {"maximum", "available", "restoreRate"} < set(reported[0])


async def test_an_answer_of_more_than_is_kept_of_one_is_not_stored(testbed: Testbed, redis: "Redis") -> None:
    query = "query ($count: Int!) { presets(count: $count) { id name } }"
    large = await ask(testbed, query, count=LIMITS.response_cache.characters // 20)
    assert len(json.dumps(large[0], separators=(",", ":"))) > LIMITS.response_cache.characters
    # What is asked for next is stored after it.
    await miss(testbed, redis, query, count=1)
    assert await kept(redis) == 1


async def test_other_variables_are_another_answer(testbed: Testbed, redis: "Redis") -> None:
    one, two = await miss(testbed, redis, QUOTE, quantity=1), await miss(testbed, redis, QUOTE, quantity=2)
    assert one != two
    assert await ask(testbed, QUOTE, quantity=1) == (one, "router; hit")
    assert await ask(testbed, QUOTE, quantity=2) == (two, "router; hit")


async def test_the_languages_of_a_browser_are_no_part_of_an_answer(testbed: Testbed, redis: "Redis") -> None:
    first = await miss(testbed, redis, PRESETS)
    assert await ask(testbed, PRESETS, {"accept-language": "de-AT,de;q=0.9"}) == (first, "router; hit")


async def test_a_new_version_of_a_shown_type_makes_an_answer_old(testbed: Testbed, redis: "Redis") -> None:
    first, price = await miss(testbed, redis, PRESETS), await miss(testbed, redis, QUOTE, quantity=1)
    await redis.hset(VERSIONS, "Preset", "2")
    assert await miss(testbed, redis, PRESETS) != first
    assert await ask(testbed, QUOTE, quantity=1) == (price, "router; hit")


async def test_counts_of_presets_are_old_once_a_preset_has_changed(testbed: Testbed, redis: "Redis") -> None:
    query = "{ presetFacets { amount } }"
    first = await miss(testbed, redis, query)
    assert await ask(testbed, query) == (first, "router; hit")
    await redis.hset(VERSIONS, "Product", "2")
    assert await ask(testbed, query) == (first, "router; hit")
    await redis.hset(VERSIONS, "Preset", "2")
    assert await miss(testbed, redis, query) != first


async def test_versions_that_redis_has_lost_are_new_ones(testbed: Testbed, redis: "Redis") -> None:
    first = await miss(testbed, redis, PRESETS)
    await redis.delete(VERSIONS)
    second, status = await ask(testbed, PRESETS)
    assert second != first
    assert status == "router; fwd=miss"
    assert await kept(redis) == 1
    third = await miss(testbed, redis, PRESETS)
    assert third not in (first, second)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{ presets { id } me { id } }", id="a field that is not public"),
        pytest.param("{ me { id } }", id="no public field"),
        pytest.param("{ presets { id example { name } } }", id="an entity that has no version"),
        pytest.param("{ presets { id } __schema { queryType { name } } }", id="introspection"),
        pytest.param("query { ...all } fragment all on Query { presets { id } me { id } }", id="in a fragment"),
        pytest.param("query { ... on Query { design(id: 1) { id } } }", id="in an inline fragment"),
        pytest.param('{ presets: design(id: "presets") { id } }', id="an alias"),
    ],
)
async def test_what_is_not_wholly_public_is_never_kept(testbed: Testbed, redis: "Redis", query: str) -> None:
    for _ in range(2):
        assert (await ask(testbed, query))[1] == ""
    assert await kept(redis) == 0


async def test_callers_with_credentials_neither_read_nor_fill_the_cache(testbed: Testbed, redis: "Redis") -> None:
    first = await miss(testbed, redis, PRESETS)
    data, status = await ask(testbed, PRESETS, {"authorization": f"Bearer {token()}"})
    assert (data != first, status) == (True, "")
    assert await kept(redis) == 1


async def test_an_answer_with_errors_is_not_kept(testbed: Testbed, redis: "Redis") -> None:
    query = "{ presets(fail: true) { id } }"
    for _ in range(2):
        response = await testbed.post(query)
        assert len(response.json()["errors"]) == 1
    assert await kept(redis) == 0


async def test_the_graph_answers_while_redis_is_away(testbed: Testbed, base_settings: Settings) -> None:
    # A server of its own: all tests of a run share the other one.
    valkey, other = EmbeddedValkey(base_settings.home / new_id("tmp")), Testbed(testbed.supergraph, ports=testbed.ports)
    await valkey.start()
    try:
        other.start_router(PETPLUS_REDIS_URL=valkey.url)
        async with Redis.from_url(valkey.url) as redis:
            await redis.hset(VERSIONS, mapping=dict.fromkeys(SHOWN_IN_CACHE, "1"))
            first = await miss(other, redis, PRESETS)
            assert valkey.process is not None
            # Stopped, it takes commands and answers none: worse than away.
            os.kill(valkey.process.pid, signal.SIGSTOP)
            data, status = await ask(other, PRESETS)
            assert (data != first, status) == (True, "")
            os.kill(valkey.process.pid, signal.SIGCONT)

            async def is_back() -> bool:
                return await ask(other, PRESETS) == (first, "router; hit")

            await eventually(is_back)
    finally:
        other.stop()
        await valkey.stop()


def test_router_and_audit_mean_the_same_types_and_the_same_key() -> None:
    source = (ROUTER / "gateway" / "response-cache.mjs").read_text()
    names = ", ".join(f'"{name}"' for name in sorted(SHOWN_IN_CACHE))
    assert f"VERSIONED = new Set([{names}])" in source
    assert f'VERSIONS = "{VERSIONS}"' in source


async def test_the_graph_answers_while_the_cache_is_full(testbed: Testbed, base_settings: Settings) -> None:
    cache = EmbeddedValkey(base_settings.home / new_id("tmp"), CACHE)
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    await cache.start()
    try:
        other.start_router(PETPLUS_REDIS_URL="redis://127.0.0.1:1", PETPLUS_CACHE_REDIS_URL=cache.url)
        async with Redis.from_url(cache.url) as redis:
            await redis.hset(VERSIONS, mapping=dict.fromkeys(SHOWN_IN_CACHE, "1"))
            await redis.config_set("maxmemory", 1)
            full = [await ask(other, PRESETS) for _ in range(2)]
            assert [status for _, status in full] == ["router; fwd=miss"] * 2

            async def both_are_refused() -> bool:
                # An answer is stored after it was sent.
                commands = await redis.info("commandstats")
                return bool(commands.get("cmdstat_set", {}).get("rejected_calls") == 2)

            await eventually(both_are_refused)
            assert await kept(redis) == 0
            await redis.config_set("maxmemory", "64mb")
            await miss(other, redis, PRESETS)
            assert (await ask(other, PRESETS))[1] == "router; hit"
    finally:
        other.stop()
        await cache.stop()
