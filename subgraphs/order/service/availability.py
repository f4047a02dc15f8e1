"""What can no longer be ordered: withdrawn products, archived presets and archived or erased designs.

The builder tells of each. What it told before this subgraph listened is not known here; the builder quotes none of it.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.graph.loaders import in_keys
from subgraphs.order.enums import SubjectKind
from subgraphs.order.models import OrderLine, WithdrawnItem


class Subject(NamedTuple):
    """What a line is of: a design or preset by its id, or a product by the name of its kind, such as `COLLAR`."""

    kind: SubjectKind
    id: str


def subjects_of(design_id: str | None, preset_id: str | None, product: str | None) -> list[Subject]:
    """Return all that must be on sale for one line to be ordered."""
    named = ((SubjectKind.DESIGN, design_id), (SubjectKind.PRESET, preset_id), (SubjectKind.PRODUCT, product))
    return [Subject(kind, key) for kind, key in named if key is not None]


async def withdrawn(session: AsyncSession | AsyncConnection, subjects: Collection[Subject]) -> set[Subject]:
    """Return which of some subjects can no longer be ordered."""
    keys: dict[SubjectKind, list[str]] = {}
    for subject in sorted(set(subjects), key=lambda it: (it.kind.value, it.id)):
        keys.setdefault(subject.kind, []).append(subject.id)
    if not keys:
        return set()
    named = or_(*[(WithdrawnItem.kind == kind) & in_keys(WithdrawnItem.id, ids) for kind, ids in keys.items()])
    rows = await session.execute(select(WithdrawnItem.kind, WithdrawnItem.id).where(named))
    return {Subject(row.kind, row.id) for row in rows}


async def withdraw(session: AsyncSession, subject: Subject) -> None:
    """Note that a subject can no longer be ordered."""
    row = insert(WithdrawnItem).values(kind=subject.kind, id=subject.id)
    await session.execute(row.on_conflict_do_nothing())


async def offer_again(session: AsyncSession, subject: Subject) -> None:
    """Note that a subject can be ordered again."""
    mine = (WithdrawnItem.kind == subject.kind, WithdrawnItem.id == subject.id)
    await session.execute(delete(WithdrawnItem).where(*mine))


async def note_product(session: AsyncSession, order_id: str, design_id: str, product: str) -> None:
    """Keep of which product an ordered design is."""
    lines = (OrderLine.order_id == order_id, OrderLine.design_id == design_id)
    await session.execute(update(OrderLine).where(*lines).values(product=product))
