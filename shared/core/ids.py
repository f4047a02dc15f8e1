"""Prefixed, time-ordered identifiers: `ord_01jd…` shows its type and sorts by age.

The form is TypeID 0.3 (https://github.com/jetify-com/typeid): a prefix, an underscore and a UUIDv7 (RFC 9562)
as 26 characters of Crockford's base 32.
"""

import datetime as dt
import hashlib
import random
import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# Two characters at a time: this runs for every event.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = tuple(range(120, -1, -10))
_SUFFIX = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}", re.ASCII)


def _uuid7(milliseconds: int, rand_a: int, rand_b: int) -> int:
    return (milliseconds << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b


def encode(prefix: str, number: int) -> str:
    """Write a 128-bit number as `prefix_` and 26 characters."""
    return f"{prefix}_" + "".join([_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS])


def new_id(prefix: str) -> str:
    """Make a new identifier, such as `new_id("ord")`."""
    chance = secrets.randbits(74)
    return encode(prefix, _uuid7(time.time_ns() // 1_000_000, chance >> 62, chance & (2**62 - 1)))


def id_at(prefix: str, at: dt.datetime, rng: random.Random) -> str:
    """Make the identifier of an object created at that time; the same generator gives the same one."""
    rand_a, rand_b = rng.getrandbits(12), rng.getrandbits(62)
    return encode(prefix, _uuid7(int(at.timestamp() * 1000), rand_a, rand_b))


def id_of(prefix: str, content: bytes) -> str:
    """Make the identifier that the same content always has; it does not sort by age."""
    return encode(prefix, int.from_bytes(hashlib.sha256(content).digest()[:16]))


def id_of_version(prefix: str, key: str, version: int) -> str:
    """Make the identifier that a version of something always has."""
    return id_of(prefix, f"{key} {version}".encode())


def is_id(prefix: str, value: object) -> bool:
    """Return whether `value` has the form of an identifier with this prefix, even if no such object exists."""
    return (
        isinstance(value, str)
        and value.startswith(f"{prefix}_")
        and _SUFFIX.fullmatch(value, len(prefix) + 1) is not None
    )
