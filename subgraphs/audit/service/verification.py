"""Verifies the chain: finds and names the first entry that was changed, removed or inserted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.errors import InvalidInput
from subgraphs.audit.enums import AuditDamage
from subgraphs.audit.models import AuditHead, AuditLog
from subgraphs.audit.service.chain import GENESIS, Head, hash_of

LARGEST_VERIFICATION = 100_000
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Break:
    """The first broken place: its sequence number, the entry that stands there (if any), and what happened."""

    sequence: int
    entry_id: str | None
    damage: AuditDamage


@dataclass(frozen=True)
class Verification:
    """What was found: `checked` entries are sound, up to number `checked_to` or to the break; was that all?"""

    checked: int
    checked_to: int
    complete: bool
    first_broken: Break | None


async def verify_log(database: Database, first: int | None = None, last: int | None = None) -> Verification:
    """Verify entries by sequence number, both ends included; without ends, from the first entry to the head.

    At most LARGEST_VERIFICATION entries are read at once. Raises InvalidInput for numbers that make no range.
    """
    start = 1 if first is None else first
    if start < 1:
        raise InvalidInput.field("from", "OUT_OF_RANGE", "Entries are numbered from 1.")
    if last is not None and last < start:
        raise InvalidInput.field("to", "OUT_OF_RANGE", "`to` must not be less than `from`.")
    end = start + LARGEST_VERIFICATION - 1
    if last is not None:
        end = min(end, last)
    async with database.engine.connect() as lent:
        # One snapshot: entries that are appended meanwhile are neither read nor missed.
        connection = await lent.execution_options(isolation_level="REPEATABLE READ")
        head = await _head(connection)
        walk = _Walk(await _before(connection, start), head, end)
        if walk.broken is None:
            await _read(connection, walk, first, end)
    checked_to = min(end, head.sequence)
    return Verification(walk.checked, checked_to, checked_to in (head.sequence, last), walk.broken)


class _Walk:
    """Goes over entries in their order until one does not follow from what came before."""

    def __init__(self, before: Head | Break, head: Head, end: int) -> None:
        self.broken = before if isinstance(before, Break) else None
        self.checked = 0
        self._previous = Head() if isinstance(before, Break) else before
        self._previous_id: str | None = None
        self._head, self._end = head, end

    def step(self, row: Any) -> None:
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
            self._blame_previous(row)
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
            self._break(self._previous.sequence, self._previous_id, AuditDamage.CHANGED)

    def _blame_previous(self, row: Any) -> None:
        # This entry is what was written, so the one before was rewritten, hash and all.
        if self._previous_id is None:
            self._break(row.sequence, row.id, AuditDamage.CHANGED)
        else:
            self.checked -= 1
            self._break(self._previous.sequence, self._previous_id, AuditDamage.CHANGED)

    def _break(self, sequence: int, entry_id: str | None, damage: AuditDamage) -> None:
        self.broken = Break(sequence, entry_id, damage)


async def _read(connection: AsyncConnection, walk: _Walk, first: int | None, end: int) -> None:
    rows = await connection.stream(_entries(first, end), execution_options={"yield_per": _ROWS_AT_ONCE})
    async for row in rows:
        walk.step(row)
        if walk.broken is not None:
            await rows.close()
            return
    walk.finish()


def _entries(first: int | None, end: int) -> Select[Any]:
    columns = [column for column in AuditLog.__table__.columns if column.key != "actor_kind"]
    # As text: an unknown kind, too, is a finding and not a failure.
    kind = type_coerce(AuditLog.actor_kind, Text).label("actor_kind")
    statement = select(*columns, kind).where(AuditLog.sequence <= end + 1)
    if first is not None:
        statement = statement.where(AuditLog.sequence >= first)
    return statement.order_by(AuditLog.sequence, AuditLog.id)


async def _head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(select(AuditHead.sequence, AuditHead.hash))).one_or_none()
    return Head() if row is None else Head(row.sequence, row.hash)


async def _before(connection: AsyncConnection, start: int) -> Head | Break:
    if start == 1:
        return Head(0, GENESIS)
    statement = select(AuditLog.hash).where(AuditLog.sequence == start - 1)
    found = await connection.scalar(statement)
    return Break(start - 1, None, AuditDamage.REMOVED) if found is None else Head(start - 1, found)


def _is_sound(row: Any) -> bool:
    try:
        return bool(hash_of(row._mapping) == row.hash)
    except (TypeError, ValueError, AttributeError, OverflowError):
        return False
