"""Prefixed, time-ordered identifiers: `ord_01jd…` tells its type and sorts by age.

The form is TypeID 0.3 (https://github.com/jetify-com/typeid): a prefix, an underscore and a UUIDv7 (RFC 9562)
as 26 characters of Crockford's base 32.
"""

import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SUFFIX = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}", re.ASCII)


def uuid7(milliseconds: int | None = None) -> int:
    """Return a UUIDv7 as an integer; `milliseconds` since the epoch default to now."""
    at = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    rand_a, rand_b = secrets.randbits(12), secrets.randbits(62)
    return (at << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b


def encode(prefix: str, number: int) -> str:
    """Write a 128-bit number as `prefix_` and 26 characters."""
    return f"{prefix}_" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def new_id(prefix: str) -> str:
    """Make a new identifier, such as `new_id("ord")`."""
    return encode(prefix, uuid7())


def is_id(prefix: str, value: object) -> bool:
    """Tell whether `value` has the form of an identifier with this prefix; it may still name nothing."""
    return (
        isinstance(value, str)
        and value.startswith(f"{prefix}_")
        and _SUFFIX.fullmatch(value, len(prefix) + 1) is not None
    )
