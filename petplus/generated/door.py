"""What a row of docs/limits.md says, and how its numbers are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from petplus.generated.composition import router_settings

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Door:
    """Something that takes memory, rows, CPU or time for a client."""

    name: str
    most: str
    payer: str
    beyond: str
    kept: str
    test: str
    """`FILE::NAME`, below tests/."""
    shared: Sequence[str] = ()
    """The limits of `shared/limits.json` that bound it, by their paths."""


def setting(name: str) -> str:
    """Return the default of a setting of the router, with its name."""
    declared: Mapping[str, Any] = router_settings()["own"][name]
    return f"{declared['default']:,} (`{name}`)"


def mebibytes(number: int) -> str:
    """Return a number of bytes in MiB."""
    return f"{number // MEBIBYTE:,} MiB"


def days(kind: type[Any], field: str) -> str:
    """Return the default of a setting of a subgraph in days, with its name."""
    return f"{kind.model_fields[field].default} days (`PETPLUS_{field.upper()}`)"


REQUEST = "until the response"
