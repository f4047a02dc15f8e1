"""How many pieces of each preset were sold, by which lists are sorted.

A piece counts for a preset that was ordered off the shelf, and for the one that an ordered design started with. It
counts from when the order is paid until it is cancelled. Each order's pieces are kept, so that whatever happens to it
changes the count by the difference, and an event that comes again by nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import one
from shared.graph.loaders import in_keys
from subgraphs.builder.models import BuilderPreset, PresetOrder, SavedDesign

_ORDERS = PresetOrder.__table__
_PRESETS = BuilderPreset.__table__
# Where an order was stopped says nothing of whether it was paid, and what was cancelled may be refunded.
_UNDECIDED = frozenset({"ON_HOLD", "REFUNDED"})
_NOT_SOLD = frozenset({"PENDING", "CANCELLED"})


class Pieces(NamedTuple):
    """So many pieces of a design or of a preset."""

    quantity: int
    design_id: str | None
    preset_id: str | None


def is_sold_in(status: str, before: bool) -> bool:
    """Tell whether an order's pieces count in a status; `before` is whether they did in the one before."""
    return before if status in _UNDECIDED else status not in _NOT_SOLD


async def follow_lines(session: AsyncSession, order_id: str, lines: Sequence[Pieces]) -> None:
    """Keep what an order consists of now."""
    designs = sorted({line.design_id for line in lines if line.design_id is not None})
    started: dict[str, str] = {}
    if designs:
        named = select(SavedDesign.id, SavedDesign.preset_id).where(in_keys(SavedDesign.id, designs))
        for row in await session.execute(named.where(SavedDesign.preset_id.is_not(None))):
            started[row.id] = row.preset_id
    units = Counter[str]()
    for line in lines:
        preset_id = line.preset_id if line.design_id is None else started.get(line.design_id)
        if preset_id is not None:
            units[preset_id] += line.quantity
    before = await _locked(session, order_id)
    await _store(session, before, dict(units), before.is_sold)


async def follow_status(session: AsyncSession, order_id: str, status: str) -> None:
    """Count an order's pieces once it is paid, and no longer once it is cancelled."""
    before = await _locked(session, order_id)
    await _store(session, before, before.units, is_sold_in(status, before.is_sold))


async def _locked(session: AsyncSession, order_id: str) -> PresetOrder:
    first = insert(PresetOrder).values(order_id=order_id, units={}, is_sold=False)
    await session.execute(first.on_conflict_do_nothing())
    return await one(session, PresetOrder, select(_ORDERS).where(PresetOrder.order_id == order_id).with_for_update())


async def _store(session: AsyncSession, before: PresetOrder, units: Mapping[str, int], is_sold: bool) -> None:
    if (before.units, before.is_sold) == (units, is_sold):
        return
    changed = update(PresetOrder).where(PresetOrder.order_id == before.order_id)
    await session.execute(changed.values(units=units, is_sold=is_sold))
    difference = Counter(units if is_sold else {})
    difference.subtract(before.units if before.is_sold else {})
    # In the order of their ids, so that two orders do not wait for each other.
    values = [{"preset": preset, "more": more} for preset, more in sorted(difference.items()) if more]
    if values:
        counted = update(_PRESETS).where(_PRESETS.c.id == bindparam("preset"))
        counted = counted.values(units_sold=_PRESETS.c.units_sold + bindparam("more"))
        await (await session.connection()).execute(counted, values)
