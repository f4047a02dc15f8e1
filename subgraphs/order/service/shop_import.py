"""Orders that were placed in another shop: placed here as well, and kept as that shop shows them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import one
from shared.graph.money import CurrencyCode
from shared.security.sealing import Sealer
from subgraphs.order.enums import FactKind, OrderSource
from subgraphs.order.models import FactLine, KnownEmail, Order, OrderFact, OrderLine
from subgraphs.order.service.facts_fold import newest
from subgraphs.order.service.ordered_designs import judge_anew
from subgraphs.order.service.placement import NewAddress, NewLine, NewOrder, line_rows, store_order, sums
from subgraphs.order.service.privacy import ANY_DESIGN

_ORDER = Order.__table__
_PERSON = select(KnownEmail.user_id, KnownEmail.forgotten_at).where(KnownEmail.email_digest == bindparam("digest"))
_LINES = (
    select(OrderLine.title, OrderLine.quantity, OrderLine.unit_price_minor, OrderLine.design_id)
    .where(OrderLine.order_id == bindparam("order"))
    .order_by(OrderLine.position)
)
CONTACT = ("contact_email", *NewAddress.__dataclass_fields__)


async def place_reported(session: AsyncSession, sealer: Sealer, facts: Sequence[OrderFact]) -> Order | None:
    """Place an order of another shop by the newest report of its content; None where nothing was."""
    content = _newest_content(facts)
    if content is None:
        return None
    contact, titles = await _opened(session, sealer, None, content)
    reported = replace(_order_of(content, titles), customer_id=contact.get("customer_id"))
    return await _show(session, await store_order(session, reported), contact)


async def show_content(session: AsyncSession, sealer: Sealer, order: Order, facts: Sequence[OrderFact]) -> Order:
    """Bring lines, sums and contact of an order to the newest report; returns its row."""
    content = _newest_content(facts)
    if content is None or content.id == order.content_id:
        return order
    contact, titles = await _opened(session, sealer, order, content)
    reported = _order_of(content, titles)
    shown = list(await session.execute(_LINES, {"order": order.id}))
    told = [(line.title, line.quantity, line.unit_price_minor, line.design_id) for line in reported.lines]
    relined = reported.currency is not order.currency or [tuple(line) for line in shown] != told
    if relined:
        await session.execute(delete(OrderLine).where(OrderLine.order_id == order.id))
        await session.execute(insert(OrderLine), line_rows(order.id, reported, order.refused_designs))
    amounts = sums(reported)
    # What went back stays within the price until the books are kept anew.
    within = {"refunded_minor": func.least(_ORDER.c.refunded_minor, amounts["total_minor"])}
    changed = await _show(session, order, amounts | within | contact)
    if relined or changed.customer_id != order.customer_id:
        await judge_anew(session, [order.id])
    return changed


async def _show(session: AsyncSession, order: Order, values: Mapping[str, object]) -> Order:
    changed = update(_ORDER).where(_ORDER.c.id == order.id).values(values).returning(*_ORDER.c)
    return await one(session, Order, changed)


async def _opened(
    session: AsyncSession, sealer: Sealer, order: Order | None, content: OrderFact
) -> tuple[dict[str, Any], Mapping[str, str] | None]:
    """Open what is sealed in content that is shown from now on, unless its person was forgotten after it was reported.

    Returns the order's columns, and the titles of customised lines by their positions from 0; None where they are not
    to be shown. Another address than before ends what came by that one: the order is its customer's, or nobody's.
    """
    values: dict[str, Any] = {"content_id": content.id}
    if order is not None and order.erased_at is not None:
        return values, None
    person = (await session.execute(_PERSON, {"digest": content.email_digest})).one_or_none()
    if person is not None and person.forgotten_at is not None and content.occurred_at <= person.forgotten_at:
        nobody = dict.fromkeys((*CONTACT, "contact_digest", "customer_id"))
        return values | nobody | {"erased_at": dt.datetime.now(dt.UTC)}, None
    if content.contact is None:
        return values, None
    opened: dict[str, Any] = sealer.unseal(content.contact)
    values |= {name: opened.get(name) for name in CONTACT} | {"contact_digest": content.email_digest}
    if order is not None and order.contact_digest != content.email_digest:
        values["contact_corrected_at"] = dt.datetime.now(dt.UTC)
    stays = order is not None and order.customer_id is not None and order.contact_digest == content.email_digest
    if not stays:
        values["customer_id"] = person.user_id if person is not None else None
    return values, opened.get("titles", {})


def _newest_content(facts: Sequence[OrderFact]) -> OrderFact | None:
    return newest([fact for fact in facts if fact.kind is FactKind.CONTENT])


def _order_of(content: OrderFact, titles: Mapping[str, str] | None) -> NewOrder:
    data = content.data
    return NewOrder(
        lines=[
            NewLine(_title(place, line, titles), line["quantity"], line["unit_price_minor"], line["design_id"])
            for place, line in enumerate(data["lines"])
        ],
        currency=CurrencyCode(data["currency"]),
        address=None,
        customer_id=None,
        contact_email=None,
        discount_minor=data["discount_minor"],
        shipping_minor=data["shipping_minor"],
        tax_minor=data["tax_minor"],
        source=OrderSource.SHOPIFY,
        external_id=content.order_name,
        placed_at=dt.datetime.fromisoformat(data["placed_at"]),
        delivery_id=content.deliveries[0],
    )


def _title(place: int, line: FactLine, titles: Mapping[str, str] | None) -> str:
    if titles is None and line["design_id"] is not None:
        return ANY_DESIGN
    # What was reported before titles were sealed has them in the fact.
    return (titles or {}).get(str(place), line["title"])
