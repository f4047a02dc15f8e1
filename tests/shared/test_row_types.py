"""A row becomes its type as the constructor would make it, whichever way is taken."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry

from petplus import registry
from shared.graph.money import CurrencyCode, Money
from shared.graph.row_types import RowType, mapped_columns


def entities() -> list[Any]:
    registry.load_all()
    return [each for each in RowType.__subclasses__() if each.__module__.startswith("subgraphs.")]


@strawberry.type
class Counted(RowType[SimpleNamespace]):
    name: str

    def __post_init__(self) -> None:
        self.name = self.name.upper()


def constructed(kind: Any, row: Any) -> Any:
    def given(field: dataclasses.Field[Any]) -> Any:
        is_money = field.type in (Money, Money | None)
        return Money.of(getattr(row, f"{field.name}_minor"), row.currency) if is_money else getattr(row, field.name)

    return kind(**{field.name: given(field) for field in dataclasses.fields(kind) if field.init})


@pytest.mark.parametrize("kind", entities(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_row_becomes_what_the_constructor_makes_of_it(kind: Any) -> None:
    row = SimpleNamespace(**{name: number for number, name in enumerate(mapped_columns(kind))})
    row.currency = CurrencyCode.EUR
    assert vars(kind.from_row(row)) == vars(constructed(kind, row))


def test_what_a_constructor_does_beside_is_done() -> None:
    assert Counted.from_row(SimpleNamespace(name="rex")).name == "REX"
