"""Serves any number of subgraphs from one process, each on its own port, until it is told to stop.

At the first signal the servers are unready at once, and go on for `PETPLUS_DRAIN_SECONDS`, in which balancers learn of
it. Then they close their listeners, end their streams, and let requests in flight end. A second signal ends the
process.
"""

import asyncio
import contextlib
import copy
import logging
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from petplus.header_timeout import HeaderTimeoutProtocol
from petplus.local.process import ServiceError
from petplus.signals import on_signal
from shared.core.observability import log
from shared.core.redis_memory import warn_of_redis
from shared.core.settings import Settings
from shared.http.draining import Drain
from shared.http.mutual_tls import FromRouter, MutualTls
from shared.subgraph import Subgraph, create_app, freeze_heap


class RouterPort(NamedTuple):
    """Where a subgraph listens for the router's certificate, and how it checks that."""

    port: int
    tls: MutualTls


class Server(uvicorn.Server):
    """A server that leaves signals to the process, which may run several, and tells when it listens."""

    def __init__(self, config: uvicorn.Config, drain: Drain, for_router: RouterPort | None = None) -> None:
        """`for_router` is a second port, for connections with a certificate of the router's."""
        super().__init__(config)
        self.drain = drain
        self.listening = asyncio.Event()
        self._for_router = for_router
        self._renewal: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if self._for_router is not None:
            await self._listen_for_router(self._for_router)
        self.listening.set()

    async def _listen_for_router(self, own: RouterPort) -> None:
        config = copy.copy(self.config)
        config.loaded_app = FromRouter(self.config.loaded_app)

        def make_protocol() -> asyncio.Protocol:
            return HeaderTimeoutProtocol(config=config, server_state=self.server_state, app_state=self.lifespan.state)

        loop = asyncio.get_running_loop()
        try:
            listener = await loop.create_server(
                make_protocol, config.host, own.port, ssl=own.tls.context, backlog=config.backlog
            )
        except OSError:
            await self.shutdown()
            raise ServiceError(f"Nothing can listen on {config.host}:{own.port}; is the port taken?") from None
        self.servers.append(listener)
        self._renewal = asyncio.create_task(own.tls.keep_fresh())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before a stream is told to open elsewhere: it may come back at once.
        for listener in self.servers:
            listener.close()
        if self._renewal is not None:
            self._renewal.cancel()
        self.drain.end_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(subgraphs: Sequence[Subgraph], settings: Settings, *, with_background: bool = True) -> None:
    """Serve until SIGINT or SIGTERM; raises ServiceError when a subgraph cannot start.

    Without background work, events and jobs are left to other processes.
    """
    servers = [_server(subgraph, settings, with_background) for subgraph in subgraphs]
    tasks = {
        asyncio.create_task(run_server(it.name, server)): server for it, server in zip(subgraphs, servers, strict=True)
    }
    on_signal(lambda: _drain(tasks, settings.drain_seconds))
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


def _server(subgraph: Subgraph, settings: Settings, with_background: bool) -> Server:
    drain = Drain()
    app = create_app(subgraph, settings, messaging=with_background, drain=drain)
    for_router = None
    if settings.tls_directory is not None:
        for_router = RouterPort(settings.tls_port_of(subgraph.name), MutualTls(settings.tls_directory))
    return server_of(app, drain, subgraph.port(settings), settings, for_router)


def server_of(
    app: FastAPI, drain: Drain, port: int, settings: Settings, for_router: RouterPort | None = None
) -> Server:
    """Make the server of an application at a port, and at one for the router's certificate."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        # The formatter of `configure_logging`, not uvicorn's, which writes the messages of errors.
        log_config=None,
        log_level="warning",
        access_log=False,
        http=HeaderTimeoutProtocol,
        ws="none",
        # Whoever else names an address in X-Forwarded-For only claims it.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.request_grace,
        backlog=4096,
        # Longer than the router keeps idle connections: it must be the one that closes them, or it loses requests.
        timeout_keep_alive=75,
    )
    return Server(config, drain, for_router)


async def run_server(name: str, server: Server) -> None:
    """Serve until the server is told to stop; raises ServiceError when it cannot start."""
    try:
        await server.serve()
    except SystemExit:
        if server.lifespan.should_exit:
            raise ServiceError(f"{name} could not start; the lines above say why.") from None
        config = server.config
        raise ServiceError(f"{name} cannot listen on {config.host}:{config.port}; is the port taken?") from None
    if not server.started:
        raise ServiceError(f"{name} could not start; the lines above say why.")


async def _report_when_listening(servers: Sequence[Server], settings: Settings) -> None:
    await asyncio.gather(*[server.listening.wait() for server in servers])
    freeze_heap()
    log.info("server started", ports=[server.config.port for server in servers])
    await warn_of_redis(settings)


def _drain(tasks: Mapping["asyncio.Task[None]", Server], seconds: float) -> None:
    for server in tasks.values():
        server.drain.begin()
    is_used = any(server.listening.is_set() for server in tasks.values())
    log.info("server stopping", drain_seconds=seconds if is_used else 0)
    if seconds and is_used:
        asyncio.get_running_loop().call_later(seconds, _stop, tasks)
    else:
        _stop(tasks)


def _stop(tasks: Mapping["asyncio.Task[None]", Server]) -> None:
    for task, server in tasks.items():
        server.should_exit = True
        # A server that is still starting, and may wait for its database, looks at nothing else.
        if not server.listening.is_set():
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a stop is no error
            task.cancel()
