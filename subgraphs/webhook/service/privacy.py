"""Forgets people: that a delivery came stays, what it said of them goes."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, case, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from shared.events.outbox import OUTBOX
from shared.graph.loaders import in_keys
from subgraphs.webhook.enums import WebhookSource, WebhookState, WebhookVerdict
from subgraphs.webhook.models import WebhookLog, WebhookRetry
from subgraphs.webhook.service.deliveries import DISCARDABLE

BATCH = 1000


async def forget_person(session: AsyncSession, email_digest: str, shop: str | None = None) -> None:
    """Empty all deliveries that name a person's e-mail address, and those about the same orders; of one shop if given.

    What was still to be applied no longer can be, so it is ignored.
    """
    of_shop = [] if shop is None else [WebhookLog.shop == shop]
    names_them = WebhookLog.people.contains([email_digest])
    their_orders = select(WebhookLog.order_id).where(names_them, WebhookLog.order_id.is_not(None), *of_shop)
    for wanted in (WebhookLog.order_id.in_(their_orders), names_them):
        await _empty(session, wanted, *of_shop)


async def forget_delivery(session: AsyncSession, delivery_id: str) -> None:
    """Empty one delivery: it is about an order whose customer was forgotten."""
    await _empty(session, WebhookLog.id == delivery_id)


async def forget_shop(database: Database, shop: str) -> None:
    """Empty all deliveries of a shop, batch by batch."""
    of_shop = (
        WebhookLog.verdict == WebhookVerdict.VERIFIED,
        WebhookLog.source == WebhookSource.SHOPIFY,
        WebhookLog.shop == shop,
    )
    last = ("", "", "")
    place = (WebhookLog.topic, WebhookLog.delivery_id, WebhookLog.id)
    while True:
        key = tuple_(*place)
        found = select(*place).where(*of_shop, key > tuple_(*map(literal, last))).order_by(*place).limit(BATCH)
        async with database.write() as session:
            rows = (await session.execute(found)).all()
            if not rows:
                return
            await _empty(session, in_keys(WebhookLog.id, [row.id for row in rows]))
        last = (rows[-1].topic, rows[-1].delivery_id, rows[-1].id)


async def _empty(session: AsyncSession, *wanted: ColumnElement[bool]) -> None:
    ignored = literal(WebhookState.IGNORED, WebhookLog.state.type)
    emptied = (
        update(WebhookLog)
        .where(*wanted)
        .values(
            body=b"",
            body_digest=None,
            headers={},
            people=[],
            error=None,
            state=case((WebhookLog.state.in_(DISCARDABLE), ignored), else_=WebhookLog.state),
        )
        .returning(WebhookLog.id, WebhookLog.told)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(emptied)).all()
    await _drop_contacts(session, [event["id"] for row in rows for event in row.told])
    await session.execute(
        update(WebhookRetry)
        .where(in_keys(WebhookRetry.delivery_id, [row.id for row in rows]))
        .values(error=None)
        .execution_options(synchronize_session=False)
    )


async def _drop_contacts(session: AsyncSession, event_ids: Sequence[str]) -> None:
    """Take the sealed contacts out of events that were published, so that no broker is refilled with them."""
    contact = literal(["order", "content", "contact"], ARRAY(Text))
    await session.execute(
        update(OUTBOX).where(in_keys(OUTBOX.c.event_id, event_ids)).values(data=OUTBOX.c.data.op("#-")(contact))
    )
