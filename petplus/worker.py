"""Workers: subgraphs without their APIs; and what an operator does about jobs that failed for good."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.core.observability import configure_logging, log
from shared.core.redis_memory import warn_of_redis
from shared.core.settings import Settings, SettingsError
from shared.database.database import Database
from shared.jobs.jobs import held_jobs, retry_held
from shared.subgraph import Subgraph, run_worker


async def work(subgraphs: Sequence[Subgraph], settings: Settings) -> None:
    """Carry events and do jobs until SIGINT or SIGTERM."""
    configure_logging(settings)
    # Cancelled, it ends wherever it is: at work, or still waiting for its database.
    working = asyncio.create_task(_work(subgraphs, settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, working.cancel)
    await asyncio.wait([working])
    if not working.cancelled():
        working.result()


async def _work(subgraphs: Sequence[Subgraph], settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        for subgraph in subgraphs:
            await stack.enter_async_context(run_worker(subgraph, settings))
        log.info("worker started", subgraphs=[subgraph.name for subgraph in subgraphs])
        await warn_of_redis(settings)
        await asyncio.Event().wait()


async def show_jobs(subgraph: Subgraph, settings: Settings, out: Console) -> None:
    """Print a subgraph's held jobs, oldest first."""
    async with _database(subgraph, settings) as database:
        held = await held_jobs(database)
    if not held:
        out.print(f"{subgraph.name}: no job is held")
        return
    table = Table("id", "job", "payload", "asked for", "last error")
    for job in held:
        payload = escape(orjson.dumps(job.payload).decode())
        table.add_row(str(job.id), job.name, payload, f"{job.created:%Y-%m-%d %H:%M:%S}", escape(job.error))
    out.print(table)


async def retry_jobs(subgraph: Subgraph, settings: Settings, ids: Sequence[int] | None, out: Console) -> None:
    """Queue held jobs again, those of some ids or all, and print how many they were."""
    async with _database(subgraph, settings) as database:
        out.print(f"{subgraph.name}: {await retry_held(database, ids)} queued again")


@asynccontextmanager
async def _database(subgraph: Subgraph, settings: Settings) -> AsyncIterator[Database]:
    if not subgraph.jobs:
        raise SettingsError(f"{subgraph.name} has no jobs.")
    database = Database.connect(settings, subgraph.name)
    try:
        yield database
    finally:
        await database.close()
