"""Compares what was acknowledged with what the databases hold, exactly."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import text

from petplus import registry
from shared.core.settings import Settings
from shared.database.database import Database
from shared.events import inspection
from shared.events.broker import Broker
from subgraphs.audit.service.verification import verify_log

TIMELINE = text("SELECT order_id, version, status FROM order_timeline ORDER BY order_id, version")
PUBLISHED = text("SELECT subject, event_id FROM outbox ORDER BY id")
AUDITED = text("SELECT subject_id, event_id FROM audit_log WHERE action LIKE 'order.%' ORDER BY sequence")
COUNTED = text("SELECT id, name FROM analytics_event WHERE source = 'DOMAIN' AND name LIKE 'order.%'")


class Ledger:
    """The databases and the broker of a shop."""

    def __init__(self, databases: Mapping[str, Database], redis: "Redis") -> None:
        self._databases = databases
        self._redis = redis

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["Ledger"]:
        """Connect for the length of the block."""
        async with AsyncExitStack() as stack:
            databases = {name: Database.connect(settings, name) for name in registry.NAMES}
            for database in databases.values():
                stack.push_async_callback(database.close)
            redis = Redis.from_url(settings.required_redis_url)
            stack.push_async_callback(redis.aclose)
            yield cls(databases, redis)

    async def waiting(self) -> dict[str, int]:
        """Return what is not through yet, by subgraph: unpublished events, and entries or parked events to handle."""
        broker = Broker(self._redis)
        found = {}
        for name, database in self._databases.items():
            found[f"{name} unpublished"] = (await inspection.unpublished(database)).count
            found[f"{name} to be heard"] = await inspection.group_lag(broker, name)
            found[f"{name} parked"] = len(await inspection.parked(database))
        return {name: count for name, count in found.items() if count}

    async def check(self, acknowledged: Mapping[str, Mapping[int, str]]) -> int:
        """Hold the databases against what was acknowledged, once all is through; returns the number of events."""
        assert await self.waiting() == {}
        timeline: dict[str, list[tuple[int, str]]] = {}
        for row in await self._rows("order", TIMELINE):
            timeline.setdefault(row.order_id, []).append((row.version, row.status))
        expected = {order_id: sorted(versions.items()) for order_id, versions in acknowledged.items()}
        assert timeline == expected, "the timeline is not what was acknowledged"
        published = grouped(await self._rows("order", PUBLISHED))
        assert set(published) == set(expected)
        # Placed, five changes, shipped, delivered.
        assert {len(events) for events in published.values()} == {8}
        audited = grouped(await self._rows("audit", AUDITED))
        assert audited == published, "audit has not each event once, in order"
        proof = await verify_log(self._databases["audit"])
        assert (proof.complete, proof.first_broken) == (True, None), "the chain of the audit log is broken"
        counted = sorted(row.id for row in await self._rows("analytics", COUNTED))
        assert counted == sorted(event for events in published.values() for event in events), "analytics differs"
        return len(counted)

    async def settled(self, events: int) -> bool:
        """Tell whether so many events of orders, at least, have reached audit and analytics."""
        return min(len(await self._rows("audit", AUDITED)), len(await self._rows("analytics", COUNTED))) >= events

    async def _rows(self, name: str, statement: Any) -> list[Any]:
        async with self._databases[name].read() as connection:
            return list(await connection.execute(statement))


def grouped(rows: list[Any]) -> dict[str, list[str]]:
    """Return the second column by the first, in order."""
    found: dict[str, list[str]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found
