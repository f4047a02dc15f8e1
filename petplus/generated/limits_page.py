"""`petplus limits`: what a stranger can make the shop hold, on one page, from the constants that the code enforces."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from petplus.generated.door import Door
from petplus.generated.doors import DOORS
from shared.core.limits_file import LIMITS

FILE = Path(__file__).parents[2] / "docs" / "limits.md"

_HEAD = """# What a stranger can make us hold

Written by `petplus limits --write` from the constants that the code enforces; `petplus check` compares it. A row is a
door: something that takes memory, rows, CPU or time for any client. It says how much that is at most, for whom it is
counted, what the answer beyond it is, and when it is deleted. Its test shows what happens beyond the limit.

A network is an IPv4 address or an IPv6 /64. A client is a user who is logged in, or else a network. Limits that are
counted in Redis do not hold while the cache is away ([operations](operations.md#two-servers-of-redis)); those of a
process hold always. Settings are in [settings.md](settings.md).
"""
_TABLE = "| door | at most | counted for | beyond it | kept | test |\n|---|---|---|---|---|---|\n"
_SHARED = """
## Limits that router and subgraphs share
Both read them from `shared/limits.json`.

| limit | value | doors |
|---|---|---|
"""


def shared_limits() -> dict[str, int | float]:
    """Return all limits of `limits.json` by their paths, such as `document.tokens`."""
    return dict(_leaves(LIMITS.model_dump(by_alias=True)))


def text() -> str:
    """Return the page."""
    parts = [_HEAD]
    for title, doors in DOORS.items():
        parts += [f"\n## {title}\n", _TABLE, *map(_row, doors)]
    parts += [_SHARED, *_shared_rows()]
    return "".join(parts)


def _leaves(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, int | float]]:
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _row(door: Door) -> str:
    cells = (door.name, door.most, door.payer, door.beyond, door.kept, f"`{door.test}`")
    return f"| {' | '.join(cells)} |\n"


def _shared_rows() -> Iterator[str]:
    for path, value in shared_limits().items():
        doors = [door.name for group in DOORS.values() for door in group if path in door.shared]
        yield f"| {_words(path)} | {value:,} | {', '.join(doors)} |\n"


def _words(path: str) -> str:
    return re.sub(r"([A-Z])", lambda capital: f" {capital[0].lower()}", path.replace(".", ": "))
