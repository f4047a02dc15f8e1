"""Pure ASGI middleware: the request's identity, an access log line, security headers, a body limit.

Pure, because Starlette's BaseHTTPMiddleware buffers streams, and subscriptions are streams.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, TypeAlias

import orjson

from shared.core.ids import new_id
from shared.core.limits_file import LIMITS
from shared.core.observability import ORIGIN, REQUEST_SECONDS, Origin, log

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
QUIET_PATHS = frozenset({"/healthz", "/ready", "/metrics"})
LARGEST_BODY = LIMITS.body_bytes
BODY_SECONDS = 20.0
MOST_LARGE_BODIES = 8
HTTPS_ONLY = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


def header_of(scope: Scope, name: bytes) -> str | None:
    """Return the first header of a name, in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


class RequestIdentity:
    """Takes the request id and trace from the request, or makes an id; returns it as `x-request-id`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given, trace = header_of(scope, b"x-request-id"), header_of(scope, b"traceparent")
        request_id = given if given and _SAFE_REQUEST_ID.fullmatch(given) else new_id("req")
        traceparent = trace if trace and _TRACEPARENT.fullmatch(trace) else None
        token = ORIGIN.set(Origin(request_id=request_id, traceparent=traceparent))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            ORIGIN.reset(token)


class AccessLog:
    """Writes a log line and a metric for each request, except for probes and scrapes."""

    def __init__(self, app: ASGIApp, subgraph: str) -> None:
        self.app = app
        self.subgraph = subgraph

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET_PATHS:
            await self.app(scope, receive, send)
            return
        # nginx's status for a client that disconnected before the response.
        started, status = time.perf_counter(), 499

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, observe)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            REQUEST_SECONDS.labels(self.subgraph, route, status).observe(seconds)
            log.debug(
                "request",
                subgraph=self.subgraph,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )


class SecurityHeaders:
    """Adds headers for browsers to every response that does not set them."""

    def __init__(self, app: ASGIApp, *, https_only: bool) -> None:
        self.app = app
        self.headers = [*SECURITY_HEADERS, HTTPS_ONLY] if https_only else SECURITY_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [*message.get("headers", ())]
                named = {name.lower() for name, _ in given}
                message["headers"] = given + [each for each in self.headers if each[0] not in named]
            await send(message)

        await self.app(scope, receive, answer if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies over a size with 413, declared or not, before they are read whole; slow ones with 408.

    Below the paths of `larger`, bodies may have so many bytes; few such are read at once, and others are told by 503 to
    come again.
    """

    def __init__(
        self,
        app: ASGIApp,
        largest: int = LARGEST_BODY,
        seconds: float = BODY_SECONDS,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self.largest = largest
        self.seconds = seconds
        self._larger = larger or {}
        self._large_ones = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared, largest = header_of(scope, b"content-length"), self._largest_at(scope["path"])
        if declared is not None and (not declared.isdecimal() or int(declared) > largest):
            await self._refuse(send, largest)
            return
        received, started, complete, is_large = 0, False, False, False
        deadline = asyncio.get_running_loop().time() + self.seconds

        async def limited() -> Message:
            nonlocal received, complete, is_large
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise _BodyTooSlowError from None
            complete = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > largest:
                raise _BodyTooLargeError
            if received > self.largest and not is_large:
                if self._large_ones >= MOST_LARGE_BODIES:
                    raise _TooManyLargeBodiesError
                self._large_ones, is_large = self._large_ones + 1, True
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, limited, watched)
        except _BodyTooLargeError:
            if not started:
                await self._refuse(send, largest)
        except _TooManyLargeBodiesError:
            if not started:
                await send_error(send, 503, "UNAVAILABLE", "Too many large bodies are being read; send it again later.")
        except _BodyTooSlowError:
            if not started:
                await send_error(
                    send,
                    408,
                    "BODY_TOO_SLOW",
                    f"The request body did not arrive within {self.seconds:g} seconds; send it again.",
                )
        finally:
            self._large_ones -= is_large

    def _largest_at(self, path: str) -> int:
        return next((size for prefix, size in self._larger.items() if path.startswith(prefix)), self.largest)

    async def _refuse(self, send: Send, largest: int) -> None:
        message = f"The request body may have at most {largest} bytes."
        await send_error(send, 413, "BODY_TOO_LARGE", message)


class _BodyTooLargeError(Exception):
    pass


class _TooManyLargeBodiesError(Exception):
    pass


class _BodyTooSlowError(Exception):
    pass


def error_body(code: str, message: str, details: Mapping[str, object] | None = None) -> bytes:
    """Return a GraphQL response body with one error, its code and further details for clients."""
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code, **(details or {})}}]})


async def send_error(send: Send, status: int, code: str, message: str) -> None:
    """Answer a request with one error that has a code."""
    await send_body(send, status, error_body(code, message))


async def send_body(send: Send, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    """Answer a request with JSON."""
    described = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": described})
    await send({"type": "http.response.body", "body": body})
