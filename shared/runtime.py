"""The long-lived parts of a running subgraph: settings, database, broker connection and its own resources."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar, cast

from redis.asyncio import Redis

from shared.core.settings import Settings
from shared.database.database import Database
from shared.database.startup import wait_for_database
from shared.events.outbox import RECORDED
from shared.events.wakeup import Wakeup
from shared.security.auth import TokenVerifier
from shared.security.revocation import Revocations

R = TypeVar("R")


@dataclass
class Runtime:
    """The long-lived parts of one subgraph in one process."""

    name: str
    settings: Settings
    database: Database
    redis: "Redis"
    """Holds what may be lost: counters, caches, revocations, notifications. Events go through another, the broker."""
    verifier: TokenVerifier
    revocations: Revocations = field(default_factory=Revocations)
    resources: dict[type, object] = field(default_factory=dict)
    _being_made: list[type] = field(default_factory=list)

    def resource(self, kind: type[R]) -> R:
        """Return the resource of a kind, made on first use by its `from_runtime`, or else by its constructor.

        Raises ResourceError for a kind that must be opened and is not, and for kinds that need each other.
        """
        try:
            return cast("R", self.resources[kind])
        except KeyError:
            resource = self.resources[kind] = self._make(kind)
            return resource

    def _make(self, kind: type[R]) -> R:
        if hasattr(kind, "open"):
            raise ResourceError(f"{kind.__name__} is not open: list it in the subgraph's `resources`.")
        if kind in self._being_made:
            circle = [*self._being_made[self._being_made.index(kind) :], kind]
            raise ResourceError(f"These need each other: {' -> '.join(each.__name__ for each in circle)}.")
        make: Callable[[Runtime], R] = getattr(kind, "from_runtime", kind)
        self._being_made.append(kind)
        try:
            return make(self)
        finally:
            self._being_made.pop()


class ResourceError(Exception):
    """A resource cannot be made, because of a mistake in the code."""


class Resource(Protocol):
    """Something that holds a task, a connection or a process open, such as the order feed's pub/sub connection."""

    @classmethod
    def open(cls, runtime: Runtime) -> AbstractAsyncContextManager[object]:
        """Open it, and close it at the end of the block."""


@asynccontextmanager
async def open_runtime(name: str, settings: Settings, resources: Collection[type]) -> AsyncIterator[Runtime]:
    """Connect a subgraph to its surroundings, and open or make the given resources, until the end of the block."""
    async with AsyncExitStack() as stack:
        database = Database.connect(settings, name)
        stack.push_async_callback(database.close)
        broker = Redis.from_url(settings.required_redis_url)
        stack.push_async_callback(broker.aclose)
        redis = Redis.from_url(settings.required_cache_redis_url)
        stack.push_async_callback(redis.aclose)
        wakeup = await stack.enter_async_context(Wakeup.open(broker, name))
        database.hooks[RECORDED] = wakeup.signal
        revocations = await stack.enter_async_context(Revocations.open(redis))
        verifier = await stack.enter_async_context(TokenVerifier.open(settings, revocations))
        runtime = Runtime(name, settings, database, redis, verifier, revocations)
        opened = [kind for kind in resources if hasattr(kind, "open")]
        for kind in opened:
            runtime.resources[kind] = await wait_for_database(partial(_open, kind, runtime, stack), name)
        # A setting that is wrong stops the start here, and not the first request.
        for kind in resources:
            runtime.resource(kind)
        yield runtime


async def _open(kind: type[Resource], runtime: Runtime, stack: AsyncExitStack) -> object:
    return await stack.enter_async_context(kind.open(runtime))
