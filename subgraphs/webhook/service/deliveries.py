"""What staff do with stored deliveries: give one up, or have some applied again."""

from dataclasses import dataclass, replace

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, InvalidInput, NotFound
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.database.rows import many, one, one_or_none
from shared.events.outbox import record
from shared.graph.loaders import in_keys
from shared.security.sealing import Sealer
from subgraphs.webhook.enums import DISCARDABLE, WebhookState
from subgraphs.webhook.events import WebhookDiscarded, WebhookReplayed
from subgraphs.webhook.inputs import WebhookReplayInput
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.service.filters import SHOWN, conditions
from subgraphs.webhook.service.job_types import PROCESSING
from subgraphs.webhook.service.privacy import forget_redacted
from subgraphs.webhook.service.sources import SENDERS

REPLAYED_BY_DEFAULT = (WebhookState.FAILED, WebhookState.DEAD)
MOST_REPLAYED = 1000

# What was not verified is never applied, nor what no translation knows or what a person had erased.
_REPLAYABLE = and_(
    WebhookLog.state != WebhookState.REJECTED,
    func.length(WebhookLog.body) > 0,
    or_(
        *[
            and_(WebhookLog.source == source, WebhookLog.topic.in_(sorted(sender.topics)))
            for source, sender in SENDERS.items()
        ]
    ),
)


@dataclass(frozen=True)
class Replay:
    """How many deliveries were asked for, and the rows of those that are (or would be) applied again."""

    matched: int
    deliveries: list[WebhookLog]


async def discard_delivery(database: Database, sealer: Sealer, delivery_id: str, user_id: str) -> WebhookLog:
    """Let a delivery have no effect and return its row (without body); raises NotFound or IllegalState."""
    async with database.write() as session:
        locked = select(WebhookLog.state).where(WebhookLog.id == delivery_id).with_for_update()
        state = await session.scalar(locked)
        if state is None:
            raise NotFound("This delivery does not exist.")
        if state not in DISCARDABLE:
            names = ", ".join(each.value for each in DISCARDABLE)
            raise IllegalState(f"The delivery is {state.value}; only {names} can be discarded.")
        change = (
            update(WebhookLog)
            .where(WebhookLog.id == delivery_id)
            .values(state=WebhookState.IGNORED, discarded_by_id=user_id)
            .returning(*SHOWN)
        )
        row = await one(session, WebhookLog, change)
        await forget_redacted(session, sealer, [delivery_id])
        event = WebhookDiscarded(
            delivery_id=row.id, source=row.source.value, topic=row.topic, previous=state.value, state=row.state.value
        )
        await record(session, event)
        notify_after_commit(session, DeliveryFeed.channel)
        return row


async def replay_deliveries(database: Database, given: WebhookReplayInput) -> Replay:
    """Have deliveries applied again, with all their attempts; raises InvalidInput, NotFound or IllegalState.

    What a delivery has reported already is not reported twice: its events keep their ids (`service/processing.py`).
    """
    if (given.id is None) == (given.filter is None):
        raise InvalidInput.field("input.id", "ONE_OF", "Send either `id` or `filter`.")
    async with database.write() as session:
        found = await _one(session, given.id) if given.id is not None else await _several(session, given)
        if not given.dry_run and found.deliveries:
            found = replace(found, deliveries=await _replay(session, found.deliveries))
        return found


async def name_order(session: AsyncSession, delivery_id: str, order_id: str) -> None:
    """Note which order a delivery is about."""
    await session.execute(update(WebhookLog).where(WebhookLog.id == delivery_id).values(order_id=order_id))


async def _one(session: AsyncSession, delivery_id: str) -> Replay:
    this = WebhookLog.id == delivery_id
    row = await one_or_none(session, WebhookLog, select(*SHOWN).where(this, _REPLAYABLE).with_for_update())
    if row is not None:
        return Replay(1, [row])
    state = await session.scalar(select(WebhookLog.state).where(this))
    if state is None:
        raise NotFound("This delivery does not exist.")
    raise IllegalState(
        "This delivery cannot be applied again: it was rejected or erased, or its topic is not used here."
    )


async def _several(session: AsyncSession, given: WebhookReplayInput) -> Replay:
    wanted = given.filter
    if wanted is not None and wanted.states is None:
        wanted = replace(wanted, states=list(REPLAYED_BY_DEFAULT))
    chosen = (_REPLAYABLE, *conditions(wanted))
    matched = await session.scalar(select(func.count()).select_from(WebhookLog).where(*chosen)) or 0
    oldest = select(*SHOWN).where(*chosen).order_by(WebhookLog.received_at, WebhookLog.id).limit(MOST_REPLAYED)
    # What an attempt holds at this moment is about to be applied: there is no need to wait for it.
    return Replay(matched, await many(session, WebhookLog, oldest.with_for_update(skip_locked=True)))


async def _replay(session: AsyncSession, before: list[WebhookLog]) -> list[WebhookLog]:
    ids = [row.id for row in before]
    change = (
        update(WebhookLog)
        .where(in_keys(WebhookLog.id, ids))
        .values(state=WebhookState.RECEIVED, error=None, attempts_before=WebhookLog.attempts, discarded_by_id=None)
        .returning(*SHOWN)
    )
    after = {row.id: row for row in await many(session, WebhookLog, change)}
    await PROCESSING.enqueue_all(session, [{"delivery_id": row.id, "attempt": row.attempts + 1} for row in before])
    events = [
        WebhookReplayed(
            delivery_id=row.id,
            source=row.source.value,
            topic=row.topic,
            previous=row.state.value,
            state=WebhookState.RECEIVED.value,
        )
        for row in before
    ]
    await record(session, *events)
    notify_after_commit(session, DeliveryFeed.channel)
    return [after[key] for key in ids]
