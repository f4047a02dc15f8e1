"""Mirrors the shop's products: the newest that the shop reported is shown, whatever the order in which it comes."""

import datetime as dt

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import one_or_none
from shared.events.outbox import record
from subgraphs.builder.events import ProductUpdated
from subgraphs.builder.models import Product, ProductGone


async def mirror_product(
    session: AsyncSession,
    external_id: str,
    told_at: dt.datetime,
    *,
    active: bool,
    handle: str | None = None,
    title: str | None = None,
    description: str | None = None,
) -> None:
    """Bring a product to what the shop reported about it, unless something newer is shown.

    It is known by the shop's id, or before that by its handle. What cannot be designed here is not mirrored.
    """
    gone_at = await _gone_at(session, external_id, told_at if not active and title is None else None)
    by_handle = (Product.external_id.is_(None)) & (Product.handle == handle)
    wanted = select(Product.__table__).where(or_(Product.external_id == external_id, by_handle))
    product = await one_or_none(session, Product, wanted.order_by(Product.external_id).limit(1).with_for_update())
    if product is None:
        return
    if gone_at is not None and gone_at >= told_at:
        told_at, active = gone_at, False
    text = title or product.title, product.description if description is None else description
    # What the shop changed in the same second is told apart by what it says, never by when it came.
    newest = product.told_at is None or (told_at, active, *text) > (
        product.told_at,
        product.active,
        product.title,
        product.description,
    )
    if newest:
        shown = {"title": text[0], "description": text[1], "active": active, "external_id": external_id}
        shown |= {"told_at": told_at, "updated_at": dt.datetime.now(dt.UTC)}
        await session.execute(update(Product).where(Product.id == product.id).values(shown))
        await record(session, ProductUpdated(product_id=product.id))


async def _gone_at(session: AsyncSession, external_id: str, told_at: dt.datetime | None) -> dt.datetime | None:
    """Return when the shop last reported that a product is gone, after noting that it does so now."""
    if told_at is not None:
        row = insert(ProductGone).values(external_id=external_id, told_at=told_at)
        later = {"told_at": func.greatest(ProductGone.told_at, row.excluded.told_at)}
        await session.execute(row.on_conflict_do_update(index_elements=["external_id"], set_=later))
    return await session.scalar(select(ProductGone.told_at).where(ProductGone.external_id == external_id))
