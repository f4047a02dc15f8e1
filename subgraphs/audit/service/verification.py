"""Verifies the chain: finds and names the first entry that was changed, removed or inserted."""

import asyncio
import datetime as dt
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import orjson
from sqlalchemy import Text, cast, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.errors import InvalidInput
from shared.database.database import Database
from shared.database.rows import Statement
from shared.runtime import Runtime
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.audit.enums import AuditDamage
from subgraphs.audit.models import AuditHead, AuditLog
from subgraphs.audit.service.chain import Entry, Head, hash_of

LARGEST_VERIFICATION = 100_000
MOST_ENTRIES = LARGEST_VERIFICATION
"""Of one caller in WINDOW_SECONDS. 20,000 entries take 2.5 s of CPU."""
WINDOW_SECONDS = 60
_ROWS_AT_ONCE = 1000
_ROWS_IN_A_TURN = 50


@dataclass(frozen=True)
class Break:
    """The first broken place: its sequence number, the entry that stands there (if any), and what happened."""

    sequence: int
    entry_id: str | None
    damage: AuditDamage


@dataclass(frozen=True)
class Verification:
    """What was found: `checked` entries up to number `checked_to` are sound; were those all that were asked for?"""

    checked: int
    checked_to: int
    complete: bool
    first_broken: Break | None


class LimitedVerification:
    """Verifies the log for callers of the graph, who pay by the entry, one verification after another."""

    def __init__(self, database: Database, limiter: FixedWindowLimiter) -> None:
        self._database = database
        self._limiter = limiter
        self._turn = asyncio.Lock()

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "LimitedVerification":
        """Make it for a running subgraph."""
        limiter = FixedWindowLimiter(runtime.redis, "audit-verify", most=MOST_ENTRIES, seconds=WINDOW_SECONDS)
        return cls(runtime.database, limiter)

    async def verify(self, viewer_id: str, first: int | None, last: int | None) -> Verification:
        """Do as `verify_log`; raises TooManyRequests for a caller who has had too many entries read."""
        async with self._turn:
            return await verify_log(self._database, first, last, partial(self._limiter.check, viewer_id))


async def verify_log(
    database: Database,
    first: int | None = None,
    last: int | None = None,
    before_reading: Callable[[int], Awaitable[None]] | None = None,
) -> Verification:
    """Verify entries by sequence number, both ends included; without ends, from the first entry to the head.

    At most LARGEST_VERIFICATION entries are read at once. Raises InvalidInput for numbers that make no range.
    `before_reading` gets the number of entries that are about to be read, and may refuse by an error.
    """
    start = 1 if first is None else first
    if start < 1:
        raise InvalidInput.field("from", "OUT_OF_RANGE", "`from` must be at least 1.")
    if last is not None and last < start:
        raise InvalidInput.field("to", "OUT_OF_RANGE", "`to` must not be less than `from`.")
    end = start + LARGEST_VERIFICATION - 1
    if last is not None:
        end = min(end, last)
    async with database.engine.connect() as lent:
        # One snapshot: entries that are appended meanwhile are neither read nor missed.
        connection = await lent.execution_options(isolation_level="REPEATABLE READ")
        head = await head_of(connection)
        if before_reading is not None:
            await before_reading(max(1, min(end, head.sequence) - start + 1))
        goal = head.sequence if last is None else min(last, head.sequence)
        before = await _before(connection, start)
        if before is None:
            gone = Break(start - 1, None, AuditDamage.REMOVED) if start - 1 <= head.sequence else None
            return Verification(0, start - 1, gone is None, gone)
        walk = _Walk(*before, head, end)
        await _read(connection, walk, first, end)
    checked_to = start - 1 + walk.checked
    return Verification(walk.checked, checked_to, walk.broken is None and checked_to >= goal, walk.broken)


class EntryRow(NamedTuple):
    """What `_entries` returns: an entry, of which two columns are texts."""

    id: str
    sequence: int
    event_id: str
    at: dt.datetime
    actor_id: str | None
    action: str
    subject_type: str
    subject_id: str
    request_id: str | None
    trace_id: str | None
    prev_hash: str
    hash: str
    actor_kind: str
    changed: str


class _Walk:
    """Goes over entries in their order until one does not follow from what came before."""

    def __init__(self, previous: Head, previous_id: str | None, head: Head, end: int) -> None:
        self.broken: Break | None = None
        self.checked = 0
        self._previous, self._previous_id = previous, previous_id
        self._head, self._end = head, end

    def step(self, row: EntryRow) -> None:
        """Take the next entry. The one after the end only tells whether the last one is what it follows."""
        expected = self._previous.sequence + 1
        if row.sequence < expected or row.sequence > self._head.sequence:
            self._break(row.sequence, row.id, AuditDamage.INSERTED)
        elif row.sequence > expected:
            self._break(expected, None, AuditDamage.REMOVED)
        elif not _is_sound(row):
            if row.sequence <= self._end:
                self._break(row.sequence, row.id, AuditDamage.CHANGED)
        elif row.prev_hash != self._previous.hash:
            # The entry is what was written, so the one before was rewritten, hash and all.
            if self._previous_id is None:
                self._break(row.sequence, row.id, AuditDamage.CHANGED)
            else:
                self._blame_previous()
        elif row.sequence <= self._end:
            self.checked += 1
            self._previous, self._previous_id = Head(row.sequence, row.hash), row.id

    def finish(self) -> None:
        """Compare the end of what was read with what was last written."""
        if self.broken is not None:
            return
        if self._previous.sequence < min(self._end, self._head.sequence):
            self._break(self._previous.sequence + 1, None, AuditDamage.REMOVED)
        elif self._previous.sequence == self._head.sequence and self._previous.hash != self._head.hash:
            self._blame_previous()

    def _blame_previous(self) -> None:
        self.checked = max(0, self.checked - 1)
        self._break(self._previous.sequence, self._previous_id, AuditDamage.CHANGED)

    def _break(self, sequence: int, entry_id: str | None, damage: AuditDamage) -> None:
        self.broken = Break(sequence, entry_id, damage)


async def _read(connection: AsyncConnection, walk: _Walk, first: int | None, end: int) -> None:
    rows = await connection.stream(_entries(first, end), execution_options={"yield_per": _ROWS_AT_ONCE})
    read = 0
    async for row in rows:
        read += 1
        if read % _ROWS_IN_A_TURN == 0:
            await asyncio.sleep(0)  # what other callers wait for runs between
        walk.step(typing.cast("EntryRow", row))
        if walk.broken is not None:
            await rows.close()
            return
    walk.finish()


def _entries(first: int | None, end: int) -> Statement:
    columns = [column for column in AuditLog.__table__.columns if column.key not in {"actor_kind", "changed"}]
    # As texts: an unknown kind or a number that no float can hold is a finding, not a failure.
    kind = type_coerce(AuditLog.actor_kind, Text).label("actor_kind")
    changed = cast(AuditLog.changed, Text).label("changed")
    statement = select(*columns, kind, changed).where(AuditLog.sequence <= end + 1)
    if first is not None:
        statement = statement.where(AuditLog.sequence >= first)
    return statement.order_by(AuditLog.sequence, AuditLog.id)


async def head_of(connection: AsyncConnection) -> Head:
    """Return the end of the log as it was last written."""
    row = (await connection.execute(select(AuditHead.sequence, AuditHead.hash))).one_or_none()
    return Head() if row is None else Head(row.sequence, row.hash)


async def _before(connection: AsyncConnection, start: int) -> tuple[Head, str | None] | None:
    """Return the entry before the first and its id; None where it is gone."""
    if start == 1:
        return Head(), None
    statement = select(AuditLog.hash, AuditLog.id).where(AuditLog.sequence == start - 1)
    row = (await connection.execute(statement)).first()
    return None if row is None else (Head(start - 1, row.hash), row.id)


def _is_sound(row: EntryRow) -> bool:
    try:
        return hash_of(typing.cast("Entry", {**row._asdict(), "changed": orjson.loads(row.changed)})) == row.hash
    except (TypeError, ValueError, AttributeError, OverflowError):
        return False
