"""A second router whose subgraphs stand behind proxies, which inject the fault of an operation into their responses."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

import httpx
import uvicorn
from graphql import GraphQLSchema

from petplus import registry
from petplus.generated import composition
from petplus.local.node import ROUTER
from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.differential.faults import Fault, Kind
from tests.support.http import http_client
from tests.support.shop import UNBOUNDED, free_ports
from tests.support.waiting import eventually

UPSTREAM_TIMEOUT_MS = 10_000
"""Long enough for a busy machine: what is late on purpose never comes."""
TRACE = b"traceparent"
"""The header by which a proxy knows the operation: the router propagates it, and shares no request between two."""
DROPPED = {b"connection", b"content-length", b"transfer-encoding", b"content-encoding", b"accept-encoding"}

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Proxies:
    """An ASGI application that stands before all subgraphs, each at its own port."""

    def __init__(self, targets: dict[int, str], urls: dict[str, str], client: httpx.AsyncClient) -> None:
        self._targets, self._urls, self._client = targets, urls, client
        self._schemas: dict[str, GraphQLSchema] = {name: registry.load(name).schema._schema for name in urls}
        self.faults: dict[str, Fault] = {}
        """By the value of `traceparent`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._targets[scope["server"][1]]
        body = await _body(receive)
        fault = self.faults.get(dict(scope["headers"]).get(TRACE, b"").decode())
        if fault is not None and fault.subgraph != name:
            fault = None
        if fault is not None and fault.kind is Kind.LATE:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        response = await self._client.request(
            scope["method"],
            self._urls[name] + scope["path"],
            content=body,
            headers=[each for each in scope["headers"] if each[0] not in DROPPED],
        )
        content = response.content if fault is None else fault.applied(self._schemas[name], body, response.content)
        headers = [each for each in response.headers.raw if each[0].lower() not in DROPPED]
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        if fault is not None and fault.kind in (Kind.CUT, Kind.CUT_BODY):
            # The server closes the connection when the application returns too early.
            part = content[: len(content) // 2] if fault.kind is Kind.CUT_BODY else b""
            await send({"type": "http.response.body", "body": part, "more_body": True})
            return
        await send({"type": "http.response.body", "body": content})


async def _body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


@asynccontextmanager
async def faulty_router(settings: Settings) -> AsyncIterator[tuple[str, Proxies]]:
    """Run a router behind whose proxies are the subgraphs of a running shop; yields its URL and the proxies."""
    base = free_ports()
    sockets = [socket.create_server(("127.0.0.1", base + 1 + at)) for at in range(len(registry.NAMES))]
    targets = dict(zip(range(base + 1, base + 1 + len(sockets)), registry.NAMES, strict=True))
    urls = {name: f"http://127.0.0.1:{settings.port_of(name)}" for name in registry.NAMES}
    variables = {f"PETPLUS_{name.upper()}_URL": f"http://127.0.0.1:{port}/graphql" for port, name in targets.items()}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PETPLUS_")}
    own = UNBOUNDED | variables | {"PETPLUS_UPSTREAM_TIMEOUT": str(UPSTREAM_TIMEOUT_MS)}
    env = composition.gateway_environment(Settings(port=base), inherited | own)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(http_client())
        proxies = Proxies(targets, urls, client)
        server = uvicorn.Server(
            uvicorn.Config(proxies, lifespan="off", log_config=None, log_level="critical", timeout_keep_alive=75)
        )
        serving = asyncio.create_task(server._serve(sockets))
        process = await asyncio.create_subprocess_exec(
            *composition.gateway_command(), env=env, cwd=ROUTER, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await eventually(http_ready(f"http://127.0.0.1:{base}/healthz"), pause=0.05)
            yield f"http://127.0.0.1:{base}/graphql", proxies
        finally:
            process.terminate()
            await process.wait()
            server.should_exit = True
            await serving
