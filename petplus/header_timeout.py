"""Connections to a subgraph: one that does not send the head of a request in time is let go.

uvicorn waits for ever. The router does the same at its door (`router/gateway/connections.mjs`); here it is for those
who reach a subgraph past it.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0


class HeaderTimeoutProtocol(HttpToolsProtocol):
    """HTTP/1.1 with a limit to the time in which the head of a request must come, from when its first byte may."""

    head_seconds = HEAD_SECONDS
    _waiting: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._waiting is None:
            self._wait()

    def on_headers_complete(self) -> None:
        self._stop_timer()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def _stop_timer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
