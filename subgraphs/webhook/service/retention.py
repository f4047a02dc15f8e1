"""Keeps deliveries as long as their ids may come again, and no longer than the settings say."""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.security.sealing import Sealer
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.service.privacy import forget_redacted

SHORTEST_DAYS = 30
"""How long the sender's ids are known at least, by which repeats are recognised."""
BATCH = 1000
STUCK_AFTER = dt.timedelta(days=1)
NEVER_TRIED = "No attempt to apply it was made within a day; see `petplus jobs webhook`."
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


async def bury_stuck(database: Database, sealer: Sealer) -> int:
    """Mark deliveries that nobody has tried to apply for a day as dead, so that staff see them; returns how many.

    Their job was given up, since the database was away for too long, say.
    """
    old = WebhookLog.received_at < dt.datetime.now(dt.UTC) - STUCK_AFTER
    stuck = select(WebhookLog.id).where(WebhookLog.state == WebhookState.RECEIVED, WebhookLog.attempts == 0, old)
    batch = stuck.order_by(WebhookLog.received_at).limit(BATCH).with_for_update(skip_locked=True)
    dead = {"state": WebhookState.DEAD, "error": NEVER_TRIED}
    buried = update(WebhookLog).where(WebhookLog.id.in_(batch)).values(dead).returning(WebhookLog.id)
    async with database.write() as session:
        found = (await session.scalars(buried)).all()
        await forget_redacted(session, sealer, found)
        notify_after_commit(session, DeliveryFeed.channel)
    return len(found)


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
