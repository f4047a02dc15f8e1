"""Looks at how much Redis may hold, and what it removes when that is full: the broker nothing, the cache something.

Asked by `INFO`, because hosted servers refuse `CONFIG`.
"""

from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.core.observability import log
from shared.core.settings import Settings

PROBE_SECONDS = 3
_CLUSTER = "It is a node of a Redis Cluster, which refuses scripts over several keys: turn cluster mode off."


@dataclass(frozen=True)
class RedisMemory:
    """A server's version, its limit of memory in bytes (0: none) and its policy; `run_id` tells servers apart."""

    version: str
    run_id: str
    limit: int
    policy: str
    is_cluster: bool = False
    """Whether it is a node of a cluster, which the shop does not run on."""


async def memory_of(url: str) -> RedisMemory:
    """Look at a server; raises RedisError or OSError where it does not answer."""
    async with Redis.from_url(url, socket_connect_timeout=PROBE_SECONDS, socket_timeout=PROBE_SECONDS) as redis:
        found = await redis.info("server", "memory", "cluster")
    version = str(found.get("valkey_version") or found.get("redis_version"))
    is_cluster = bool(int(found.get("cluster_enabled", 0)))
    limit, policy = int(found["maxmemory"]), str(found["maxmemory_policy"])
    return RedisMemory(version, str(found["run_id"]), limit, policy, is_cluster)


def fault_of_broker(memory: RedisMemory) -> str | None:
    """Return what is wrong with the broker, and what to do, as a sentence."""
    if memory.is_cluster:
        return _CLUSTER
    if memory.policy == "noeviction":
        return None
    return "It may remove events when it is full: set `maxmemory-policy noeviction`."


def fault_of_cache(memory: RedisMemory, broker: RedisMemory) -> str | None:
    """Return what is wrong with the cache, and what to do, as a sentence."""
    if memory.is_cluster:
        return _CLUSTER
    if memory.run_id == broker.run_id:
        return "Caches fill the broker: set PETPLUS_CACHE_REDIS_URL to a server of its own."
    if memory.limit == 0:
        return "It has no limit of memory: set `maxmemory`, such as 256mb."
    if memory.policy == "noeviction":
        return "It keeps what is old and refuses what is new: set `maxmemory-policy volatile-ttl`."
    return None


async def warn_of_redis(settings: Settings) -> None:
    """Log what is wrong with the servers; none that answers is told elsewhere. Development may share one server."""
    try:
        broker = await memory_of(settings.required_redis_url)
        cache = await memory_of(settings.required_cache_redis_url)
    except (RedisError, OSError):
        return
    shares = broker.run_id == cache.run_id and not settings.is_production
    if fault := fault_of_broker(broker):
        log.warning("broker is not set up", reason=fault, policy=broker.policy)
    if not shares and (fault := fault_of_cache(cache, broker)):
        log.warning("cache is not set up", reason=fault, policy=cache.policy)
