"""Proves that a request comes from our router, is unaltered and recent: HMAC-SHA256 over what the router sent.

Signed are, one per line, the name of the subgraph, the time in Unix seconds, the path, the authorization, the client's
address, the request id and the milliseconds that the request may wait for others, and after them the body. The router
signs in `router/gateway/signing.mjs`, with the first of its keys; subgraphs accept several, so that keys can be changed
without an interruption.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.core.errors import PublicError

PURPOSE = "requests of the router"
OLDEST_SECONDS = 60
"""How far the clocks of router and subgraph may differ, transport included."""

TIME, ADDRESS, WAIT = b"x-petplus-time", b"x-petplus-address", b"x-petplus-wait"
SIGNATURE = b"x-petplus-signature"
AUTHORIZATION, REQUEST_ID = b"authorization", b"x-request-id"
_CONTENT = (AUTHORIZATION, ADDRESS, REQUEST_ID, WAIT)
_SIGNED = frozenset({TIME, SIGNATURE, *_CONTENT})
_NUMBER = re.compile(rb"[0-9]{1,12}")


class RequestNotSigned(PublicError):
    """The request does not come from the router, or not as the router sent it."""

    code = "REQUEST_NOT_SIGNED"

    def __init__(self) -> None:
        super().__init__("This subgraph accepts only signed requests from its router; send the request to the router.")


@dataclass(frozen=True)
class SignedRequest:
    """What the router says of a request: the address of its client, and how long it may still wait for others. An
    engine that does not sign may say neither.
    """

    address: str | None
    wait_seconds: float | None


class RequestSignatures:
    """Checks the signatures of requests to one subgraph; if they are not `required`, only those that are present."""

    def __init__(self, keys: Sequence[bytes], subgraph: str, *, required: bool) -> None:
        self._keys = keys
        self._subgraph = subgraph
        self._required = required

    def verify(
        self, lines: Iterable[tuple[bytes, bytes]], path: bytes, body: bytes, now: float, *, is_proven: bool = False
    ) -> SignedRequest | None:
        """Return what the router says, or None for an unsigned request; raises RequestNotSigned.

        One that is proven to be the router's, by its connection, needs no signature; one that is there must be right.

        `lines` are the headers as they came: one that is signed may stand there once, because whoever reads it next
        may read another of its lines than the one that is verified here.
        """
        signed = [line for line in lines if line[0] in _SIGNED]
        headers = dict(signed)
        given = headers.get(SIGNATURE)
        if given is None and not is_proven:
            if self._required:
                raise RequestNotSigned
            return None
        if len(headers) < len(signed):
            raise RequestNotSigned
        wait = headers.get(WAIT)
        if wait is not None and not _NUMBER.fullmatch(wait):
            raise RequestNotSigned
        address = headers.get(ADDRESS)
        said = SignedRequest(
            None if address is None else address.decode("latin-1"), None if wait is None else int(wait) / 1000
        )
        if given is None:
            return said
        expected = [sign(key, self._subgraph, headers, path, body).encode() for key in self._keys]
        is_ours = any(hmac.compare_digest(each, given) for each in expected)
        if not is_ours or not _is_recent(headers.get(TIME, b""), now) or wait is None:
            raise RequestNotSigned
        return said


def sign(key: bytes, subgraph: str, headers: Mapping[bytes, bytes], path: bytes, body: bytes) -> str:
    """Return the signature of a request to a subgraph in hexadecimal digits."""
    named = [headers.get(name, b"") for name in _CONTENT]
    head = b"\n".join((subgraph.encode(), headers.get(TIME, b""), path, *named, b""))
    return hmac.digest(key, head + body, "sha256").hex()


def _is_recent(time: bytes, now: float) -> bool:
    return _NUMBER.fullmatch(time) is not None and abs(now - int(time)) <= OLDEST_SECONDS
