"""Proves that a request comes from our router, is unaltered and recent: HMAC-SHA256 over what the router sent.

Signed are, one per line, the name of the subgraph, the time in Unix seconds, the path, the authorization, the client's
address and the request id, and after them the body. The router signs in `router/gateway/signing.mjs`, with the first of
its keys; subgraphs accept several, so that keys can be changed without an interruption.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence

from shared.core.errors import PublicError

PURPOSE = "requests of the router"
OLDEST_SECONDS = 60
"""How far the clocks of router and subgraph may differ, transport included."""

TIME, ADDRESS, SIGNATURE = b"x-petplus-time", b"x-petplus-address", b"x-petplus-signature"
AUTHORIZATION, REQUEST_ID = b"authorization", b"x-request-id"
_SIGNED = frozenset({TIME, ADDRESS, SIGNATURE, AUTHORIZATION, REQUEST_ID})
_SECONDS = re.compile(rb"[0-9]{1,12}")


class RequestNotSigned(PublicError):
    """The request does not come from the router, or not as the router sent it."""

    code = "REQUEST_NOT_SIGNED"

    def __init__(self) -> None:
        super().__init__("This subgraph accepts only signed requests from its router; send the request to the router.")


class RequestSignatures:
    """Checks the signatures of requests to one subgraph; if they are not `required`, only those that are present."""

    def __init__(self, keys: Sequence[bytes], subgraph: str, *, required: bool) -> None:
        self._keys = keys
        self._subgraph = subgraph
        self._required = required

    def client_address(self, lines: Iterable[tuple[bytes, bytes]], path: bytes, body: bytes, now: float) -> str | None:
        """Return the signed address of the client, or None for an unsigned request; raises RequestNotSigned.

        `lines` are the headers as they came: one that is signed may stand there once, because whoever reads it next
        may read another of its lines than the one that is verified here.
        """
        signed = [line for line in lines if line[0] in _SIGNED]
        headers = dict(signed)
        given = headers.get(SIGNATURE)
        if given is None:
            if self._required:
                raise RequestNotSigned
            return None
        if len(headers) < len(signed):
            raise RequestNotSigned
        expected = [sign(key, self._subgraph, headers, path, body).encode() for key in self._keys]
        is_ours = any(hmac.compare_digest(each, given) for each in expected)
        if not is_ours or not _is_recent(headers.get(TIME, b""), now):
            raise RequestNotSigned
        return headers.get(ADDRESS, b"").decode("latin-1")


def sign(key: bytes, subgraph: str, headers: Mapping[bytes, bytes], path: bytes, body: bytes) -> str:
    """Return the signature of a request to a subgraph in hexadecimal digits."""
    named = [headers.get(name, b"") for name in (AUTHORIZATION, ADDRESS, REQUEST_ID)]
    head = b"\n".join((subgraph.encode(), headers.get(TIME, b""), path, *named, b""))
    return hmac.digest(key, head + body, "sha256").hex()


def _is_recent(time: bytes, now: float) -> bool:
    return _SECONDS.fullmatch(time) is not None and abs(now - int(time)) <= OLDEST_SECONDS
