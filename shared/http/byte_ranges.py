"""Byte ranges that a client requests to resume a download (RFC 9110, section 14)."""

import re

_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside of what there is."""


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte of a `Range` and the one behind its last; None where all is to be sent.

    That is where there is no header, and for what a server may ignore: other units, several ranges, and nonsense.
    Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(header or "")
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, end = max(0, size - int(suffix)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last is not None else size)
        if last is not None and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end
