"""Two processes that serve the same subgraphs: one relay leads, the work is shared, and clients see one subgraph."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.database.advisory_locks import lock_class
from shared.database.database import Database
from shared.events.broker import PARTITIONS
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service.placement import place_order
from tests.chaos.changes import ADVANCE, STEPS
from tests.chaos.ledger import AUDITED, PUBLISHED, grouped
from tests.order.factories import new_order
from tests.order.streams import Streams, versions_of
from tests.order.test_feed import behind, feed, item
from tests.support.replicas import Command, running
from tests.support.servers import apart
from tests.support.waiting import eventually

REPLACED_SECONDS = 5
"""How long the subgraph may be without a leading relay after the leader was killed."""
KILLS = 4
HOLDERS = text(
    "SELECT application_name, objid FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = :kind AND objsubid = 2"
    " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass
class Pair:
    """Two replicas of order, and of audit, which hears it."""

    replicas: Sequence[Command]
    order: Database
    audit: Database

    async def place(self, customer_id: str | None = None) -> str:
        people = Pseudonymizer(self.replicas[0].settings)
        async with self.order.write() as session:
            return str((await place_order(session, people, new_order(customer_id))).id)

    async def advance(self, through: Command, token: str, order_id: str, step: int) -> None:
        """Make one of the five moves of an order through a replica."""
        given = {"id": order_id, "version": step + 1, "to": STEPS[step]}
        moved = (await through.execute("order", ADVANCE, token, **given)).data["orderStatusAdvance"]
        assert moved["order"] == {"status": STEPS[step], "version": step + 2}

    async def holders(self, purpose: str, of: Database, subgraph: str) -> list[tuple[str, int]]:
        """Return who holds which leases of a kind."""
        async with of.read() as connection:
            rows = await connection.execute(HOLDERS, {"kind": lock_class(purpose, subgraph)})
            return [(row.application_name, row.objid) for row in rows]

    async def leaders(self) -> list[Command]:
        """Return the replicas whose relay leads: one, or none while a leader is replaced."""
        names = [name for name, _ in await self.holders("relay", self.order, "order")]
        return [each for name in names for each in self.replicas if name == f"petplus-order {each.process.pid}"]

    async def leads(self, replica: Command) -> bool:
        return await self.leaders() == [replica]

    async def has_one_leader(self) -> bool:
        return len(await self.leaders()) == 1

    async def published(self) -> dict[str, list[str]]:
        return await self._events(self.order, PUBLISHED)

    async def audited(self) -> dict[str, list[str]]:
        return await self._events(self.audit, AUDITED)

    async def all_audited(self) -> bool:
        return sum(map(len, (await self.audited()).values())) >= sum(map(len, (await self.published()).values()))

    async def _events(self, database: Database, statement: Any) -> dict[str, list[str]]:
        async with database.read() as connection:
            return grouped(list(await connection.execute(statement)))


@pytest_asyncio.fixture(scope="module")
async def pair(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    logs: Path = tmp_path_factory.mktemp("replicas")
    async with AsyncExitStack() as stack:
        alone = await stack.enter_async_context(apart(settings))
        databases = [Database.connect(alone, name) for name in ("order", "audit")]
        for database in databases:
            stack.push_async_callback(database.close)
        # One after the other, since both look for free ports.
        first = Command(alone, logs / "first.log", "serve", "order", "audit")
        await stack.enter_async_context(running(first))
        await first.until_ready("order")
        second = Command(alone, logs / "second.log", "serve", "order", "audit")
        await stack.enter_async_context(running(second))
        await second.until_ready("order")
        yield Pair([first, second], *databases)


def port_of(replica: Command) -> int:
    return int(replica.url("order").rpartition(":")[2])


async def test_one_relay_leads_and_all_consumers_share_the_partitions(pair: Pair) -> None:
    await eventually(pair.has_one_leader)

    async def shared() -> bool:
        holders = await pair.holders("partition", pair.audit, "audit")
        by_process = Counter(name for name, _ in holders)
        wanted = {f"petplus-audit {each.process.pid}": PARTITIONS // 2 for each in pair.replicas}
        return by_process == wanted and sorted(number for _, number in holders) == list(range(PARTITIONS))

    await eventually(shared)
    assert len(await pair.holders("consumers", pair.audit, "audit")) == 2 * len(pair.replicas)


async def test_subscribers_of_each_replica_see_what_was_changed_through_the_other(pair: Pair, support: str) -> None:
    customer_id = new_id("usr")
    order_id = await pair.place(customer_id)
    # The server knows how far all changes are through; a transaction in another database holds that back too.
    await behind(pair.order, order_id)
    async with AsyncExitStack() as stack:
        followed = [versions_of(port_of(each), order_id, support) for each in pair.replicas]
        assert [await anext(each) for each in followed] == [1, 1]
        feeds = []
        for replica in pair.replicas:
            streams = await stack.enter_async_context(Streams.open(replica.url("order"), FastAPI()))
            start = (await replica.execute("order", "{ orderFeedCursor }", support)).data["orderFeedCursor"]
            wanted = {"after": start, "filter": {"customerId": customer_id}}
            feeds.append(await stack.enter_async_context(feed(streams, support, **wanted)))
        for step in range(len(STEPS)):
            await pair.advance(pair.replicas[step % 2], support, order_id, step)
        for stream in followed:
            assert [await anext(stream) for _ in STEPS] == [2, 3, 4, 5, 6]
            await stream.aclose()
        for reported in feeds:
            changes = [(await item(reported))["change"] for _ in STEPS]
            assert [(change["version"], change["status"]) for change in changes] == list(enumerate(STEPS, 2))
            assert {change["order"]["id"] for change in changes} == {order_id}
    await eventually(pair.all_audited)
    published = await pair.published()
    # Placed, five changes, shipped, delivered.
    assert len(published[order_id]) == 8
    assert (await pair.audited())[order_id] == published[order_id]


@pytest.mark.endurance
async def test_a_killed_leader_is_replaced_within_seconds_and_nothing_is_lost_or_doubled(
    pair: Pair, support: str, capsys: pytest.CaptureFixture[str]
) -> None:
    leads, effects = [], []
    for _ in range(KILLS):
        await eventually(pair.has_one_leader)
        [leader] = await pair.leaders()
        [other] = [each for each in pair.replicas if each is not leader]
        order_id = await pair.place()
        clients = [versions_of(port_of(each), order_id, support) for each in (leader, other)]
        assert [await anext(each) for each in clients] == [1, 1]
        await pair.advance(leader, support, order_id, 0)
        assert [await anext(each) for each in clients] == [2, 2]

        leader.kill()
        killed = time.monotonic()
        await pair.advance(other, support, order_id, 1)
        await eventually(partial(pair.leads, other))
        leads.append(time.monotonic() - killed)
        await eventually(pair.all_audited)
        effects.append(time.monotonic() - killed)

        assert await anext(clients[0], None) is None
        resumed = versions_of(port_of(other), order_id, support, after=2)
        for step in (2, 3, 4):
            await pair.advance(other, support, order_id, step)
        assert [await anext(resumed) for _ in range(4)] == [3, 4, 5, 6]
        assert [await anext(clients[1]) for _ in range(4)] == [3, 4, 5, 6]
        await asyncio.gather(*[each.aclose() for each in (resumed, clients[1])])
        leader.start()
        await leader.until_ready("order")
    await eventually(pair.all_audited)
    assert await pair.audited() == await pair.published()
    with capsys.disabled():
        print(f"\nanother relay leads {shown(leads)} s after the kill, effects {shown(effects)} s after it")  # noqa: T201
    assert max(leads) < REPLACED_SECONDS


def shown(seconds: Sequence[float]) -> str:
    return " ".join(f"{each:.2f}" for each in seconds)
