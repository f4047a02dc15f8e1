"""The consumer: brings the broker's events to a subgraph's inbox, each partition in order.

Every process of a subgraph runs one. They share the partitions evenly by advisory locks, so that one at a time works a
partition; when one dies its locks end with its connection, and the others take them over at their next look.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from pydantic import ValidationError
from sqlalchemy import ARRAY, Integer, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.backoff import Backoff, keep_running
from shared.core.observability import log
from shared.core.scheduling import Priority, prioritised
from shared.database.advisory_locks import lock_class, lock_connection, transaction
from shared.database.after_commit import run_actions
from shared.database.database import Database
from shared.events.broker import PARTITIONS, Broker, Entry, GroupMissing
from shared.events.event import Envelope
from shared.events.inbox import DEAD_LETTER, Inbox, prune
from shared.events.metrics import DEAD, LAG

BATCH = 64
"""Entries of each partition in one transaction."""
LOOK_SECONDS = 1.0
"""How often a consumer looks for free partitions and parked events whose time has come."""
TEND_SECONDS = 15.0
PRUNE_SECONDS = 3600.0
_BACKOFF = Backoff(first=0.1, longest=2.0)

# Each consumer holds the same shared lock; the server counts them, with nobody's word for who is alive.
_ENROL = text("SELECT pg_advisory_lock_shared(:kind, 0)")
_CONSUMERS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :kind AND objid = 0"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_TAKE = text("SELECT free FROM unnest(:free) AS free WHERE pg_try_advisory_lock(:kind, free) LIMIT :wanted").bindparams(
    bindparam("free", type_=ARRAY(Integer))
)
_RELEASE = text("SELECT pg_advisory_unlock(:kind, given) FROM unnest(:given) AS given").bindparams(
    bindparam("given", type_=ARRAY(Integer))
)
_PARKED = select(
    func.count().filter(DEAD_LETTER.c.retry_at.is_(None)).label("dead"),
    func.count().filter(DEAD_LETTER.c.retry_at.is_not(None), DEAD_LETTER.c.error.is_not(None)).label("retrying"),
    func.count().filter(DEAD_LETTER.c.retry_at.is_not(None), DEAD_LETTER.c.error.is_(None)).label("waiting"),
)


class Consumer:
    """One subgraph's consumer in one process."""

    def __init__(self, subgraph: str, database: Database, broker: Broker, inbox: Inbox) -> None:
        self._subgraph = subgraph
        self._database = database
        self._broker = broker
        self._inbox = inbox
        self._tend_at = self._prune_at = 0.0
        self.partitions: list[int] = []

    async def run(self) -> None:
        """Consume until cancelled; an outage of database or broker only delays."""
        await keep_running(self._connect, _BACKOFF, "consumer interrupted", subgraph=self._subgraph)

    async def _connect(self, on_success: Callable[[], None]) -> None:
        try:
            async with lock_connection(self._database) as connection:
                await self._serve(connection, on_success)
        finally:
            self._hold([])

    async def _serve(self, connection: AsyncConnection, on_success: Callable[[], None]) -> None:
        await self._broker.join(self._subgraph)
        async with transaction(connection):
            await connection.execute(_ENROL, {"kind": lock_class("consumers", self._subgraph)})
        look_at = 0.0
        while True:
            if time.monotonic() >= look_at:
                await self._look(connection)
                look_at = time.monotonic() + LOOK_SECONDS
            try:
                with prioritised(Priority.EVENT):
                    worked = await self._work(connection)
                if not worked:
                    await self._wait(look_at)
            except GroupMissing:
                await self._broker.join(self._subgraph)
            on_success()

    async def _work(self, connection: AsyncConnection) -> bool:
        """Handle the next entries; tells whether there were any."""
        entries = await self._broker.read(self._subgraph, self.partitions, BATCH) if self.partitions else []
        if not entries:
            return False
        envelopes = self._envelopes(entries)
        actions = await self._inbox.receive(connection, envelopes) if envelopes else {}
        await self._broker.acknowledge(self._subgraph, entries)
        await run_actions(actions, self._database.hooks)
        return True

    async def _wait(self, until: float) -> None:
        """Return when there is something to handle, or at a moment of the monotonic clock."""
        while (seconds := until - time.monotonic()) > 0:
            if not self.partitions:
                await asyncio.sleep(seconds)
                continue
            entries = await self._broker.wait(self._subgraph, self.partitions, BATCH, seconds)
            if any(self._inbox.handles(entry.type) for entry in entries):
                return
            # What no handler here wants needs no order, so it is not read again.
            if entries:
                await self._broker.acknowledge(self._subgraph, entries)

    async def _look(self, connection: AsyncConnection) -> None:
        await self._share(connection)
        if self.partitions:
            await run_actions(await self._inbox.retry(connection, self.partitions), self._database.hooks)
        now = time.monotonic()
        if now >= self._tend_at:
            self._tend_at = now + TEND_SECONDS
            await self._tend(connection)
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_SECONDS
            await prune(connection)

    async def _share(self, connection: AsyncConnection) -> None:
        """Hold a fair share of the partitions. All that was read of those given up is handled and acknowledged."""
        kind = lock_class("partition", self._subgraph)
        async with transaction(connection):
            consumers = await connection.scalar(_CONSUMERS, {"kind": lock_class("consumers", self._subgraph)})
            share = -(-PARTITIONS // max(1, consumers or 1))
            kept, given = self.partitions[:share], self.partitions[share:]
            if given:
                await connection.execute(_RELEASE, {"kind": kind, "given": given})
            free = [partition for partition in range(PARTITIONS) if partition not in self.partitions]
            if len(kept) < share:
                wanted = {"kind": kind, "free": free, "wanted": share - len(kept)}
                kept = sorted({*kept, *(await connection.execute(_TAKE, wanted)).scalars()})
        self._hold(kept)

    def _hold(self, partitions: Sequence[int]) -> None:
        if list(partitions) != self.partitions:
            log.debug("partitions held", subgraph=self._subgraph, partitions=list(partitions))
        for gone in set(self.partitions) - set(partitions):
            LAG.remove_by_labels({"subgraph": self._subgraph, "partition": str(gone)})
        self.partitions = list(partitions)

    async def _tend(self, connection: AsyncConnection) -> None:
        for partition in self.partitions:
            await self._broker.trim(partition)
            LAG.labels(self._subgraph, partition).set(await self._broker.lag(self._subgraph, partition))
        async with transaction(connection):
            parked = (await connection.execute(_PARKED)).one()
        for state in ("dead", "retrying", "waiting"):
            DEAD.labels(self._subgraph, state).set(getattr(parked, state))

    def _envelopes(self, entries: Sequence[Entry]) -> list[Envelope]:
        envelopes = []
        for entry in entries:
            if entry.body is None or not self._inbox.handles(entry.type):
                continue
            try:
                envelopes.append(Envelope.model_validate_json(entry.body))
            except ValidationError as error:
                log.error("invalid envelope skipped", partition=entry.partition, entry=entry.id.decode(), error=error)
        return envelopes
