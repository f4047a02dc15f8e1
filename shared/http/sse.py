"""Server-sent events: how the results of an operation are sent over HTTP, in the form that the router reads.

A stream that ends because its server stops ends with the error that tells clients to subscribe again, after the last
position that they saw: `SUBSCRIPTION_INTERRUPTED`, as the router tells them of a subgraph that is gone.

Lines end with LF: the router's parser splits on LF LF and would drop events whose lines end with CRLF.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import orjson
from starlette.types import Receive, Scope, Send

from shared.http.draining import Drain

HEARTBEAT_SECONDS = 10.0
"""How often a stream sends a keep-alive; the router waits for three of them."""

HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    # Makes nginx pass each event on at once.
    (b"x-accel-buffering", b"no"),
]
COMPLETE = b"event: complete\ndata: \n\n"
PING = b": ping\n\n"


def encoded(result: Mapping[str, object]) -> bytes:
    """Return a result as an event."""
    return b"event: next\ndata: " + orjson.dumps(result) + b"\n\n"


def interruption(service: str) -> bytes:
    """Return the last event of a stream whose server stops."""
    message = f"The {service} service interrupted the subscription. Subscribe again, after the last version you saw."
    extensions = {"code": "SUBSCRIPTION_INTERRUPTED", "service": service}
    return encoded({"data": None, "errors": [{"message": message, "extensions": extensions}]})


class EventStream:
    """An ASGI response that sends events as they come, until the server stops.

    It ends when the client disconnects, too (`shared.http.request`).
    """

    def __init__(self, events: AsyncGenerator[bytes, None], service: str, drain: Drain) -> None:
        self._events = events
        self._service = service
        self._drain = drain

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        async with aclosing(self._events) as events:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            heart = _Heart(send)
            try:
                async with asyncio.timeout(None) as until:
                    with self._drain.stream(until):
                        async for event in events:
                            await send(_part(event))
                            del event  # otherwise it is kept in memory until the next one
            except TimeoutError:
                if not until.expired():
                    raise
                await send(_part(interruption(self._service)))
            finally:
                heart.stop()
        await send(_part(COMPLETE))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _part(body: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": True}


class _Heart:
    """Sends keep-alives of a stream. A timer, because thousands of streams would need a waiting task each."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._saying: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(HEARTBEAT_SECONDS, self._beat)

    def stop(self) -> None:
        """Stop."""
        self._timer.cancel()
        if self._saying is not None:
            self._saying.cancel()

    def _beat(self) -> None:
        # A client that has not read the last keep-alive needs no other.
        if self._saying is None:
            self._saying = self._loop.create_task(self._say())
        self._timer = self._loop.call_later(HEARTBEAT_SECONDS, self._beat)

    async def _say(self) -> None:
        await self._send(_part(PING))
        self._saying = None
