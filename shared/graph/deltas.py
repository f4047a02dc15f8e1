"""Deltas: what changed of an owner's entities since an app looked last, so that one that was offline catches up.

The first delta, and one after a cursor that is no longer known, begins anew: page by page it lists all there is, and
its cursor remembers where the log of changes (`shared/live/entity_changes.py`) stood when the list began.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, TypeAlias, TypeVar, cast

import strawberry
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from shared.core.errors import Forbidden, InvalidInput
from shared.database.database import Database
from shared.database.rows import many
from shared.graph.context import Info
from shared.graph.loaders import in_keys
from shared.graph.pagination import DEFAULT_PAGE, LARGEST_PAGE, Page, Sort, order_by, slice_of
from shared.live import change_log
from shared.live.entity_changes import RETENTION, EntityChange, Place, changes_between, committed, is_expired

T = TypeVar("T")
M = TypeVar("M")

LARGEST_BATCH = 500
"""How many changes are looked at for one delta; those of one entity count as one of its page."""
_LISTED = "l"

Since: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last delta, or of a stream of such changes. Default, and where changes since "
        f"then are no longer kept (after {RETENTION.days} days): begin anew with `reset`."
    ),
]
First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="At most so many items, 1 to 100; default: 20.")
]


@strawberry.type(description="What changed since a cursor.")
class Delta(Generic[T]):
    reset: bool = strawberry.field(
        description="Whether the list begins anew here: drop what you hold before you store `nodes`."
    )
    nodes: list[T] = strawberry.field(description="What is new or changed, as it is now. Put it over what you hold.")
    removed_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of what is no longer the viewer's or was deleted. Remove what you hold of them."
    )
    cursor: str = strawberry.field(description="Keep it with what you hold, and send it as `since` the next time.")
    has_more: bool = strawberry.field(description="Whether there is more to load now: ask again with `cursor`.")


class _Row(NamedTuple):
    """What is read of each row here."""

    id: str


@dataclass(frozen=True)
class Deltas(Generic[M]):
    """The entities of which there are deltas: whose they are, in which order they are listed, and which there are."""

    sort: Sort
    key: InstrumentedAttribute[str]
    owner: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    present: ColumnElement[bool]

    def _page(self, size: int, listed: str | None) -> Page:
        page = Page(size, backward=False, cursor=listed)
        try:
            self.sort.check(page)
        except InvalidInput:
            raise _unknown() from None
        return page

    async def since(
        self, info: Info, owner_id: str, cursor: str | None, first: int | None, build: Callable[[M], T]
    ) -> Delta[T]:
        """Return what changed of an owner's entities, by a constant number of statements.

        Raises Forbidden for all but the owner, and InvalidInput.
        """
        if info.context.viewer.id != owner_id:
            raise Forbidden("Only the user may load the changes of what is theirs.")
        size = DEFAULT_PAGE if first is None else first
        if not 1 <= size <= LARGEST_PAGE:
            raise InvalidInput.field("first", "OUT_OF_RANGE", f"`first` must be from 1 to {LARGEST_PAGE}.")
        place, listed = await _read(info.context.database, cursor)
        page = self._page(size, listed)
        async with info.context.database.read() as connection:
            settled, _ = await committed(connection)
            expired = place is None or await is_expired(connection, place)
            if place is None or expired or listed is not None:
                start = settled if place is None or expired else place
                page = Page(size, backward=False, cursor=None) if expired else page
                everything = select(self.sort.table).where(self.owner == owner_id, self.present)
                rows = slice_of(await many(connection, _Row, order_by(everything, self.sort, page)), page)
                shown = [build(cast("M", row)) for row in rows.rows]
                following = _write(
                    info.context.database, start, self.sort.cursor_of(rows.rows[-1]) if rows.has_next else None
                )
                return Delta(reset=expired, nodes=shown, removed_ids=[], cursor=following, has_more=rows.has_next)
            changes = await changes_between(connection, place, settled, limit=LARGEST_BATCH, owner_id=owner_id)
            changes, ids, is_all = _first(changes, size)
            found = select(self.sort.table).where(in_keys(self.key, ids), self.owner == owner_id, self.present)
            theirs = {row.id: row for row in await many(connection, _Row, found)} if ids else {}
        until = max(settled, place) if is_all else changes[-1].place
        nodes = [build(cast("M", theirs[each])) for each in ids if each in theirs]
        gone = [strawberry.ID(each) for each in ids if each not in theirs]
        return Delta(
            reset=False, nodes=nodes, removed_ids=gone, cursor=until.cursor(info.context.database), has_more=not is_all
        )


def _unknown() -> InvalidInput:
    return InvalidInput.field("since", "INVALID_CURSOR", "`since` is not a cursor of these changes; leave it out.")


def _first(changes: list[EntityChange], size: int) -> tuple[list[EntityChange], list[str], bool]:
    """Return the first changes of at most so many entities, these, and whether that is all there is."""
    ids: dict[str, None] = {}
    for number, change in enumerate(changes):
        if change.entity_id not in ids and len(ids) == size:
            return changes[:number], list(ids), False
        ids[change.entity_id] = None
    return changes, list(ids), len(changes) < LARGEST_BATCH


async def _read(database: Database, cursor: str | None) -> tuple[Place | None, str | None]:
    """Return the place that a cursor names, if it is of this database, and the last row of a list that goes on.

    Raises InvalidInput.
    """
    if cursor is None:
        return None, None
    try:
        xid, key = await change_log.read_cursor(
            database, cursor, rf"[0-9]{{1,18}}|{_LISTED}[A-Za-z0-9_-]{{1,400}}", "since"
        )
    except change_log.CursorExpired:
        return None, None
    listed = re.fullmatch(rf"{_LISTED}(.+)", key)
    return (Place(int(xid)), listed[1]) if listed else (Place(int(xid), int(key)), None)


def _write(database: Database, start: Place, listed: str | None) -> str:
    if listed is None:
        return start.cursor(database)
    return change_log.write_cursor(database, start.xid, f"{_LISTED}{listed}")
