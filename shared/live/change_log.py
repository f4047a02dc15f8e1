"""Follows a log in the database as it grows: resumable by cursor, nothing missed and nothing sent twice.

Rows commit in another order than they take their numbers, so the last number seen says nothing of what is still to
come below it. A transaction's number does: below the snapshot's xmin all have ended. Read by the transaction, and by
a key within it, up to that horizon, a row can only appear behind the reader's place, never before it. A transaction
that writes for long, anywhere on the server, delays the followers and costs them nothing.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy import BigInteger, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core import base64url
from shared.core.errors import FieldError, InvalidInput, Unavailable
from shared.database.database import Database
from shared.live.notifier import ChangeNotifier

T = TypeVar("T")
P = TypeVar("P")

BATCH = 100
POLL_SECONDS = 2.0
UNSETTLED_SECONDS = 0.05
_HORIZON = select(literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger))


async def xmin_horizon(connection: AsyncConnection) -> int:
    """Return the number below which all transactions have ended."""
    return (await connection.execute(_HORIZON)).scalar_one()


def write_cursor(database: Database, xid: int, key: int | str) -> str:
    """Return a place of a database as text for clients."""
    return base64url.encode(f"{database.identity}:{xid}:{key}".encode())


async def read_cursor(database: Database, cursor: str, keys: str, name: str = "afterCursor") -> tuple[int, str]:
    """Return the transaction and the key that a cursor names; the key matches `keys`. `name` is the argument's.

    Raises InvalidInput, and CursorExpired for a cursor of another life of the database: numbers of transactions that
    a restored database lacks are given to others there.
    """
    try:
        form = rf"(?:([0-9a-f]{{8}}):)?([0-9]{{1,18}}):({keys})"
        if found := re.fullmatch(form, base64url.decode(cursor).decode(), re.ASCII):
            if found[1] != await database.identify():
                raise CursorExpired(name)
            return int(found[2]), found[3]
    except ValueError:
        pass
    message = f"`{name}` is not a cursor of this feed; send the last one that you received from it."
    raise InvalidInput.field(name, "INVALID_CURSOR", message)


class CursorExpired(InvalidInput):
    """Changes behind a cursor are not kept any more, or the database was restored since."""

    def __init__(self, name: str = "afterCursor") -> None:
        """`name` is the argument's."""
        message = f"Changes behind `{name}` are not kept any more: load everything anew."
        super().__init__(message, [FieldError(name, "CURSOR_EXPIRED", message)])


def same_life(
    database: Database, identity: str, seconds_left: Callable[[], float | None]
) -> Callable[[], float | None]:
    """Return a `seconds_left` that raises CursorExpired, too, once the database is not the one that it was."""

    def checked() -> float | None:
        if database.identity != identity:
            raise CursorExpired
        return seconds_left()

    return checked


async def tail(
    notifier: ChangeNotifier,
    position: P,
    read: Callable[[P], Awaitable[tuple[Sequence[tuple[T, P]], P, bool]]],
    seconds_left: Callable[[], float | None],
) -> AsyncGenerator[tuple[T, P], None]:
    """Yield each row behind a position with its own, then those that come.

    `read` returns at most `BATCH` settled rows, the position behind all that it looked at, and whether some are
    unsettled; a database that is away is asked again. `seconds_left` raises when the follower may no longer follow.
    Nothing is buffered: a slow reader gets its rows slowly.
    """
    with notifier.subscribe() as changed:
        while True:
            changed.clear()
            try:
                rows, position, unsettled = await read(position)
            except Unavailable:
                await _wait(changed, POLL_SECONDS, seconds_left)
                continue
            for row in rows:
                seconds_left()
                yield row
            if len(rows) < BATCH:
                await _wait(changed, UNSETTLED_SECONDS if unsettled else POLL_SECONDS, seconds_left)


async def _wait(changed: asyncio.Event, longest: float, seconds_left: Callable[[], float | None]) -> None:
    left = seconds_left()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(longest if left is None else min(longest, left)):
            await changed.wait()
    seconds_left()
