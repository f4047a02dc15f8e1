"""Shows a plain Python enum in the graph, with a description for it and for each of its values."""

import enum
from collections.abc import Callable
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

E = TypeVar("E", bound=type[enum.Enum])


def graphql_enum(description: str, **values: str) -> Callable[[E], E]:
    """Register an enum in the graph; `values` describes every member by its name.

    The class stays a plain enum, so a subgraph's `enums.py` serves what is stored and what is shown alike.
    """

    def register(kind: E) -> E:
        strawberry.enum(kind, description=description)
        definition: StrawberryEnumDefinition = kind.__strawberry_definition__  # type: ignore[attr-defined]
        differing = {value.name for value in definition.values} ^ set(values)
        if differing:
            raise TypeError(f"{kind.__name__}: describe exactly its values; differing: {sorted(differing)}")
        for value in definition.values:
            value.description = values[value.name]
        return kind

    return register
