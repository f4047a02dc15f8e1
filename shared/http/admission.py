"""Admits few operations at once, in turn by the network of their client, before anything of them is parsed.

Streams have a queue of their own, in which more may wait, and for longer: after an outage all clients open theirs at
once, and one that is open costs little. Routes beside the graph have limits of their own.
"""

from shared.core.errors import TooManyRequests
from shared.core.limits_file import LIMITS
from shared.http.middleware import ASGIApp, Message, Receive, Scope, Send, error_body, header_of, send_body
from shared.http.negotiation import accepts_events
from shared.http.request import ADDRESS, PATH, WAIT
from shared.security.client_network import network_of
from shared.security.fair_queue import HELD, FairQueue, Place

MOST_AT_ONCE = LIMITS.admission.requests_at_subgraph
MOST_OF_SITE = MOST_AT_ONCE // LIMITS.admission.places_share
MOST_WAITING = LIMITS.admission.waiting_at_subgraph
MOST_WAITING_STREAMS = LIMITS.admission.waiting_streams
STREAM_WAIT_SECONDS = LIMITS.admission.stream_wait_milliseconds / 1000


class Admission:
    """Holds a place for an operation until its response starts: then its work is done, or it is a stream.

    An operation waits for as long as the router has signed, or else for `wait_seconds`, and streams for longer.
    """

    def __init__(self, app: ASGIApp, wait_seconds: float) -> None:
        self.app = app
        self.operations = FairQueue(MOST_AT_ONCE, MOST_WAITING, MOST_OF_SITE)
        self.streams = FairQueue(MOST_AT_ONCE, MOST_WAITING_STREAMS, MOST_OF_SITE)
        self._wait_seconds = wait_seconds
        self._stream_wait_seconds = max(wait_seconds, STREAM_WAIT_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        try:
            place = await self._enter(scope)
        except TooManyRequests as error:
            after = [(b"retry-after", str(error.retry_after).encode())]
            await send_body(send, 429, error_body(error.code, error.message, error.details), after)
            return

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                place.leave()
            await send(message)

        token = HELD.set(place)
        try:
            await self.app(scope, receive, respond)
        finally:
            HELD.reset(token)
            place.leave()

    async def _enter(self, scope: Scope) -> Place:
        is_stream = accepts_events(header_of(scope, b"accept") or "")
        queue = self.streams if is_stream else self.operations
        wait = self._stream_wait_seconds if is_stream else self._wait_seconds
        return await queue.enter(_network(scope), scope.get(WAIT, wait))


def _network(scope: Scope) -> str:
    peer = scope.get("client")
    return network_of(scope.get(ADDRESS) or (peer[0] if peer else ""))
