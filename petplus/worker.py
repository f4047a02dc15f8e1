"""Workers: subgraphs without their APIs; and what an operator does about jobs that failed for good.

A worker has no API to drain. At a signal all subgraphs stop at once: jobs in hand get a moment, and what is not done by
then is done by another process.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import orjson
from fastapi import FastAPI
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from petplus.server import Server, run_server, server_of
from petplus.signals import on_signal
from shared.core.observability import configure_logging, log
from shared.core.redis_memory import warn_of_redis
from shared.core.settings import Settings, SettingsError
from shared.database.database import Database
from shared.http.draining import Drain
from shared.http.middleware import SecurityHeaders
from shared.http.readiness import Readiness
from shared.jobs.jobs import held_jobs, retry_held
from shared.runtime import Runtime
from shared.subgraph import Subgraph, operation_routes, run_worker


async def work(subgraphs: Sequence[Subgraph], settings: Settings) -> None:
    """Carry events and do jobs until SIGINT or SIGTERM."""
    configure_logging(settings)
    await _Worker(subgraphs, settings).run()


class _Worker:
    """All subgraphs of a process, each of which opens and closes by itself."""

    def __init__(self, subgraphs: Sequence[Subgraph], settings: Settings) -> None:
        self._subgraphs = subgraphs
        self._settings = settings
        self._drain = Drain()
        self._stopping = asyncio.Event()
        self._runtimes: list[Runtime] = []
        self._starting: dict[str, asyncio.Task[None]] = {}
        self._readiness = Readiness(self._databases)

    async def run(self) -> None:
        """Work until a signal; raises what ends a subgraph, or ServiceError for a port that is taken."""
        server, tasks = self._server(), []
        on_signal(self._stop)
        if server is not None:
            tasks.append(asyncio.create_task(run_server("worker", server)))
        for subgraph in self._subgraphs:
            task = self._starting[subgraph.name] = asyncio.create_task(self._work(subgraph))
            tasks.append(task)
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stop()
            await self._readiness.close()
            if server is not None:
                server.should_exit = True
            await asyncio.wait([stopping, *tasks])
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _work(self, subgraph: Subgraph) -> None:
        async with run_worker(subgraph, self._settings) as runtime:
            del self._starting[subgraph.name]
            self._runtimes.append(runtime)
            if not self._starting:
                log.info("worker started", subgraphs=[subgraph.name for subgraph in self._subgraphs])
                await warn_of_redis(self._settings)
            await self._stopping.wait()

    def _stop(self) -> None:
        self._drain.begin()
        self._stopping.set()
        # One that waits for its database looks at nothing else.
        for task in self._starting.values():
            task.cancel()

    def _server(self) -> Server | None:
        if self._settings.worker_port is None:
            return None
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.include_router(operation_routes(self._readiness, self._drain))
        app.add_middleware(SecurityHeaders, https_only=self._settings.is_production)
        return server_of(app, self._drain, self._settings.worker_port, self._settings)

    def _databases(self) -> Sequence[Database]:
        return [] if self._starting else [runtime.database for runtime in self._runtimes]


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
