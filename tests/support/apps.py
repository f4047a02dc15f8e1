"""Subgraphs served in the test's own event loop, and a client that speaks GraphQL to them."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CoroutineType
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from petplus import registry
from petplus.header_timeout import HeaderTimeoutProtocol
from shared.core.settings import Settings
from shared.database.database import Database
from shared.runtime import Runtime
from shared.security.request_signature import ADDRESS, PURPOSE, SIGNATURE, TIME, WAIT, sign
from shared.subgraph import Subgraph, create_app
from subgraphs.user.service.authentication import MULTIPLE_FACTORS, ONE_TIME_CODE, PASSWORD, Authentication
from subgraphs.user.service.keys import KeyRing
from tests.support.http import http_client
from tests.support.waiting import eventually

_EXECUTION = {"graphql", "aiodataloader", "strawberry_compiled"}
"""The packages whose coroutines resolve fields."""


@dataclass
class Answer:
    """A GraphQL response."""

    status: int
    body: Any

    @property
    def data(self) -> Any:
        """The data of an answer that must have no errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """The codes of all errors, in order."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]


def signed(
    settings: Settings,
    body: bytes,
    authorization: str = "",
    *,
    to: str = "builder",
    age: float = 0,
    wait_ms: int = 600_000,
) -> dict[str, str]:
    """Return the headers of a request as the router sends it to a subgraph."""
    given = {TIME: str(int(time.time() - age)).encode(), ADDRESS: b"127.0.0.1", WAIT: str(wait_ms).encode()}
    given |= {b"authorization": authorization.encode()} if authorization else {}
    signature = sign(settings.router_keys(PURPOSE)[0], to, given, b"/graphql", body)
    plain = {name.decode(): value.decode() for name, value in given.items()}
    return {**plain, SIGNATURE.decode(): signature, "content-type": "application/json"}


@dataclass
class Served:
    """One running subgraph."""

    subgraph: Subgraph
    app: FastAPI
    client: httpx.AsyncClient

    @property
    def runtime(self) -> Runtime:
        runtime: Runtime = self.app.state.runtime
        return runtime

    @property
    def database(self) -> Database:
        return self.runtime.database

    async def lends_nothing(self) -> bool:
        """Tell whether all connections to the database are back, and no field is left that may ask for one.

        An answer whose list became null does not wait for the fields of its items: they read on, one loader after the
        other, and between two of them all connections are back.
        """
        pool = self.database.engine.pool
        is_back = isinstance(pool, QueuePool) and pool.checkedout() == 0
        return is_back and not any(map(_is_execution, asyncio.all_tasks()))

    async def execute(self, query: str, token: str | None = None, **variables: Any) -> Answer:
        """Send one operation as the router does, with variables by keyword."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        authorization = f"Bearer {token}" if token else ""
        headers = signed(self.runtime.settings, body, authorization, to=self.subgraph.name)
        response = await self.client.post("/graphql", content=body, headers=headers)
        return Answer(response.status_code, response.json())

    async def forget_limits(self) -> None:
        """Forget what was counted: all tests ask from one address, and more in a minute than its limits allow."""
        keys = [key async for key in self.runtime.redis.scan_iter("petplus:throttle:*", count=10_000)]
        if keys:
            await self.runtime.redis.delete(*keys)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the SQL that this subgraph sends within the block, but for what it asks every second by itself."""
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any) -> None:
            # A SELECT that goes to asyncpg directly (`shared.database.prepared`) has no context.
            if context is None or not context.execution_options.get("by_itself"):
                sent.append(statement)

        engine = self.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)


def _is_execution(task: "asyncio.Task[Any]") -> bool:
    coroutine = task.get_coro()
    file = coroutine.cr_code.co_filename if isinstance(coroutine, CoroutineType) else ""
    return not _EXECUTION.isdisjoint(Path(file).parts)


@asynccontextmanager
async def serve(subgraph: Subgraph, settings: Settings) -> AsyncIterator[Served]:
    """Run a subgraph's application without a socket."""
    app = create_app(subgraph, settings, messaging=False)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = http_client(transport=transport, base_url="http://subgraph")
        served = Served(subgraph, app, await stack.enter_async_context(client))
        yield served
        # What an answer has not waited for still reads, and its connection would be left open.
        await eventually(served.lends_nothing)


@asynccontextmanager
async def listen(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on a socket of the loopback address; yields its base URL."""
    config = uvicorn.Config(app, port=port, log_level="warning", lifespan="on", http=HeaderTimeoutProtocol, ws="none")
    server = uvicorn.Server(config)
    server.config.load()
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.005)
    address = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://127.0.0.1:{address[1]}"
    finally:
        server.should_exit = True
        await task


def just_authenticated() -> Authentication:
    """Return that somebody has logged in with two factors at this moment."""
    return Authentication.now([PASSWORD, ONE_TIME_CODE, MULTIPLE_FACTORS])


def authenticated_ago(seconds: float) -> Authentication:
    """Return that somebody has logged in with two factors so many seconds ago."""
    methods = just_authenticated().methods
    return Authentication(dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds), methods)


@dataclass
class Identities:
    """Makes access tokens as the user subgraph would, for callers of any role."""

    keys: KeyRing

    def token(self, user_id: str, *roles: str) -> str:
        """Return a token of a user with some roles; a customer unless told."""
        return self.token_of(user_id, just_authenticated(), *(roles or ("CUSTOMER",)))

    def token_of(self, user_id: str, authentication: Authentication, *roles: str) -> str:
        """Return a token of a user with some roles, who has authenticated as told."""
        return self.keys.sign(user_id, roles, "ses_00000000000000000000000000", authentication).text


@asynccontextmanager
async def identities(settings: Settings) -> AsyncIterator[tuple[Identities, str]]:
    """Serve the user subgraph; yields a maker of tokens and the address of the keys that verify them."""
    app = create_app(registry.load("user"), settings, messaging=False)
    async with listen(app) as url:
        runtime: Runtime = app.state.runtime
        yield Identities(runtime.resource(KeyRing)), f"{url}/.well-known/jwks.json"
