"""How events are written: as CSV (RFC 4180), NDJSON (https://github.com/ndjson/ndjson-spec) and Parquet.

A file is its parts one after the other, and a part knows nothing of the others but where it begins.
"""

import datetime as dt
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import NamedTuple, Protocol

import orjson
from sqlalchemy import Text, cast, type_coerce

from subgraphs.analytics.enums import ExportFormat
from subgraphs.analytics.models import AnalyticsEvent
from subgraphs.analytics.service.exports.parquet import MAGIC, ParquetPart, parquet_end

_EVENT = AnalyticsEvent.__table__.c
COLUMNS = {
    "id": _EVENT.id,
    "source": type_coerce(_EVENT.source, Text).label("source"),
    "name": _EVENT.name,
    "subject": _EVENT.subject,
    "designId": _EVENT.design_id,
    "clientEventId": _EVENT.client_event_id,
    "occurredAt": _EVENT.occurred_at,
    "receivedAt": _EVENT.received_at,
    "properties": cast(_EVENT.properties, Text).label("properties"),
}
"""What is exported, by its name in files; `properties` is read as JSON text."""

# What spreadsheets take for the beginning of a formula, full width included, and the sign that is put before it
# (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20'")
_TEXTS = attrgetter("id", "source", "name", "subject", "design_id", "client_event_id")


class EventRow(NamedTuple):
    """An event, by COLUMNS."""

    id: str
    source: str
    name: str
    subject: str | None
    design_id: str | None
    client_event_id: str | None
    occurred_at: dt.datetime
    received_at: dt.datetime
    properties: str


class Part(Protocol):
    """A part of a file in the making. Run both steps in threads: they take a while, and load what they need."""

    size: int
    """About how many bytes it has by now."""

    def add(self, rows: Sequence[EventRow]) -> None:
        """Add some rows of COLUMNS."""

    def finish(self) -> tuple[bytes, bytes | None]:
        """Return its content, and what `Format.end` has to know of it."""


class Lines:
    """A part that is a line a row."""

    def __init__(self, line: Callable[[EventRow], bytes]) -> None:
        self.size = 0
        self._line = line
        self._lines: list[bytes] = []

    def add(self, rows: Sequence[EventRow]) -> None:
        lines = list(map(self._line, rows))
        self._lines += lines
        self.size += sum(map(len, lines))

    def finish(self) -> tuple[bytes, bytes | None]:
        return b"".join(self._lines), None


@dataclass(frozen=True)
class Format:
    """What a file begins with, how a part that begins at some byte is made, and what ends the file."""

    media_type: str
    suffix: str
    head: bytes
    part: Callable[[int], Part]
    end: Callable[[Sequence[bytes]], bytes]


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with a `'` before it where it might be one."""
    return f"'{text}" if text[:1] in _FORMULA else text


def _csv(row: EventRow) -> bytes:
    values = [*_TEXTS(row), row.occurred_at.isoformat(), row.received_at.isoformat(), row.properties]
    return (",".join(map(_quoted, values)) + "\r\n").encode()


def _quoted(value: str | None) -> str:
    return "" if value is None else f'"{guarded(value).replace(chr(34), chr(34) * 2)}"'


def _ndjson(row: EventRow) -> bytes:
    values = [*_TEXTS(row), row.occurred_at.isoformat(), row.received_at.isoformat(), orjson.Fragment(row.properties)]
    return orjson.dumps(dict(zip(COLUMNS, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def _nothing(_footers: Sequence[bytes]) -> bytes:
    return b""


_NAMES = tuple(COLUMNS)
_CSV_HEAD = (",".join(f'"{name}"' for name in COLUMNS) + "\r\n").encode()
FORMATS = {
    ExportFormat.CSV: Format("text/csv; charset=utf-8", "csv", _CSV_HEAD, lambda _: Lines(_csv), _nothing),
    ExportFormat.CSV_EXCEL: Format(
        "text/csv; charset=utf-8", "csv", BOM_UTF8 + _CSV_HEAD, lambda _: Lines(_csv), _nothing
    ),
    ExportFormat.NDJSON: Format("application/x-ndjson", "ndjson", b"", lambda _: Lines(_ndjson), _nothing),
    ExportFormat.PARQUET: Format(
        "application/vnd.apache.parquet", "parquet", MAGIC, partial(ParquetPart, _NAMES), partial(parquet_end, _NAMES)
    ),
}
