"""Hands the changes of a subgraph's entities to those who follow them: one reader per process, however many follow.

The reader tails the whole log (`shared/live/entity_changes.py`) from one place: a poll costs the same for a thousand
followers as for one. What it reads it loads together, and hands it to the followers of the entity and of its owner,
all of whom get the same object. Who begins, resumes or was too slow reads what is missing up to the reader's place
from the database, and goes on with what is handed over: nothing is missed and nothing comes twice. Without followers
nothing is read.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Generic, NamedTuple, Protocol, TypeVar

from shared.core.errors import Unavailable
from shared.core.observability import log
from shared.core.scheduling import Priority, prioritised
from shared.core.tasks import stop
from shared.database.database import Database
from shared.live.change_log import same_life
from shared.live.entity_changes import EntityChange, Place, changes_between, committed, present
from shared.live.notifier import ChangeNotifier

POLL_SECONDS = 2.0
UNSETTLED_SECONDS = 0.05
BATCH = 500
HISTORY_BATCH = 100
MOST_WAITING = 64


class Loaded(Protocol):
    """What followers get of a change."""

    @property
    def change(self) -> EntityChange:
        """Return the change."""


T = TypeVar("T", bound=Loaded)


class Topic(NamedTuple):
    """What is followed: all entities of an owner, or one entity."""

    owner_id: str | None = None
    entity_id: str | None = None


class Caller(Protocol):
    """Who follows, for as long as their proofs last."""

    def seconds_left(self) -> float | None:
        """Return how long that is; raises Unauthenticated once it is over."""

    def watch_expiry(self, reported: Callable[[], None]) -> AbstractContextManager[None]:
        """Have `reported` called once it is over, until the end of the block."""


class _Follower(Generic[T]):
    """A bounded queue of changes. Who lets it fill is behind, and reads the rest from the database."""

    def __init__(self) -> None:
        self.is_behind = True
        # How many batches had begun when it was no longer behind.
        self.joined = 0
        self._waiting: list[T] = []
        self._arrival: asyncio.Future[None] | None = None

    def offer(self, item: T) -> None:
        """Hand over a change."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(item)
        else:
            self.is_behind = True
        self.wake()

    def lag(self) -> None:
        """Have it read what it may have missed."""
        self.is_behind = True
        self.wake()

    def catch_up(self, joined: int) -> None:
        """Begin to queue what comes after so many batches."""
        self._waiting, self.is_behind, self.joined = [], False, joined

    async def next(self) -> T | None:
        """Return the next change; None when there is reason to look up: it is behind, or the caller's time is over."""
        if not self._waiting and not self.is_behind:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        return self._waiting.pop(0) if self._waiting and not self.is_behind else None

    def wake(self) -> None:
        """Have `next` return."""
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


class ChangeReader(Generic[T]):
    """Reads the log for all followers in this process."""

    def __init__(
        self,
        database: Database,
        notifier: ChangeNotifier,
        load: Callable[[Sequence[EntityChange]], Awaitable[Sequence[T]]],
        *,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """`load` makes what followers get of changes, in their order, by a constant number of statements. It leaves out
        changes of entities that there are no more.
        """
        self._database = database
        self._notifier = notifier
        self._load = load
        self._poll_seconds = poll_seconds
        self._followers: dict[Topic, set[_Follower[T]]] = {}
        self._place = Place(0)
        self._identity = ""
        self._begun = 0
        self._somebody = asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read until the end of the block."""
        reading = asyncio.create_task(self._run())
        try:
            yield
        finally:
            await stop([reading])

    @property
    def followed(self) -> int:
        """How many topics somebody in this process follows."""
        return len(self._followers)

    async def follow(self, topic: Topic, after: Place, caller: Caller) -> AsyncGenerator[T, None]:
        """Yield each change of a topic behind a place, once and in order.

        Raises Unauthenticated once the caller's time is over, CursorExpired once another database is there, and
        Unavailable where what was missed cannot be read.
        """
        follower = _Follower[T]()
        if not self._followers:
            place = await present(self._database)
            if not self._followers:
                self._place, self._identity = place, self._database.identity
        seconds_left = same_life(self._database, self._database.identity, caller.seconds_left)
        with self._following(topic, follower), caller.watch_expiry(follower.wake):
            while True:
                if follower.is_behind:
                    through = self._place
                    follower.catch_up(self._begun)
                    async for missed in self._between(topic, after, through):
                        seconds_left()
                        yield missed
                    after = max(after, through)
                coming = await follower.next()
                seconds_left()
                if coming is not None and coming.change.place > after:
                    after = coming.change.place
                    yield coming
                del coming  # it would be kept until the next one

    @contextlib.contextmanager
    def _following(self, topic: Topic, follower: _Follower[T]) -> Iterator[None]:
        followers = self._followers.setdefault(topic, set())
        followers.add(follower)
        self._somebody.set()
        try:
            yield
        finally:
            followers.discard(follower)
            if not followers and self._followers.get(topic) is followers:
                del self._followers[topic]
            if not self._followers:
                self._somebody.clear()

    async def _between(self, topic: Topic, after: Place, through: Place) -> AsyncGenerator[T, None]:
        while after < through:
            async with self._database.read() as connection:
                changes = await changes_between(
                    connection, after, through, limit=HISTORY_BATCH, owner_id=topic.owner_id, entity_id=topic.entity_id
                )
            for item in await self._load(changes):
                yield item
            if len(changes) < HISTORY_BATCH:
                return
            after = changes[-1].place

    async def _run(self) -> None:
        with self._notifier.subscribe() as changed:
            while True:
                await self._somebody.wait()
                changed.clear()
                pause = self._poll_seconds
                try:
                    with prioritised(Priority.EVENT):
                        pause = await self._read()
                except Unavailable:
                    pass  # the next poll asks again
                except Exception as error:
                    # Whatever it is, the next poll asks again; a reader that dies would be silent for ever.
                    log.error("change reader cannot read changes", exc_info=error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await changed.wait()

    async def _read(self) -> float:
        """Hand over the next settled changes; returns how long there is to wait for more."""
        self._begun += 1
        batch, start = self._begun, self._place
        async with self._database.read() as connection:
            settled, some_unsettled = await committed(connection)
            if self._database.identity != self._identity:
                return self._begin_anew(settled)
            changes = await changes_between(connection, start, settled, limit=BATCH)
        wanted = [change for change in changes if any(topic in self._followers for topic in _topics_of(change))]
        items: dict[Place, T | None] = {change.place: None for change in wanted}
        items |= {item.change.place: item for item in await self._load(wanted)}
        if self._place != start:
            return 0.0  # all followers have left meanwhile, and others begun at another place
        is_full = len(changes) == BATCH
        self._place = changes[-1].place if is_full else max(settled, start)
        for change in changes:
            self._hand_over(change, items, batch)
        if is_full:
            return 0.0
        return UNSETTLED_SECONDS if some_unsettled else self._poll_seconds

    def _begin_anew(self, place: Place) -> float:
        """Go on at a place of another database; those who followed the last one must load everything anew."""
        self._place, self._identity = place, self._database.identity
        for followers in self._followers.values():
            for follower in followers:
                follower.wake()
        return 0.0

    def _hand_over(self, change: EntityChange, items: Mapping[Place, T | None], batch: int) -> None:
        item = items.get(change.place)
        for topic in _topics_of(change):
            for follower in self._followers.get(topic, ()):
                if change.place not in items or follower.joined >= batch:
                    follower.lag()  # it came after the batch was begun
                elif item is not None and not follower.is_behind:
                    follower.offer(item)


def _topics_of(change: EntityChange) -> list[Topic]:
    topics = [Topic(entity_id=change.entity_id)]
    return topics if change.owner_id is None else [*topics, Topic(owner_id=change.owner_id)]
