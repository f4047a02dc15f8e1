"""Maps a row to the type that shows it, by field name, so that nothing is written three times.

A type declares the subset of columns that it shows (annotations) and those it only needs for itself
(`strawberry.Private`). A `Money` field `total` is composed of the columns `total_minor` and `currency`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Generic, Self, TypeVar, cast, get_args

from sqlalchemy import Table

from shared.graph.access import Rule
from shared.graph.money import Money

M = TypeVar("M")
MONEY_SUFFIX = "_minor"


class RowType(Generic[M]):
    """A GraphQL type that shows rows of a mapped class or of a like one: `class OrderLine(RowType[models.OrderLine])`.

    An entity declares who may see it: `class Order(RowType[models.Order], access=rule(owner=True, scope=READ))`.
    """

    __table__: ClassVar[Table | None] = None
    __access__: ClassVar[Mapping[str, Rule] | None] = None

    def __init_subclass__(cls, access: Mapping[str, Rule] | None = None) -> None:
        super().__init_subclass__()
        [row_class] = get_args(cls.__orig_bases__[0])  # type: ignore[attr-defined]
        cls.__table__, cls.__access__ = getattr(row_class, "__table__", None), access

    @classmethod
    def from_row(cls, row: M) -> Self:
        """Build the type from a row that has its columns as attributes."""
        shown: Self = _mapper(cls)(row)  # type: ignore[arg-type]  # (mypy holds a generic class for unhashable)
        return shown

    @classmethod
    def from_optional_row(cls, row: M | None) -> Self | None:
        """Build the type, or answer None for a missing row."""
        return None if row is None else _mapper(cls)(row)  # type: ignore[arg-type]

    @classmethod
    def from_rows(cls, rows: Iterable[M]) -> list[Self]:
        """Build the type from each of some rows."""
        build = _mapper(cls)  # type: ignore[arg-type]
        return [build(row) for row in rows]


def mapped_columns(kind: type) -> list[str]:
    """Return the columns that `from_row` reads; the architecture tests hold them against the table."""
    columns: list[str] = []
    for field in _initialised_fields(kind):
        columns += [f"{field.name}{MONEY_SUFFIX}", "currency"] if _is_money(field) else [field.name]
    return columns


def _initialised_fields(kind: type) -> list[dataclasses.Field[object]]:
    return [field for field in dataclasses.fields(kind) if field.init]


def _is_money(field: dataclasses.Field[object]) -> bool:
    return field.type in (Money, Money | None)


@cache
def _mapper(kind: type) -> Callable[[Any], Any]:
    """Write out what the constructor would do with a row: rows are mapped by the hundred, and calls by keyword cost."""
    fields = _initialised_fields(kind)
    if _does_more(kind):
        arguments = ", ".join(f"{field.name}={_shown(field)}" for field in fields)
        lines = [f"return kind({arguments})"]
    else:
        lines = ["entity = new(kind)", *[f"entity.{field.name} = {_shown(field)}" for field in fields], "return entity"]
    names: dict[str, object] = {"kind": kind, "money": Money.of, "new": object.__new__}
    exec("\n    ".join(["def build(row):", *lines]), names)  # noqa: S102 (the names are those of the type's own fields)
    return cast("Callable[[Any], Any]", names["build"])


def _does_more(kind: type) -> bool:
    """Tell whether a constructor does more than to set what it is given; fields with resolvers are none of its own."""
    makes_values = any(
        not field.init and field.default_factory is not dataclasses.MISSING for field in dataclasses.fields(kind)
    )
    return makes_values or hasattr(kind, "__post_init__")


def _shown(field: dataclasses.Field[object]) -> str:
    """Return how a field's value is read from a row."""
    column = f"row.{field.name}"
    if not _is_money(field):
        return column
    minor = column + MONEY_SUFFIX
    return f"None if {minor} is None else money({minor}, row.currency)"
