"""Receives GraphQL requests: whole, signed by the router where required, and cancelled when the client disconnects."""

import asyncio
import time
from collections.abc import Callable

from shared.core.tasks import REQUEST_TASKS, stop
from shared.http.middleware import ASGIApp, Message, Receive, Scope, Send, send_error
from shared.http.mutual_tls import FROM_ROUTER
from shared.security.request_signature import RequestNotSigned, RequestSignatures

PATH = "/graphql"
ADDRESS, WAIT = "petplus.address", "petplus.wait"
"""The keys in the scope of a request of the router's: of the client's address, and of the seconds that it may wait."""


class SignedRequestMiddleware:
    """Receives requests to `/graphql`, signed or over the router's connection; all others pass unchanged."""

    def __init__(self, app: ASGIApp, signatures: RequestSignatures, clock: Callable[[], float] = time.time) -> None:
        self.app = app
        self.signatures = signatures
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        try:
            said = self.signatures.verify(
                scope["headers"], PATH.encode(), body, self.clock(), is_proven=FROM_ROUTER in scope
            )
        except RequestNotSigned as error:
            await send_error(send, 401, error.code, error.message)
            return
        if said is not None:
            scope[FROM_ROUTER] = True
            if said.address is not None:
                scope[ADDRESS] = said.address
            if said.wait_seconds is not None:
                scope[WAIT] = said.wait_seconds
        exchange = _Exchange(receive, body)
        del body  # a stream would keep it in memory in memory
        await exchange.run(self.app, scope, send)


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client disconnects before it has sent it."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


class _Exchange:
    """One request and its response or stream: its work is cancelled when the client disconnects."""

    def __init__(self, receive: Receive, body: bytes) -> None:
        self._receive = receive
        self._body: bytes | None = body

    async def run(self, app: ASGIApp, scope: Scope, send: Send) -> None:
        parts: set[asyncio.Task[object]] = set()
        token = REQUEST_TASKS.set(parts)
        work = asyncio.create_task(_run(app, scope, self._replay, send))
        watch = asyncio.create_task(self._until_left())
        try:
            await asyncio.wait((work, watch), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
            else:
                await stop({work, *parts})
        finally:
            REQUEST_TASKS.reset(token)
            watch.cancel()
            work.cancel()

    async def _replay(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.Event().wait()  # until the client disconnects
        return {"type": "http.disconnect"}

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
