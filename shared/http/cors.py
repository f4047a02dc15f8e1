"""Lets pages of listed origins read what a subgraph answers beside the graph, as the router does for the graph.

Never with credentials: there are no cookies. A page sends its access token in `Authorization`, or uses a signed link.
"""

from collections.abc import Collection

from shared.http.middleware import ASGIApp, Message, Receive, Scope, Send

_ALLOWED = [
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, if-none-match, if-range, range, traceparent, x-request-id",
    ),
    (b"access-control-max-age", b"3600"),
]
_EXPOSED = (
    b"access-control-expose-headers",
    b"accept-ranges, content-disposition, content-range, etag, retry-after, x-request-id",
)
_VARY = (b"vary", b"origin")


class CrossOrigin:
    """Answers preflight requests, and marks responses, below some paths and for some origins."""

    def __init__(self, app: ASGIApp, origins: Collection[str], paths: Collection[str]) -> None:
        """`paths` are the beginnings of the paths that pages use."""
        self.app = app
        self.origins = {origin.encode() for origin in origins}
        self.paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.paths):
            await self.app(scope, receive, send)
            return
        given: dict[bytes, bytes] = dict(scope["headers"])
        origin = given.get(b"origin", b"")
        allowed = [(b"access-control-allow-origin", origin)] if origin in self.origins else []
        if allowed and scope["method"] == "OPTIONS" and b"access-control-request-method" in given:
            await send({"type": "http.response.start", "status": 204, "headers": [*allowed, *_ALLOWED, _VARY]})
            await send({"type": "http.response.body"})
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Caches keep the answer apart also where the origin is none of those.
                added = [*allowed, *([_EXPOSED] if allowed else []), _VARY]
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        await self.app(scope, receive, answer)
