"""What else stands where one Redis is expected: a replica that was promoted loses nothing, a cluster is refused."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from petplus.backing_checks import UnsupportedCluster, check_servers
from petplus.doctor import examine
from shared.core.settings import Settings
from shared.events.broker import Broker
from tests.support.balancer import Balancer
from tests.support.events import expect, running, subgraph
from tests.support.replicas import Command
from tests.support.valkeys import free_port, valkey
from tests.support.waiting import eventually


@pytest.mark.parametrize("is_lagging", [False, True])
async def test_a_promoted_replica_loses_and_doubles_nothing(
    settings: Settings, tmp_path: Path, is_lagging: bool
) -> None:
    async with (
        valkey(tmp_path) as primary,
        valkey(tmp_path, replica_of=primary) as replica,
        Balancer.open(primary.port) as address,
        subgraph(settings, f"redis://127.0.0.1:{address.port}") as bus,
    ):
        async with running(bus.relay(), bus.consumer()):
            await bus.note("a", *range(5))
            await expect(bus, {"a": [*range(5)]})
            first = await bus.broker.epoch(bus.name)
            if is_lagging:
                await replica.promote()
        # The primary takes these, and nobody handles them before it dies.
        async with running(bus.relay()):
            await bus.note("b", *range(5))

            async def are_published() -> bool:
                return await bus.unpublished() == 0

            await eventually(are_published)
        async with running(bus.relay(), bus.consumer()):
            address.ports, address.healthy = [replica.port], [replica.port]
            primary.kill()
            await replica.promote()
            await bus.note("c", *range(5))
            await expect(bus, {each: [*range(5)] for each in "abc"})
            async with Redis.from_url(replica.url) as redis:
                assert await Broker(redis).epoch(bus.name) not in {None, first}
        assert (bus.calls, await bus.parked()) == (15, [])


async def test_a_cluster_is_refused(settings: Settings, tmp_path: Path) -> None:
    async with valkey(tmp_path, "--cluster-enabled", "yes", "--cluster-port", str(free_port())) as node:
        for field in ("redis_url", "cache_redis_url"):
            its = settings.model_copy(update={field: node.url})
            with pytest.raises(UnsupportedCluster, match=f"PETPLUS_{field.upper()} leads to a node of a Redis Cluster"):
                await check_servers(its, ["order"])
        found = {each.what: each.advice async for each in examine(its) if each.what in {"broker", "cache"}}
        assert ("cluster" in found["cache"].lower(), found["broker"]) == (True, "")
        refused = Command(settings.model_copy(update={"redis_url": node.url}), tmp_path / "log", "serve", "order")
        assert refused.process.wait() == 1
        assert refused.output.startswith("PETPLUS_REDIS_URL leads to a node of a Redis Cluster")
