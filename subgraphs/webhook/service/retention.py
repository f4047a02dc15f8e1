"""Keeps deliveries as long as their ids may come again, and no longer than the settings say."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.models import WebhookLog

SHORTEST_DAYS = 30
"""How long the sender's ids are known at least, by which repeats are recognised."""
BATCH = 1000
_FINISHED = (WebhookState.PROCESSED, WebhookState.IGNORED)


async def forget_old(database: Database, days: int) -> int:
    """Delete settled deliveries that are older than some days, and rejected ones after the shortest time.

    What waits, failed or is dead stays until it is applied or discarded. Returns how many were deleted.
    """
    now = dt.datetime.now(dt.UTC)
    settled = WebhookLog.state.in_(_FINISHED) & (WebhookLog.received_at < now - dt.timedelta(days=days))
    shortest = now - dt.timedelta(days=SHORTEST_DAYS)
    rejected = (WebhookLog.state == WebhookState.REJECTED) & (WebhookLog.received_at < shortest)
    return await _delete(database, settled | rejected)


async def _delete(database: Database, old: ColumnElement[bool]) -> int:
    deleted = 0
    while True:
        batch = select(WebhookLog.id).where(old).order_by(WebhookLog.received_at).limit(BATCH)
        forgotten = delete(WebhookLog).where(WebhookLog.id.in_(batch)).returning(WebhookLog.id)
        async with database.write() as session:
            gone = (await session.scalars(forgotten)).all()
        deleted += len(gone)
        if len(gone) < BATCH:
            return deleted
