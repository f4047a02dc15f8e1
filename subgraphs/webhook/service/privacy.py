"""Forgets people: that a delivery came stays, what it said of them goes."""

from sqlalchemy import Text, case, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.outbox import OUTBOX
from shared.graph.loaders import in_keys
from subgraphs.webhook.enums import WebhookState
from subgraphs.webhook.models import WebhookLog, WebhookRetry
from subgraphs.webhook.service.deliveries import DISCARDABLE


async def forget_person(session: AsyncSession, email_digest: str) -> None:
    """Empty all deliveries that name a person's e-mail address, and those about the same orders.

    What was still to be applied no longer can be, so it is ignored.
    """
    names_them = WebhookLog.people.contains([email_digest])
    their_orders = select(WebhookLog.order_id).where(names_them, WebhookLog.order_id.is_not(None))
    ignored = literal(WebhookState.IGNORED, WebhookLog.state.type)
    emptied = (
        update(WebhookLog)
        .where(or_(names_them, WebhookLog.order_id.in_(their_orders)))
        .values(
            body=b"",
            headers={},
            people=[],
            error=None,
            state=case((WebhookLog.state.in_(DISCARDABLE), ignored), else_=WebhookLog.state),
        )
        .returning(WebhookLog.id, WebhookLog.told)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(emptied)).all()
    deliveries = [row.id for row in rows]
    await _drop_contacts(session, [event["id"] for row in rows for event in row.told])
    await session.execute(
        update(WebhookRetry)
        .where(in_keys(WebhookRetry.delivery_id, deliveries))
        .values(error=None)
        .execution_options(synchronize_session=False)
    )


async def _drop_contacts(session: AsyncSession, event_ids: list[str]) -> None:
    """Take the sealed contacts out of events that were published, so that no broker is refilled with them."""
    contact = literal(["order", "content", "contact"], ARRAY(Text))
    await session.execute(
        update(OUTBOX).where(in_keys(OUTBOX.c.event_id, event_ids)).values(data=OUTBOX.c.data.op("#-")(contact))
    )
