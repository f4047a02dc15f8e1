"""How a server stops without losing requests: it says that it is about to, goes on for a while, and ends its streams.

From the signal on `/ready` answers 503, and each answer closes its connection, so that balancers and the router send
what follows elsewhere. When the listener is closed, open streams are told to resume elsewhere, and new ones are refused
(docs/decisions/0067-stopping-without-losing-requests.md).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from shared.http.middleware import ASGIApp, Message, Receive, Scope, Send

STOPPING = "The process is stopping."
"""The reason that `/ready` gives."""
CONNECTION_CLOSE = (b"connection", b"close")


class Drain:
    """How far one server is with its stop."""

    def __init__(self) -> None:
        self.has_begun = False
        self.takes_no_streams = False
        self._streams: set[asyncio.Timeout] = set()

    def begin(self) -> None:
        """Be unready, and close each connection after its answer."""
        self.has_begun = True

    def end_streams(self) -> None:
        """End open streams, and refuse new ones."""
        self.has_begun = self.takes_no_streams = True
        now = asyncio.get_running_loop().time()
        for stream in self._streams:
            stream.reschedule(now)

    @contextmanager
    def stream(self, until: asyncio.Timeout) -> Iterator[None]:
        """Let a stream's block end by `until` when streams end."""
        if self.takes_no_streams:
            until.reschedule(asyncio.get_running_loop().time())
        self._streams.add(until)
        try:
            yield
        finally:
            self._streams.discard(until)


class ConnectionClose:
    """Closes each connection after its answer once a server is about to stop."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self.app = app
        self.drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if self.drain.has_begun and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), CONNECTION_CLOSE]
            await send(message)

        await self.app(scope, receive, answer if scope["type"] == "http" else send)
