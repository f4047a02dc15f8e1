"""Turns the fields that a document selects on one object type into functions.

`plain` answers from attributes alone and raises Unexpected at anything odd, having changed nothing. `full` answers
every selection: field by field, in order, and what only graphql-core can do is left to it, one field at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path, gather_with_cancel

from strawberry_compiled import leaves
from strawberry_compiled.analysis import Attribute, Guard, Method, source_classes
from strawberry_compiled.source import Names, function, indented
from strawberry_compiled.waiting import Promise, Waiting

if TYPE_CHECKING:
    from strawberry_compiled.compiler import Compiler
    from strawberry_compiled.executor import CompiledExecutor

TYPE_NAME = "__typename"
AWAITED_TOGETHER = frozenset({Promise, Waiting})

Plain = Callable[[Any, Any], dict[str, Any]]
Full = Callable[["CompiledExecutor", Any, Path], Any]


@dataclass(frozen=True)
class Field:
    """One field of a selection, as the document names it and the schema defines it."""

    response_name: str
    parent: GraphQLObjectType
    definition: GraphQLField
    details: FieldDetailsList
    kind: Attribute | Method | None
    is_steady: bool
    """Whether nothing in it or below it is an async resolver, or left to graphql-core."""

    @property
    def name(self) -> str:
        return self.details[0].node.name.value

    @property
    def type(self) -> GraphQLOutputType:
        return self.definition.type

    def path(self, parent: Path) -> Path:
        """Return the field's place under that of its parent."""
        return Path(parent, self.response_name, self.parent.name)

    def info(self, executor: "CompiledExecutor", path: Path) -> GraphQLResolveInfo[Any]:
        """Return what graphql-core tells a resolver."""
        return executor.build_resolve_info(self.definition, to_nodes(self.details), self.parent, path)


class Selection:
    """What a document selects on one object type at one place."""

    def __init__(self, kind: GraphQLObjectType, fields: list[Field], compiler: "Compiler") -> None:
        self.kind = kind
        self.classes = source_classes(kind)
        self.fields = fields
        self._compiler = compiler

    @property
    def is_steady(self) -> bool:
        return all(field.is_steady for field in self.fields)

    @cached_property
    def plain(self) -> Plain | None:
        """The function that answers from attributes alone, or None when some field is more than that."""
        names = Names()
        lines = [f"if source.__class__ not in {names.give(self.classes)}:", "    raise Unexpected"]
        # Nothing happens between the fields of plain code, so a guard has the same answer for all of them.
        asked: list[Guard] = []
        for number, field in enumerate(self.fields):
            written = self._attribute_lines(field, f"v{number}", names, asked)
            if written is None:
                return None
            lines += written
        values = ", ".join(f"{field.response_name!r}: v{number}" for number, field in enumerate(self.fields))
        return function("plain", "source, context", [*lines, f"return {{{values}}}"], names)

    @cached_property
    def full(self) -> Full:
        """The function that answers the whole selection; it returns a coroutine where something must be awaited."""
        names = Names()
        lines: list[str] = []
        for number, field in enumerate(self.fields):
            lines += self._field_lines(number, field, names)
        finish_them, abandon = names.give(finish), names.give(abandon_fields)
        body = [
            "results = {}",
            "pending = []",
            "context = executor.context_value",
            "is_odd = False",
            "try:",
            *indented(lines or ["pass"]),
            "except Exception:",
            f"    {abandon}(executor, results, pending)",
            "    raise",
            "if pending:",
            f"    return {finish_them}(executor, results, pending)",
            "return results",
        ]
        return function("full", "executor, source, path", body, names)

    def _field_lines(self, number: int, field: Field, names: Names) -> list[str]:
        key = repr(field.response_name)
        run = names.give(self._compiler.runner(field))
        called = [
            f"value = {run}(executor, source, path)",
            f"results[{key}] = value",
            "if executor.is_awaitable(value):",
            f"    pending.append({key})",
        ]
        written = self._attribute_lines(field, "value", names)
        if written is None:
            return called
        return [
            "try:",
            *indented(written),
            f"    results[{key}] = value",
            # The handler is left first, or what it caught would be told as the context of graphql-core's errors.
            "except Exception:",
            "    is_odd = True",
            "if is_odd:",
            "    is_odd = False",
            *indented(called),
        ]

    def _attribute_lines(
        self, field: Field, variable: str, names: Names, asked: "list[Guard] | None" = None
    ) -> list[str] | None:
        """Return the lines that leave a field's answer in a variable, or None when it is no plain attribute."""
        if field.name == TYPE_NAME:
            return [f"{variable} = {self.kind.name!r}"]
        if not isinstance(field.kind, Attribute):
            return None
        completing = list(self._completing_lines(field, field.type, variable, names) or ())
        if not completing:
            return None
        asked = [] if asked is None else asked
        guarding: list[str] = []
        for guard in field.kind.guards:
            if guard not in asked:
                asked.append(guard)
                guarding += [f"if {names.give(guard.passes)}(source, context) is not True:", "    raise Unexpected"]
        return [*guarding, f"{variable} = source.{field.kind.name}", *completing]

    def _completing_lines(self, field: Field, kind: GraphQLOutputType, variable: str, names: Names) -> list[str] | None:
        if not is_non_null_type(kind):
            inner = self._value_lines(field, kind, variable, names)
            return None if inner is None else [f"if {variable} is not None:", *indented(inner)]
        return self._value_lines(field, kind.of_type, variable, names)

    def _value_lines(self, field: Field, kind: Any, variable: str, names: Names) -> list[str] | None:
        if is_leaf_type(kind):
            return leaves.statements(kind, variable, names)
        if is_list_type(kind):
            return self._list_lines(field, kind.of_type, variable, names)
        child = self._compiler.child(kind, field.details)
        if child is None or child.plain is None:
            return None
        return [f"{variable} = {names.give(child.plain)}({variable}, context)"]

    def _list_lines(self, field: Field, item_type: GraphQLOutputType, variable: str, names: Names) -> list[str] | None:
        item = f"{variable}i"
        completing = self._completing_lines(field, item_type, item, names)
        if completing is None or is_list_type(getattr(item_type, "of_type", item_type)):
            return None
        return [
            f"if {variable}.__class__ is not list:",
            "    raise Unexpected",
            f"{variable}l = []",
            f"for {item} in {variable}:",
            *indented(completing),
            f"    {variable}l.append({item})",
            f"{variable} = {variable}l",
        ]


def finish(executor: "CompiledExecutor", results: Any, pending: list[Any]) -> Any:
    """Return what is awaited for an object or a list of which some values, at `pending`, are not there yet."""
    for place in pending:
        if results[place].__class__ not in AWAITED_TOGETHER:
            return _finished(results, pending)
    return Waiting(executor, results, pending)


async def _finished(results: Any, pending: list[Any]) -> Any:
    """Await values as graphql-core does."""
    if len(pending) == 1:
        place = pending[0]
        results[place] = await results[place]
    else:
        awaited = await gather_with_cancel(*(results[place] for place in pending))
        for place, value in zip(pending, awaited, strict=True):
            results[place] = value
    return results


def abandon_fields(executor: "CompiledExecutor", results: dict[str, Any], pending: list[str]) -> None:
    """Let fields that were begun come to an end when the object that they belong to is given up."""
    if pending:
        executor.settle_in_background([results[name] for name in pending])
