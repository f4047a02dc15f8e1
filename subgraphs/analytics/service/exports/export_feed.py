"""Follows one export: the row in the database is the truth, Redis only carries notifications.

The export is sent each time it has changed, as it is by then: changes in quick succession are sent as one.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial

from sqlalchemy import select

from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.live import change_log
from shared.live.notifier import ChangeFeed
from shared.security.auth import Viewer
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.errors import unknown_export
from subgraphs.analytics.models import Export

ENDED = frozenset({ExportState.DONE, ExportState.FAILED, ExportState.EXPIRED})


class ExportFeed(ChangeFeed):
    """Notifies when exports have changed."""

    channel = "petplus.analytics.export"


async def follow_export(
    database: Database, feed: ExportFeed, viewer: Viewer, export_id: str
) -> AsyncGenerator[Export, None]:
    """Yield an export as it is, then whenever it has changed, until nothing more can become of its file.

    Raises NotFound for an export that does not exist, or no longer does, and Unauthenticated at the token's end.
    """
    changes = change_log.tail(feed.notifier, 0, partial(_changed, database, export_id), viewer.seconds_left)
    async with aclosing(changes) as rows:
        async for row, _ in rows:
            yield row
            if row.state in ENDED:
                return


async def _changed(database: Database, export_id: str, seen: int) -> tuple[Sequence[tuple[Export, int]], int, bool]:
    """Return the export with its version as its place, unless that was seen."""
    async with database.read() as connection:
        row = await one_or_none(connection, Export, select(Export.__table__).where(Export.id == export_id))
    if row is None:
        raise unknown_export()
    return [(row, row.version)] if row.version != seen else [], row.version, False
