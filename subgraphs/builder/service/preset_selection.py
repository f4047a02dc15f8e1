"""Which of the shop's presets are listed: what is asked for, checked, and what that asks of a row."""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeVar

from sqlalchemy.sql.elements import ColumnElement

from shared.core.validation import Checks
from shared.database.text_search import with_words
from shared.graph.loaders import in_keys
from shared.graph.money import CurrencyCode, NotMinorUnits, to_minor
from subgraphs.builder.enums import Color, Material, PresetCategory, ProductKind
from subgraphs.builder.inputs import PresetFilter
from subgraphs.builder.models import BuilderPreset
from subgraphs.builder.service.preset_prices import PRICE_COLUMNS

E = TypeVar("E", bound=Enum)


class PresetSelection(NamedTuple):
    """A checked request for some of the shop's presets; what is empty asks for nothing."""

    categories: tuple[PresetCategory, ...] = ()
    products: tuple[ProductKind, ...] = ()
    materials: tuple[Material, ...] = ()
    colors: tuple[Color, ...] = ()
    search: str = ""
    price_below_minor: int | None = None
    currency: CurrencyCode = CurrencyCode.EUR
    has_price: bool = False
    """Whether only those are wanted that the catalogue offers, as for a list by price."""
    category: PresetCategory | None = None
    product: ProductKind | None = None

    @classmethod
    def of(cls, given: PresetFilter | None, search: str | None, currency: CurrencyCode) -> "PresetSelection":
        """Check the conditions; raises InvalidInput."""
        checks, wanted = Checks(""), given or PresetFilter()
        text = checks.text("search", search or "", shortest=0)
        below = _minor(checks, wanted.price_below, currency)
        checks.raise_if_any()
        return cls(
            _each_once(wanted.categories),
            _each_once(wanted.products),
            _each_once(wanted.materials),
            _each_once(wanted.colors),
            text,
            below,
            currency,
        )


def in_shop(search: str = "") -> list[ColumnElement[bool]]:
    """Return what a preset in the shop fulfils, whose name has the words of a text."""
    conditions: list[ColumnElement[bool]] = [BuilderPreset.archived_at.is_(None)]
    if search:
        conditions.append(with_words(BuilderPreset.id, search, BuilderPreset.name))
    return conditions


def conditions_of(wanted: PresetSelection | None) -> list[ColumnElement[bool]]:
    """Return what a selection asks of a row; None asks for all presets in the shop."""
    if wanted is None:
        return in_shop()
    conditions, price = in_shop(wanted.search), PRICE_COLUMNS[wanted.currency]
    for column, chosen in (
        (BuilderPreset.category, wanted.categories),
        (BuilderPreset.product_kind, wanted.products),
        (BuilderPreset.material, wanted.materials),
        (BuilderPreset.primary_color, wanted.colors),
    ):
        if chosen:
            conditions.append(in_keys(column, [choice.name for choice in chosen]))
    if wanted.category is not None:
        conditions.append(BuilderPreset.category == wanted.category)
    if wanted.product is not None:
        conditions.append(BuilderPreset.product_kind == wanted.product)
    if wanted.price_below_minor is not None:
        conditions.append(price < wanted.price_below_minor)
    elif wanted.has_price:
        conditions.append(price.is_not(None))
    return conditions


def _each_once(chosen: Sequence[E] | None) -> tuple[E, ...]:
    return tuple(sorted(set(chosen or ()), key=lambda choice: choice.name))


def _minor(checks: Checks, amount: Decimal | None, currency: CurrencyCode) -> int | None:
    if amount is None:
        return None
    try:
        return to_minor(amount, currency)
    except NotMinorUnits as problem:
        checks.refuse("filter.priceBelow", problem.code, str(problem))
        return None
