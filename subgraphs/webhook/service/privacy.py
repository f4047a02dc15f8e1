"""Forgets people: that a delivery came stays, what it said of them goes.

A shop that has all of its customers forgotten is remembered with the time, and what it sent until then is emptied
whenever it arrives. What is still to be applied is applied first, since the orders themselves stay for the books; then,
or when it was given up, it is emptied in the same transaction (`forget_redacted`).
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, case, func, literal, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from shared.events.outbox import OUTBOX
from shared.graph.loaders import in_keys
from shared.security.sealing import Sealer
from subgraphs.webhook.enums import DISCARDABLE, WAITING, WebhookSource, WebhookState, WebhookVerdict
from subgraphs.webhook.models import RedactedShop, WebhookLog, WebhookRetry

BATCH = 200

_CONTACT = literal(["order", "content", "contact"], ARRAY(Text))
_SENT_AT = func.coalesce(WebhookLog.occurred_at, WebhookLog.received_at)
_kept = (
    func.unnest(bindparam("ids", type_=ARRAY(Text)), bindparam("contacts", type_=ARRAY(Text)))
    .table_valued("event_id", "contact")
    .render_derived("kept")
)
_KEEP = (
    update(OUTBOX)
    .where(OUTBOX.c.event_id == _kept.c.event_id)
    .values(
        data=func.jsonb_set(
            OUTBOX.c.data, _CONTACT, func.coalesce(func.to_jsonb(_kept.c.contact), text("'null'::jsonb"))
        )
    )
)


async def forget_person(session: AsyncSession, email_digest: str, shop: str | None = None) -> None:
    """Empty all deliveries that name a person's e-mail address, and those about the same orders; of one shop if given.

    What was still to be applied no longer can be, so it is ignored.
    """
    of_shop = [] if shop is None else [WebhookLog.shop == shop]
    names_them = WebhookLog.people.contains([email_digest])
    their_orders = select(WebhookLog.order_id).where(names_them, WebhookLog.order_id.is_not(None), *of_shop)
    for wanted in (WebhookLog.order_id.in_(their_orders), names_them):
        await _drop_contacts(session, await _empty(session, wanted, *of_shop))


async def forget_delivery(session: AsyncSession, delivery_id: str) -> None:
    """Empty one delivery: it is about an order whose customer was forgotten."""
    await _drop_contacts(session, await _empty(session, WebhookLog.id == delivery_id))


async def forget_shop(database: Database, sealer: Sealer, shop: str, redacted_at: dt.datetime) -> None:
    """Empty what a shop sent until it had its customers forgotten, batch by batch, and whatever of it is still to come.

    Nothing slips through between both, since each delivery is settled under the lock of its row. Who settles it without
    knowing of the redaction has that lock before the rows are locked here, so this waits and finds it settled. Who gets
    the lock later reads what is committed then, and knows of the redaction. So rows are locked in any state, although
    those that wait to be applied are left to whoever applies them.
    """
    async with database.write() as session:
        await _remember(session, shop, redacted_at)
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
            rows = (await session.execute(found.with_for_update())).all()
            if not rows:
                return
            await forget_redacted(session, sealer, [row.id for row in rows])
        last = (rows[-1].topic, rows[-1].delivery_id, rows[-1].id)


async def forget_redacted(session: AsyncSession, sealer: Sealer, ids: Sequence[str]) -> None:
    """Empty those of some deliveries, whose rows are locked, that their shop sent until it had its customers forgotten
    and that are not to be applied any more.

    Their events keep where the goods go, as orders do (`subgraphs/order/service/privacy.py`): they may not have been
    handled yet.
    """
    found = (
        select(WebhookLog.id)
        .join(RedactedShop, RedactedShop.shop == WebhookLog.shop)
        .where(in_keys(WebhookLog.id, ids), WebhookLog.source == WebhookSource.SHOPIFY)
        .where(WebhookLog.state.not_in(WAITING), RedactedShop.redacted_at >= _SENT_AT)
    )
    redacted = list(await session.scalars(found))
    if redacted:
        await _keep_countries(session, sealer, await _empty(session, in_keys(WebhookLog.id, redacted)))


async def _remember(session: AsyncSession, shop: str, redacted_at: dt.datetime) -> None:
    new = insert(RedactedShop).values(shop=shop, redacted_at=redacted_at)
    later = func.greatest(RedactedShop.redacted_at, new.excluded.redacted_at)
    await session.execute(new.on_conflict_do_update(index_elements=["shop"], set_={"redacted_at": later}))


async def _empty(session: AsyncSession, *wanted: ColumnElement[bool]) -> list[str]:
    """Empty deliveries, and return the ids of the events that they have caused."""
    ignored = literal(WebhookState.IGNORED, WebhookLog.state.type)
    emptied = (
        update(WebhookLog)
        .where(*wanted)
        .values(
            body=b"",
            # Several deliveries of one event may be emptied, and each stays one of its own.
            body_digest=WebhookLog.id,
            headers={},
            people=[],
            error=None,
            state=case((WebhookLog.state.in_(DISCARDABLE), ignored), else_=WebhookLog.state),
        )
        .returning(WebhookLog.id, WebhookLog.told)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(emptied)).all()
    await session.execute(
        update(WebhookRetry)
        .where(in_keys(WebhookRetry.delivery_id, [row.id for row in rows]))
        .values(error=None)
        .execution_options(synchronize_session=False)
    )
    return [event["id"] for row in rows for event in row.told]


async def _keep_countries(session: AsyncSession, sealer: Sealer, event_ids: Sequence[str]) -> None:
    """Leave nothing in the sealed contacts of events that were published but where the goods go."""
    contact = OUTBOX.c.data.op("#>>")(_CONTACT)
    found = select(OUTBOX.c.event_id, contact).where(in_keys(OUTBOX.c.event_id, event_ids), contact.is_not(None))
    sealed = [(key, given) for key, given in await session.execute(found)]
    if sealed:
        contacts = [sealer.keep(each, "country_code") for _, each in sealed]
        await session.execute(_KEEP, {"ids": [key for key, _ in sealed], "contacts": contacts})


async def _drop_contacts(session: AsyncSession, event_ids: Sequence[str]) -> None:
    """Take the sealed contacts out of events that were published, so that no broker is refilled with them."""
    await session.execute(
        update(OUTBOX).where(in_keys(OUTBOX.c.event_id, event_ids)).values(data=OUTBOX.c.data.op("#-")(_CONTACT))
    )
