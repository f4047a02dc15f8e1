"""How many presets each further condition of a list would leave: the counts beside the choices of a filter."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import func, select

from shared.database.database import Database
from shared.database.rows import many
from shared.graph.money import CurrencyCode
from subgraphs.builder.enums import Color, Material, PresetCategory, ProductKind
from subgraphs.builder.models import BuilderPreset
from subgraphs.builder.service.preset_prices import PRICE_COLUMNS
from subgraphs.builder.service.preset_selection import PresetSelection, in_shop


@dataclass(frozen=True)
class _Kind:
    """The presets in the shop that are alike in what can be chosen; `within` of them cost little enough."""

    category: PresetCategory
    product_kind: ProductKind
    material: Material
    primary_color: Color
    count: int
    within: int
    least: int | None
    most: int | None


@dataclass
class Facets:
    """How many presets there are by each choice, and the prices between which they lie."""

    total: int = 0
    categories: Counter[PresetCategory] = field(default_factory=Counter)
    products: Counter[ProductKind] = field(default_factory=Counter)
    materials: Counter[Material] = field(default_factory=Counter)
    colors: Counter[Color] = field(default_factory=Counter)
    prices: list[int] = field(default_factory=list)


async def count_facets(database: Database, selection: PresetSelection, currency: CurrencyCode) -> Facets:
    """Return the counts beside a selection. Each kind of choice is counted without the conditions on itself."""
    price = PRICE_COLUMNS[currency]
    below = selection.price_below_minor
    within = func.count().filter(price < below) if below is not None else func.count()
    by = (BuilderPreset.category, BuilderPreset.product_kind, BuilderPreset.material, BuilderPreset.primary_color)
    statement = select(
        *by,
        func.count().label("count"),
        within.label("within"),
        func.min(price).label("least"),
        func.max(price).label("most"),
    )
    async with database.read() as connection:
        kinds = await many(connection, _Kind, statement.where(*in_shop(selection.search)).group_by(*by))
    return _counted(kinds, selection)


def _counted(kinds: Collection[_Kind], wanted: PresetSelection) -> Facets:
    facets = Facets()
    for kind in kinds:
        failed = _failed(kind, wanted)
        if not failed:
            facets.total += kind.within
            facets.prices += [price for price in (kind.least, kind.most) if price is not None]
        if kind.within:
            if failed <= {"category"}:
                facets.categories[kind.category] += kind.within
            if failed <= {"product"}:
                facets.products[kind.product_kind] += kind.within
            if failed <= {"material"}:
                facets.materials[kind.material] += kind.within
            if failed <= {"color"}:
                facets.colors[kind.primary_color] += kind.within
    return facets


def _failed(kind: _Kind, wanted: PresetSelection) -> set[str]:
    """Return the choices whose condition does not let some presets pass."""
    conditions: tuple[tuple[str, Collection[Enum], Enum], ...] = (
        ("category", wanted.categories, kind.category),
        ("product", wanted.products, kind.product_kind),
        ("material", wanted.materials, kind.material),
        ("color", wanted.colors, kind.primary_color),
    )
    return {name for name, chosen, value in conditions if chosen and value not in chosen}
