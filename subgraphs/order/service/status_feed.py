"""The live feed of status changes: the timeline in the database is the truth, Redis only carries notifications.

A notification carries an order's id and is sent after the commit that has changed its timeline (`CHANNEL`). Each
process has one pub/sub connection and one deliverer. For all orders with a notification it fetches the new timeline
rows together, in their order, and hands each to every subscriber of its order. A lost notification costs time, never a
change: all watched orders are polled.
"""

import asyncio
import contextlib
from collections import namedtuple
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from redis.asyncio import Redis
from sqlalchemy import BigInteger, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared.core.errors import Unavailable
from shared.core.observability import log
from shared.core.scheduling import Priority, prioritised
from shared.core.tasks import stop
from shared.database.database import Database
from shared.database.prepared import PreparedSelect
from shared.live.notifier import ChangeNotifier
from shared.runtime import Runtime
from subgraphs.order.errors import SubscriberTooSlow
from subgraphs.order.models import Order, OrderTimeline

CHANNEL = "petplus.order.status"
POLL_SECONDS = 2.0
MOST_WAITING = 64

# A row of both tables, taken apart: some of their columns share a name.
_ENTRY = namedtuple("_ENTRY", OrderTimeline.__table__.c.keys())  # type: ignore[misc]
_ORDER = namedtuple("_ORDER", Order.__table__.c.keys())  # type: ignore[misc]
_watched = (
    func.unnest(bindparam("ids", type_=ARRAY(Text)), bindparam("versions", type_=ARRAY(BigInteger)))
    .table_valued("id", "seen", name="watched")
    .render_derived()
)
ORDER = PreparedSelect[Order](select(Order.__table__).where(Order.id == bindparam("order_id", type_=Text)))
_ENTRIES = PreparedSelect[OrderTimeline](
    select(OrderTimeline.__table__)
    .where(
        OrderTimeline.order_id == bindparam("order_id", type_=Text),
        OrderTimeline.version > bindparam("after", type_=BigInteger),
        OrderTimeline.version <= bindparam("through", type_=BigInteger),
    )
    .order_by(OrderTimeline.version)
)
# Both tables in one statement: each round trip would delay every subscriber.
_AFTER_VERSIONS = (
    select(OrderTimeline.__table__, Order.__table__)
    .join_from(
        _watched,
        OrderTimeline.__table__,
        (OrderTimeline.order_id == _watched.c.id) & (OrderTimeline.version > _watched.c.seen),
    )
    .join(Order.__table__, Order.id == OrderTimeline.order_id)
    .order_by(OrderTimeline.order_id, OrderTimeline.version)
)


@dataclass(frozen=True, eq=False)
class Change:
    """A timeline row, and the row of its order as it was just after or later. All subscribers get the same object."""

    entry: OrderTimeline
    order: Order


def _change_of(row: Sequence[object]) -> Change:
    entry, order = row[: len(_ENTRY._fields)], row[len(_ENTRY._fields) :]
    return Change(cast("OrderTimeline", _ENTRY._make(entry)), cast("Order", _ORDER._make(order)))


class Subscription:
    """One subscriber's bounded queue. `seen` is the version of the last change before it."""

    def __init__(self, seen: int) -> None:
        self.seen = seen
        # A list and a future, since deques and events (which hold one) would take a kilobyte of each of thousands.
        self._waiting: list[Change] = []
        self._arrival: asyncio.Future[None] | None = None
        self._overrun = False
        self._ended = False

    def offer(self, change: Change) -> None:
        """Hand over a change; one too many ends the subscription once the others are read."""
        if self._overrun or len(self._waiting) >= MOST_WAITING:
            self._overrun = True
        else:
            self._waiting.append(change)
        self._wake()

    def end(self) -> None:
        """End the subscription."""
        self._ended = True
        self._wake()

    async def next(self) -> Change | None:
        """Wait for the next change, or None once it is at an end; raises SubscriberTooSlow after a gap."""
        while not self._ended:
            if self._waiting:
                return self._waiting.pop(0)
            if self._overrun:
                raise SubscriberTooSlow
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        return None

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


@dataclass(eq=False)
class _Watch:
    order_id: str
    seen: int
    subscriptions: set[Subscription] = field(default_factory=set)


class StatusFeed:
    """Delivers changes to the subscribers in this process."""

    def __init__(self, database: Database, redis: "Redis", *, poll_seconds: float = POLL_SECONDS) -> None:
        self.notifier = ChangeNotifier(redis, CHANNEL, self._on_notification)
        self._database = database
        self._poll_seconds = poll_seconds
        self._watches: dict[str, _Watch] = {}
        self._notified: set[str] = set()
        self._awake = asyncio.Event()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["StatusFeed"]:
        """Listen and deliver until the end of the block."""
        feed = cls(runtime.database, runtime.redis)
        runtime.database.hooks[CHANNEL] = feed.notifier.notify
        async with feed.running():
            yield feed

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.notifier.listen()), asyncio.create_task(self._deliver())]
        try:
            yield
        finally:
            await stop(tasks)

    @property
    def watched(self) -> Collection[str]:
        """The ids of the orders that somebody in this process watches."""
        return self._watches.keys()

    @contextlib.contextmanager
    def subscribe(self, order_id: str, version: int) -> Iterator[Subscription]:
        """Watch an order whose version was `version` a moment ago; it is given up at the end of the block.

        The subscription gets every change after its `seen`, each once and in order. Earlier ones are `history`.
        """
        watch = self._watches.setdefault(order_id, _Watch(order_id, version))
        subscription = Subscription(watch.seen)
        watch.subscriptions.add(subscription)
        # The notification of a change since `version` was read may have come before this order was watched.
        if len(watch.subscriptions) == 1 or watch.seen < version:
            self._wake({order_id})
        try:
            yield subscription
        finally:
            watch.subscriptions.discard(subscription)
            if not watch.subscriptions and self._watches.get(order_id) is watch:
                del self._watches[order_id]

    async def history(self, order: Order, after: int, through: int) -> Sequence[Change]:
        """Return the changes of an order with `after < version <= through`."""
        if after >= through:
            return []
        entries = await _ENTRIES.rows(self._database, order_id=order.id, after=after, through=through)
        if order.version < through:
            [order] = await ORDER.rows(self._database, order_id=order.id)
        return [Change(entry, order) for entry in entries]

    def _wake(self, order_ids: Collection[str]) -> None:
        self._notified.update(order_ids)
        self._awake.set()

    def _on_notification(self, order_id: str | None) -> None:
        if order_id is None:
            self._wake(self.watched)
        elif order_id in self._watches:
            self._wake({order_id})

    async def _deliver(self) -> None:
        loop = asyncio.get_running_loop()
        next_poll = loop.time() + self._poll_seconds
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(next_poll):
                    await self._awake.wait()
            self._awake.clear()
            notified, self._notified = self._notified, set()
            if loop.time() >= next_poll:
                notified = set(self.watched)
                next_poll = loop.time() + self._poll_seconds
            try:
                with prioritised(Priority.EVENT):
                    await self._publish([self._watches[order_id] for order_id in notified if order_id in self._watches])
            except Unavailable:
                pass  # the next poll asks again
            except Exception as error:
                # Whatever it is, the next poll asks again; a feed that dies would be silent for ever.
                log.error("status feed cannot read changes", exc_info=error)

    async def _publish(self, watches: Sequence[_Watch]) -> None:
        if not watches:
            return
        watch_of = {watch.order_id: watch for watch in watches}
        async with self._database.read() as connection:
            versions = {"ids": list(watch_of), "versions": [watch.seen for watch in watches]}
            rows = (await connection.execute(_AFTER_VERSIONS, versions)).all()
        for row in rows:
            change = _change_of(row)
            watch = watch_of[change.entry.order_id]
            watch.seen = change.entry.version
            for subscription in watch.subscriptions:
                subscription.offer(change)
