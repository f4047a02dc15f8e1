"""Which media type a request is sent in and which the response is to have (RFC 9110, sections 8.3, 8.4 and 12.5.1).

The response to an operation is `application/graphql-response+json` where the client prefers it, and
`application/json` for clients that do not know it (https://graphql.github.io/graphql-over-http/draft/).
"""

from collections.abc import Iterator
from email.message import Message
from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"

_RESPONSES = (GRAPHQL_RESPONSE, JSON)
HEADERS_KEPT = 64
"""Clients send few different headers, and reading one takes as long as a small query."""


@lru_cache(HEADERS_KEPT)
def is_json_in_utf_8(content_type: str) -> bool:
    """Return whether a `Content-Type` is JSON in UTF-8, whatever the case of its letters."""
    header = _parsed(content_type)
    return header.get_content_type() == JSON and (header.get_content_charset() or "utf-8") in {"utf-8", "utf8"}


@lru_cache(HEADERS_KEPT)
def accepts_events(accept: str) -> bool:
    """Return whether an `Accept` names server-sent events; a range such as `*/*` is not meant so."""
    return any(name == EVENT_STREAM and quality > 0 for name, quality in _ranges(accept))


@lru_cache(HEADERS_KEPT)
def response_type(accept: str) -> str:
    """Return the media type of a response to `Accept`: what it prefers, or JSON where it accepts neither.

    Of two that are equally good it is GraphQL's own, if it is named.
    """
    ranges = dict(_ranges(accept))
    qualities = [(ranges.get(each, _by_range(ranges)), each in ranges, each) for each in _RESPONSES]
    # The first of equals; one that is named goes before one that a range such as `*/*` covers.
    quality, _, best = max(qualities, key=lambda each: each[:2])
    covered = best == GRAPHQL_RESPONSE and GRAPHQL_RESPONSE not in ranges
    return JSON if quality == 0 or covered else best


def _by_range(ranges: dict[str, float]) -> float:
    return ranges.get("application/*", ranges.get("*/*", 0.0))


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        header = _parsed(part)
        name = part.partition(";")[0].strip().lower()
        try:
            quality = float(str(header.get_param("q", "1")))
        except ValueError:
            quality = 0.0
        yield name, quality if 0 <= quality <= 1 else 0.0


def _parsed(value: str) -> Message:
    """Read the parameters of a media type, as those of mails are written."""
    header = Message()
    header["content-type"] = value.strip()
    return header
