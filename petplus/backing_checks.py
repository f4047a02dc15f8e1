"""Refuses servers that look usable and are not: poolers of transactions, and clusters of Redis."""

import os
from collections.abc import Iterable

from asyncpg import InvalidAuthorizationSpecificationError
from redis.exceptions import RedisError
from sqlalchemy import make_url

from petplus import registry
from petplus.local.backing_services import CACHE_VARIABLE, DATABASE_VARIABLE, REDIS_VARIABLE
from shared.core.errors import OperationRefused
from shared.core.redis_memory import memory_of
from shared.core.settings import Settings
from shared.database.database import role_url
from shared.database.poolers import require_sessions
from shared.database.startup import wait_for_database


class RoleRefused(OperationRefused):
    """The database does not let in the role of a subgraph."""


class UnsupportedCluster(OperationRefused):
    """A server of Redis is a node of a cluster."""


async def check_servers(settings: Settings, names: Iterable[str] = ()) -> None:
    """Raise OperationRefused for a server that subgraphs cannot use; waits for databases that are away.

    A Redis that is away is not waited for: whoever needs it tries again by itself.
    """
    await check_redis(settings)
    checked = set()
    for name in tuple(names) or registry.NAMES:
        server = make_url(settings.database_url_of(name))
        if server not in checked:
            await check_sessions(settings, name)
            checked.add(server)


async def check_sessions(settings: Settings, name: str) -> None:
    """Raise UnsupportedPooler unless a subgraph's connections have sessions of their own, and RoleRefused where it has
    none.
    """
    own = f"PETPLUS_{name.upper()}_DATABASE_URL"
    variable = own if os.environ.get(own) else DATABASE_VARIABLE
    url = role_url(settings, name)
    try:
        await wait_for_database(lambda: require_sessions(url, variable), name)
    except InvalidAuthorizationSpecificationError:
        raise RoleRefused(
            f"The database refuses {url.username}: run `petplus migrate {name}`, with the PETPLUS_SECRET_KEY that this "
            "process has."
        ) from None


async def check_redis(settings: Settings) -> None:
    """Raise UnsupportedCluster where the broker or the cache is a node of a cluster."""
    named = {REDIS_VARIABLE: settings.required_redis_url, CACHE_VARIABLE: settings.required_cache_redis_url}
    for variable, url in named.items():
        try:
            memory = await memory_of(url)
        except (RedisError, OSError):
            continue
        if memory.is_cluster:
            raise UnsupportedCluster(
                f"{variable} leads to a node of a Redis Cluster, which refuses scripts over several keys: use a server "
                "without cluster mode, with a replica for fail-over."
            )
