"""Maps a row to the type that shows it, by field name, so that nothing is written three times.

A type declares the subset of columns that it shows (annotations) and those it only needs for itself
(`strawberry.Private`). A `Money` field `total` is composed of the columns `total_minor` and `currency`.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, cast

from shared.money import Money

E = TypeVar("E", bound="Entity")
MONEY_SUFFIX = "_minor"


class Entity:
    """A GraphQL type that shows rows of one table: `class Order(Entity, table=models.Order)`."""

    __table__: ClassVar[type | None] = None

    def __init_subclass__(cls, table: type | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__table__ = table

    @classmethod
    def from_row(cls: type[E], row: Any) -> E:
        """Build the type from a row that has its columns as attributes."""
        return _mapper(cls)(row)

    @classmethod
    def from_optional_row(cls: type[E], row: Any) -> E | None:
        """Build the type, or answer None for a missing row."""
        return None if row is None else _mapper(cls)(row)


def mapped_columns(kind: type[Entity]) -> list[str]:
    """Return the columns that `from_row` reads; the architecture tests hold them against the table."""
    columns: list[str] = []
    for field in _initialised_fields(kind):
        columns += [f"{field.name}{MONEY_SUFFIX}", "currency"] if _is_money(field) else [field.name]
    return columns


def _initialised_fields(kind: type) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(kind) if field.init]


def _is_money(field: dataclasses.Field[Any]) -> bool:
    return field.type in (Money, Money | None)


def _mapper(kind: type[E]) -> Callable[[Any], E]:
    return cast("Callable[[Any], E]", _cached_mapper(cast("Any", kind)))


@cache
def _cached_mapper(kind: Any) -> Callable[[Any], Any]:
    fields = _initialised_fields(kind)
    names = [field.name for field in fields if not _is_money(field)]
    moneys = [(field.name, attrgetter(field.name + MONEY_SUFFIX)) for field in fields if _is_money(field)]
    # Read at once: rows are mapped by the hundred.
    read = attrgetter(*names) if len(names) > 1 else _by_one(names)

    def build(row: Any) -> Any:
        values = dict(zip(names, read(row), strict=True))
        for name, amount in moneys:
            minor = amount(row)
            values[name] = None if minor is None else Money.of(minor, row.currency)
        return kind(**values)

    return build


def _by_one(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: tuple(getattr(row, name) for name in names)
