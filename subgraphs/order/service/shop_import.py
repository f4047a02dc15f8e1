"""Orders that were placed in another shop: placed here as well, and kept as that shop shows them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import one
from shared.events.outbox import record
from shared.graph.money import CurrencyCode
from shared.security.sealing import Sealer
from subgraphs.order.enums import FactKind, OrderLineKind, OrderSource
from subgraphs.order.events import OrderContentChanged
from subgraphs.order.fact_models import FactLine, KnownEmail, OrderFact
from subgraphs.order.models import Order, OrderLine
from subgraphs.order.service.facts_fold import newest
from subgraphs.order.service.guest_orders import announce_links
from subgraphs.order.service.ordered_designs import judge_anew
from subgraphs.order.service.placement import (
    NewAddress,
    NewLine,
    NewOrder,
    ordered_lines,
    store_lines,
    store_order,
    sums,
)
from subgraphs.order.service.privacy import ANY_DESIGN

_ORDER = Order.__table__
_PERSON = select(KnownEmail.user_id, KnownEmail.forgotten_at).where(KnownEmail.email_digest == bindparam("digest"))
_LINES = (
    select(OrderLine.title, OrderLine.quantity, OrderLine.unit_price_minor, OrderLine.design_id, OrderLine.kind)
    .where(OrderLine.order_id == bindparam("order"))
    .order_by(OrderLine.position)
)
CONTACT = ("contact_email", *NewAddress.__dataclass_fields__)


class _Personal(NamedTuple):
    """What was sealed and is shown: the titles of customised lines by their positions from 0, and the visitor.

    `titles` are None where they are not to be shown.
    """

    titles: Mapping[str, str] | None = None
    visitor: str | None = None


async def place_reported(
    session: AsyncSession, sealer: Sealer, facts: Sequence[OrderFact], *, redacted: bool
) -> Order | None:
    """Place an order of another shop by the newest report of its content; None where nothing was.

    Nothing personal is shown of one whose customer the shop has `redacted`.
    """
    content = _newest_content(facts)
    if content is None:
        return None
    contact, personal = await _opened(session, sealer, None, content, redacted=redacted)
    sold = _order_of(content, personal.titles)
    reported = replace(sold, customer_id=contact.get("customer_id"), visitor=personal.visitor)
    return await _show(session, await store_order(session, reported), contact)


async def show_content(
    session: AsyncSession, sealer: Sealer, order: Order, facts: Sequence[OrderFact], *, redacted: bool
) -> Order:
    """Bring lines, sums and contact of an order to the newest report, publish what changes, and return its row.

    Nothing personal is shown of one whose customer the shop has `redacted`.
    """
    content = _newest_content(facts)
    if content is None or content.id == order.content_id:
        return order
    contact, personal = await _opened(session, sealer, order, content, redacted=redacted)
    reported = _order_of(content, personal.titles)
    shown = list(await session.execute(_LINES, {"order": order.id}))
    told = [(line.title, line.quantity, line.unit_price_minor, line.design_id, line.kind) for line in reported.lines]
    relined = reported.currency is not order.currency or [tuple(line) for line in shown] != told
    if relined:
        await session.execute(delete(OrderLine).where(OrderLine.order_id == order.id))
        await store_lines(session, order.id, reported, order.refused_designs)
    amounts = sums(reported)
    # What went back stays within the price until the books are kept anew.
    within = {"refunded_minor": func.least(_ORDER.c.refunded_minor, amounts["total_minor"])}
    changed = await _show(session, order, amounts | within | _of_shop(order, reported) | contact)
    if changed.customer_id != order.customer_id:
        await announce_links(session, [changed], order.customer_id)
    if relined or changed.total_minor != order.total_minor:
        await judge_anew(session, [order.id])
        before = [line.design_id for line in shown if line.kind is not OrderLineKind.REMOVED]
        await record(session, _content_changed(order, changed, before, reported))
    return changed


def _of_shop(order: Order, reported: NewOrder) -> dict[str, object]:
    """Return the columns that say which order of which shop it is."""
    return {
        "shop": order.shop or reported.shop,
        "shop_number": reported.shop_number,
        "test": reported.test,
        "locale": reported.locale,
    }


def _content_changed(
    before: Order, after: Order, designs_before: Sequence[str | None], reported: NewOrder
) -> OrderContentChanged:
    lines = ordered_lines(reported.lines)
    known = {design for design in designs_before if design is not None}
    named = {line.design_id for line in lines if line.design_id is not None}
    return OrderContentChanged(
        order_id=after.id,
        customer_id=after.customer_id,
        lines=lines,
        designs_added=sorted(named - known),
        designs_removed=sorted(known - named),
        total_minor=after.total_minor,
        previous_total_minor=before.total_minor,
        currency=after.currency.value,
        previous_currency=before.currency.value,
        placed_at=after.placed_at,
        test=after.test,
    )


async def _show(session: AsyncSession, order: Order, values: Mapping[str, object]) -> Order:
    changed = update(_ORDER).where(_ORDER.c.id == order.id).values(values).returning(*_ORDER.c)
    return await one(session, Order, changed)


async def _opened(
    session: AsyncSession, sealer: Sealer, order: Order | None, content: OrderFact, *, redacted: bool
) -> tuple[dict[str, Any], _Personal]:
    """Open what is sealed in content that is shown from now on, unless its person was forgotten after ordering it.

    Returns the order's columns, and what is personal beside them. Another address than before ends what came by that
    one: the order is its customer's, or nobody's.
    """
    values: dict[str, Any] = {"content_id": content.id}
    opened: dict[str, Any] = sealer.unseal(content.contact) if content.contact is not None else {}
    # Where the goods go stays, as it does in orders whose customers are forgotten later.
    country = {"country_code": opened["country_code"]} if opened.get("country_code") else {}
    if order is not None and order.erased_at is not None:
        return values | country, _Personal()
    person = (await session.execute(_PERSON, {"digest": content.email_digest})).one_or_none()
    if redacted or (person is not None and _is_forgotten(content, person.forgotten_at)):
        nobody = dict.fromkeys({*CONTACT, "contact_digest", "customer_id"} - {"country_code"})
        return values | nobody | country | {"erased_at": dt.datetime.now(dt.UTC)}, _Personal()
    if content.contact is None:
        return values, _Personal()
    values |= {name: opened.get(name) for name in CONTACT} | {"contact_digest": content.email_digest}
    if order is not None and order.contact_digest != content.email_digest:
        values["contact_corrected_at"] = dt.datetime.now(dt.UTC)
    stays = order is not None and order.customer_id is not None and order.contact_digest == content.email_digest
    if not stays:
        values["customer_id"] = person.user_id if person is not None else None
    return values, _Personal(opened.get("titles", {}), opened.get("visitor"))


def _is_forgotten(content: OrderFact, forgotten_at: dt.datetime | None) -> bool:
    """Tell whether an order was placed before its person was forgotten, whenever it is reported or changed."""
    return forgotten_at is not None and dt.datetime.fromisoformat(content.data["placed_at"]) <= forgotten_at


def _newest_content(facts: Sequence[OrderFact]) -> OrderFact | None:
    return newest([fact for fact in facts if fact.kind is FactKind.CONTENT])


def _order_of(content: OrderFact, titles: Mapping[str, str] | None) -> NewOrder:
    data = content.data
    return NewOrder(
        lines=[
            NewLine(
                _title(place, line, titles),
                line["quantity"],
                line["unit_price_minor"],
                line["design_id"],
                OrderLineKind(line.get("kind", OrderLineKind.GOODS.value)),
            )
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
        shop=content.shop,
        shop_number=data.get("number"),
        test=data.get("test", False),
        locale=data.get("locale"),
    )


def _title(place: int, line: FactLine, titles: Mapping[str, str] | None) -> str:
    if titles is None and line["design_id"] is not None:
        return ANY_DESIGN
    # What was reported before titles were sealed has them in the fact.
    return (titles or {}).get(str(place), line["title"])
