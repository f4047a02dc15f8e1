"""Forgets people: that a delivery came stays, what it said of them goes."""

from sqlalchemy import case, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.loaders import matches
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
        .returning(WebhookLog.id)
        .execution_options(synchronize_session=False)
    )
    deliveries = list(await session.scalars(emptied))
    await session.execute(
        update(WebhookRetry)
        .where(matches(WebhookRetry.delivery_id, deliveries))
        .values(error=None)
        .execution_options(synchronize_session=False)
    )
