"""Mirrors the shop's products: the newest that the shop reported is shown, whatever the order in which it comes.

The newest report of each of the shop's products is kept. A product here shows the one with its handle that is on sale:
the shop may delete a product and make it anew, with another id.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import many, one
from shared.events.outbox import record
from subgraphs.builder.enums import ProductKind
from subgraphs.builder.errors import product_withdrawn
from subgraphs.builder.events import ProductUpdated
from subgraphs.builder.models import Product, ProductReport

_REPORT = ProductReport.__table__


@dataclass(frozen=True)
class Report:
    """What a shop reports of one of its products; one that is gone has no title. None says nothing."""

    external_id: str
    told_at: dt.datetime
    active: bool
    shop: str | None = None
    sent_at: dt.datetime | None = None
    handle: str | None = None
    title: str | None = None
    description: str | None = None


async def mirror_product(session: AsyncSession, report: Report) -> None:
    """Bring a product to what its shop reported about it. What cannot be designed here is only noted."""
    kept = await _kept(session, report)
    if kept.shop != report.shop and None not in (kept.shop, report.shop):
        return
    same = or_(Product.external_id == report.external_id, Product.handle == kept.handle)
    wanted = select(Product.__table__).where(same).order_by(Product.external_id == report.external_id)
    for product in await many(session, Product, wanted.with_for_update()):
        if product.shop is None or report.shop in (None, product.shop):
            await _show(session, product, report.shop)


async def check_sold(session: AsyncSession, kind: ProductKind) -> None:
    """Raise IllegalState for a product that the shop has withdrawn."""
    withdrawn = select(Product.id).where(Product.kind == kind, ~Product.active)
    if await session.scalar(withdrawn) is not None:
        raise product_withdrawn()


async def _kept(session: AsyncSession, report: Report) -> ProductReport:
    """Merge a report into what is kept of its product, unless that is of another shop; returns the row, locked."""
    nothing = insert(_REPORT).values(external_id=report.external_id, shop=report.shop, active=False)
    await session.execute(nothing.on_conflict_do_nothing())
    mine = _REPORT.c.external_id == report.external_id
    kept = await one(session, ProductReport, select(_REPORT).where(mine).with_for_update())
    if kept.shop != report.shop and None not in (kept.shop, report.shop):
        return kept
    values: dict[str, object] = {"shop": kept.shop or report.shop}
    if not report.active and report.title is None:
        values["gone_at"] = max(kept.gone_at or report.told_at, report.told_at)
    elif kept.told_at is None or _age(report, report.told_at) >= _age(kept, kept.told_at):
        values |= {"told_at": report.told_at, "sent_at": report.sent_at, "active": report.active}
        values |= {
            name: value for name in ("handle", "title", "description") if (value := getattr(report, name)) is not None
        }
    changed = update(_REPORT).where(mine).values(values).returning(*_REPORT.c)
    return await one(session, ProductReport, changed)


def _age(report: Report | ProductReport, told_at: dt.datetime) -> tuple[dt.datetime, dt.datetime, bool, str, str]:
    # What has the same time is told apart by when it was sent and what it says, never by when it came.
    return told_at, report.sent_at or told_at, report.active, report.title or "", report.description or ""


async def _show(session: AsyncSession, product: Product, shop: str | None) -> None:
    """Show the report that is on sale, or else the newest, where that is not shown yet."""
    named = or_(_REPORT.c.handle == product.handle, _REPORT.c.external_id == product.external_id)
    found = [
        report
        for report in await many(session, ProductReport, select(_REPORT).where(named))
        if (product.shop or shop) in (None, report.shop) or report.shop is None
    ]
    chosen = _chosen(found)
    if chosen is None:
        return
    shown = {
        "title": chosen.title or product.title,
        "description": product.description if chosen.description is None else chosen.description,
        "active": _is_on_sale(chosen),
        "external_id": chosen.external_id,
        "shop": product.shop or chosen.shop,
        "told_at": max(filter(None, (chosen.told_at, chosen.gone_at))),
    }
    if any(getattr(product, name) != value for name, value in shown.items()):
        shown["updated_at"] = dt.datetime.now(dt.UTC)
        await session.execute(update(Product).where(Product.id == product.id).values(shown))
        told = ProductUpdated(product_id=product.id, product=product.kind.value, active=_is_on_sale(chosen))
        await record(session, told)


def _chosen(reports: Sequence[ProductReport]) -> ProductReport | None:
    told = [report for report in reports if report.told_at is not None or report.gone_at is not None]
    newest = dt.datetime.min.replace(tzinfo=dt.UTC)
    return max(
        told,
        key=lambda it: (_is_on_sale(it), it.gone_at is None, it.told_at or it.gone_at or newest, it.external_id),
        default=None,
    )


def _is_on_sale(report: ProductReport) -> bool:
    if report.told_at is None or not report.active:
        return False
    return report.gone_at is None or report.gone_at < report.told_at
