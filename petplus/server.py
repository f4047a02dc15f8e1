"""Serves any number of subgraphs from one process, each on its own port, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence

import uvicorn

from petplus.header_timeout import HeaderTimeoutProtocol
from petplus.local.process import ServiceError
from shared.core.observability import log
from shared.core.redis_memory import warn_of_redis
from shared.core.settings import Settings
from shared.subgraph import Subgraph, create_app, freeze_heap

# Subscriptions never end by themselves: after this long their connections are closed.
GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    """A server that leaves signals to the process, which may run several, and tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(subgraphs: Sequence[Subgraph], settings: Settings, *, with_background: bool = True) -> None:
    """Serve until SIGINT or SIGTERM; raises ServiceError when a subgraph cannot start.

    Without background work, events and jobs are left to other processes.
    """
    servers = [_server(subgraph, settings, with_background) for subgraph in subgraphs]
    tasks = {asyncio.create_task(_run(it.name, server)): server for it, server in zip(subgraphs, servers, strict=True)}
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, tasks)
    reporting = asyncio.create_task(_report_when_listening(servers, settings))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            if not task.cancelled():
                task.result()
    finally:
        _stop(tasks)
        reporting.cancel()
        await asyncio.gather(*tasks, reporting, return_exceptions=True)


def _server(subgraph: Subgraph, settings: Settings, with_background: bool) -> _Server:
    config = uvicorn.Config(
        create_app(subgraph, settings, messaging=with_background),
        host=settings.host,
        port=subgraph.port(settings),
        # The formatter of `configure_logging`, not uvicorn's, which writes the messages of errors.
        log_config=None,
        log_level="warning",
        access_log=False,
        http=HeaderTimeoutProtocol,
        ws="none",
        # Whoever else names an address in X-Forwarded-For only claims it.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=4096,
        # Longer than the router keeps idle connections: it must be the one that closes them, or it loses requests.
        timeout_keep_alive=75,
    )
    return _Server(config)


async def _run(name: str, server: _Server) -> None:
    try:
        await server.serve()
    except SystemExit:
        if server.lifespan.should_exit:
            raise ServiceError(f"{name} could not start; the lines above say why.") from None
        config = server.config
        raise ServiceError(f"{name} cannot listen on {config.host}:{config.port}; is the port taken?") from None
    if not server.started:
        raise ServiceError(f"{name} could not start; the lines above say why.")


async def _report_when_listening(servers: Sequence[_Server], settings: Settings) -> None:
    await asyncio.gather(*[server.listening.wait() for server in servers])
    freeze_heap()
    log.info("server started", ports=[server.config.port for server in servers])
    await warn_of_redis(settings)


def _stop(tasks: Mapping["asyncio.Task[None]", _Server]) -> None:
    for task, server in tasks.items():
        server.should_exit = True
        # A server that is still starting, and may wait for its database, looks at nothing else.
        if not server.listening.is_set():
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a stop is no error
            task.cancel()
