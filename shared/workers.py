"""Runs a subgraph's relay and consumer beside its API, or alone in a worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from shared.core.tasks import stop
from shared.events.broker import Broker
from shared.events.consumer import Consumer
from shared.events.event import Handlers
from shared.events.inbox import Inbox
from shared.events.relay import Relay
from shared.events.wakeup import Wakeup
from shared.runtime import Runtime

CONSUMERS = 2
"""Consumers of one process: while the database works for one, Python works for the other."""


@asynccontextmanager
async def run_event_workers(runtime: Runtime, handlers: Handlers) -> AsyncIterator[None]:
    """Publish a subgraph's events and handle those of others until the end of the block.

    Stopping in the middle of work is safe: what was not committed is handled again, here or by another process.
    """
    # An outage must reach the loops at once: they have a back-off of their own.
    redis = Redis.from_url(runtime.settings.required_redis_url, retry=Retry(NoBackoff(), 0))
    broker = Broker(redis)
    name, database = runtime.name, runtime.database
    loops = [Relay(name, database, broker, Wakeup(redis, name)).run()]
    if handlers:
        inbox = Inbox(name, handlers)
        consumers = [Consumer(name, database, broker, inbox) for _ in range(CONSUMERS)]
        loops += [consumer.run() for consumer in consumers]
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        await stop(tasks)
        await redis.aclose()
