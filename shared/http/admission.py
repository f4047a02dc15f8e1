"""Admits few operations at once, in turn by the network of their client, before anything of them is parsed.

Routes beside the graph have limits of their own.
"""

from shared.core.errors import TooManyRequests
from shared.core.limits_file import LIMITS
from shared.http.middleware import ASGIApp, Message, Receive, Scope, Send, error_body, send_body
from shared.http.request import ADDRESS, PATH
from shared.security.client_network import network_of
from shared.security.fair_queue import HELD, FairQueue

MOST_AT_ONCE = LIMITS.admission.requests_at_subgraph
MOST_WAITING = LIMITS.admission.waiting_at_subgraph


class Admission:
    """Holds a place for an operation until its response starts: then its work is done, or it is a stream."""

    def __init__(self, app: ASGIApp, wait_seconds: float) -> None:
        self.app = app
        self.queue = FairQueue(MOST_AT_ONCE, MOST_WAITING, MOST_AT_ONCE // LIMITS.admission.places_share)
        self._wait_seconds = wait_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        try:
            place = await self.queue.enter(_network(scope), self._wait_seconds)
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


def _network(scope: Scope) -> str:
    peer = scope.get("client")
    return network_of(scope.get(ADDRESS) or (peer[0] if peer else ""))
