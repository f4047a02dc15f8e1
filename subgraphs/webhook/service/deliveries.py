"""What staff do with stored deliveries."""

from typing import Any

from sqlalchemy import select, update

from shared.database import Database
from shared.errors import IllegalState, NotFound
from shared.outbox import record
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.events import WebhookDiscarded
from subgraphs.webhook.models import WebhookLog

DISCARDABLE = (WebhookState.RECEIVED, WebhookState.FAILED, WebhookState.DEAD)


async def discard_delivery(database: Database, delivery_id: str, user_id: str) -> Any:
    """Let a delivery have no effect and return its row (without body); raises NotFound or IllegalState."""
    table = WebhookLog.__table__
    shown = [column for column in table.columns if column.key not in {"headers", "body"}]
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
            .returning(*shown)
        )
        row = (await session.execute(change)).one()
        await record(
            session,
            WebhookDiscarded(
                delivery_id=row.id,
                source=row.source.value,
                topic=row.topic,
                previous=state.value,
                state=row.state.value,
            ),
        )
    return row
