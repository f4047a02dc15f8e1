"""What presets cost, stored beside them, so that lists are filtered and sorted by price without working all out.

A price follows the catalogue, which changes with a release: what was priced by another catalogue is priced anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from shared.database.database import Database
from shared.database.rows import many
from shared.graph.money import CurrencyCode
from subgraphs.builder.catalogue import FINGERPRINT, pricing
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.validation import is_offered
from subgraphs.builder.models import BuilderPreset

PRICE_COLUMNS: dict[CurrencyCode, InstrumentedAttribute[int | None]] = {
    CurrencyCode.EUR: BuilderPreset.price_eur,
    CurrencyCode.GBP: BuilderPreset.price_gbp,
    CurrencyCode.USD: BuilderPreset.price_usd,
    CurrencyCode.CHF: BuilderPreset.price_chf,
    CurrencyCode.JPY: BuilderPreset.price_jpy,
}
AT_ONCE = 200
_PRESETS = BuilderPreset.__table__


@dataclass(frozen=True)
class _Priced:
    """What a price is worked out of."""

    id: str
    config: ConfigData


def price_values(config: DesignConfig) -> dict[str, object]:
    """Return the columns that hold what a configuration costs; null where the catalogue does not offer it."""
    offered = is_offered(config)
    prices = {
        column.key: pricing.unit_price(config, currency) if offered else None
        for currency, column in PRICE_COLUMNS.items()
    }
    return {**prices, "priced_by": FINGERPRINT}


async def reprice(database: Database) -> int:
    """Price all presets in the shop that were priced by another catalogue, and return how many those were."""
    count = 0
    while priced := await _reprice_some(database):
        count += priced
    return count


async def _reprice_some(database: Database) -> int:
    async with database.write() as session:
        wanted = select(_PRESETS.c.id, _PRESETS.c.config).where(BuilderPreset.archived_at.is_(None), _is_outdated())
        found: Sequence[_Priced] = await many(session, _Priced, wanted.limit(AT_ONCE).with_for_update(skip_locked=True))
        if found:
            changed = update(_PRESETS).where(_PRESETS.c.id == bindparam("preset"))
            values = [{"preset": row.id, **price_values(DesignConfig.from_json(row.config))} for row in found]
            await (await session.connection()).execute(changed, values)
        return len(found)


def _is_outdated() -> ColumnElement[bool]:
    # By ranges, which the index finds, as it does not find what differs.
    column = BuilderPreset.priced_by
    return or_(column.is_(None), column < FINGERPRINT, column > FINGERPRINT)
