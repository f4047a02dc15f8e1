"""Orders that were placed in another shop: placed here as well, and kept as that shop shows them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.money import CurrencyCode
from shared.sealing import Sealer
from subgraphs.order.enums import FactKind, OrderSource
from subgraphs.order.models import KnownEmail, Order, OrderLine
from subgraphs.order.service.linking import customer_with
from subgraphs.order.service.placing import NewAddress, NewLine, NewOrder, line_rows, store_order, sums
from subgraphs.order.service.telling import newest

CONTACT = ("contact_email", *NewAddress.__dataclass_fields__)


async def place_told(session: AsyncSession, sealer: Sealer, facts: Sequence[Any]) -> Any:
    """Place an order of another shop by the newest of what was told of its content; None where nothing was."""
    content = newest(facts)
    if content is None:
        return None
    order = await store_order(session, _order_of(content))
    return await _with_contact(session, sealer, order, content)


async def show_content(session: AsyncSession, sealer: Sealer, order: Any, facts: Sequence[Any]) -> Any:
    """Bring lines, sums and contact of an order to the newest that was told; returns its row."""
    content = newest([fact for fact in facts if fact.kind is FactKind.CONTENT])
    if content is None or content.id == order.content_id:
        return order
    told = _order_of(content)
    rows = line_rows(order.id, told)
    lines = select(OrderLine.__table__).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    shown = [_goods(line._asdict()) for line in await session.execute(lines)]
    if shown != [_goods(row) for row in rows]:
        await session.execute(delete(OrderLine).where(OrderLine.order_id == order.id))
        await session.execute(insert(OrderLine), rows)
    changed = update(Order).where(Order.id == order.id).values(sums(told)).returning(*Order.__table__.columns)
    order = (await session.execute(changed)).one()
    return await _with_contact(session, sealer, order, content)


async def _with_contact(session: AsyncSession, sealer: Sealer, order: Any, content: Any) -> Any:
    """Open the contact of content that is shown from now on, unless its person was forgotten; returns the row."""
    values: dict[str, Any] = {"content_id": content.id}
    if order.erased_at is None and await _was_forgotten(session, content):
        values["erased_at"] = dt.datetime.now(dt.UTC)
    elif order.erased_at is None and content.contact is not None:
        opened = sealer.unseal(content.contact)
        values |= {name: opened.get(name) for name in CONTACT} | {"contact_digest": content.email_digest}
        values["customer_id"] = order.customer_id or await customer_with(session, content.email_digest)
    changed = update(Order).where(Order.id == order.id).values(values).returning(*Order.__table__.columns)
    return (await session.execute(changed)).one()


async def _was_forgotten(session: AsyncSession, content: Any) -> bool:
    """Tell whether the person of some content was forgotten after it was told there."""
    of_digest = select(KnownEmail.forgotten_at).where(KnownEmail.email_digest == content.email_digest)
    forgotten_at = await session.scalar(of_digest)
    return forgotten_at is not None and content.occurred_at <= forgotten_at


def _goods(line: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(line[name] for name in ("position", "design_id", "title", "quantity", "currency", "unit_price_minor"))


def _order_of(content: Any) -> NewOrder:
    data = content.data
    return NewOrder(
        lines=[
            NewLine(line["title"], line["quantity"], line["unit_price_minor"], line["design_id"])
            for line in data["lines"]
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
