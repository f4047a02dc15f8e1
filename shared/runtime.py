"""What one subgraph holds open while it runs: settings, database, broker connection and its own resources."""

from collections.abc import AsyncIterator, Iterable
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
    verifier: TokenVerifier
    revocations: Revocations = field(default_factory=Revocations)
    resources: dict[type, object] = field(default_factory=dict)

    def resource(self, kind: type[R]) -> R:
        """Return the open resource of a kind; asking for one that the subgraph does not declare is a bug."""
        return cast("R", self.resources[kind])


class Resource(Protocol):
    """Something a subgraph keeps open as long as it runs, such as the order feed's one pub/sub connection."""

    @classmethod
    def open(cls, runtime: Runtime) -> AbstractAsyncContextManager[object]:
        """Open it, and close it at the end of the block."""


@asynccontextmanager
async def open_runtime(name: str, settings: Settings, resources: Iterable[type[Resource]]) -> AsyncIterator[Runtime]:
    """Connect a subgraph to its surroundings for as long as it serves."""
    async with AsyncExitStack() as stack:
        database = Database.connect(settings, name)
        stack.push_async_callback(database.close)
        redis = Redis.from_url(settings.required_redis_url)
        stack.push_async_callback(redis.aclose)
        wakeup = await stack.enter_async_context(Wakeup.open(redis, name))
        database.hooks[RECORDED] = wakeup.signal
        revocations = await stack.enter_async_context(Revocations.open(redis))
        verifier = await stack.enter_async_context(TokenVerifier.open(settings, revocations))
        runtime = Runtime(name, settings, database, redis, verifier, revocations)
        for kind in resources:
            runtime.resources[kind] = await wait_for_database(partial(_open, kind, runtime, stack), name)
        yield runtime


async def _open(kind: type[Resource], runtime: Runtime, stack: AsyncExitStack) -> object:
    return await stack.enter_async_context(kind.open(runtime))
