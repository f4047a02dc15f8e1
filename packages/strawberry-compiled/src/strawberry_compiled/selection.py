"""Compiles the fields that a document selects on one object type to functions.

`fast_path` reads attributes only and raises `Fallback` at any unexpected value; it has no effect until then.
`execute` handles every selection, field by field and in order, and calls graphql-core for fields that are not compiled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

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
from strawberry_compiled.codegen import Namespace, indented, make_function
from strawberry_compiled.operation_executor import OperationExecutor
from strawberry_compiled.pending import PendingContainer, PendingField

TYPE_NAME = "__typename"
PENDING_CLASSES = frozenset({PendingField, PendingContainer})

FastPath = Callable[[Any, Any], dict[str, Any]]
Execute = Callable[[OperationExecutor, Any, Path], Any]


class SelectionCompiler(Protocol):
    """What a selection needs of the compiler that made it."""

    def selection(self, return_type: Any, details: FieldDetailsList) -> "Selection | None":
        """Return the selection of some nodes on an object type; None where it is not compiled."""

    def field(self, field: "Field") -> Execute:
        """Return the function that executes one field."""


@dataclass(frozen=True)
class Field:
    """One field of a selection, as the document names it and the schema defines it."""

    response_name: str
    parent: GraphQLObjectType
    definition: GraphQLField
    details: FieldDetailsList
    resolver: Attribute | Method | None
    """How the field is resolved; None where graphql-core executes it."""
    is_sync: bool
    """Whether neither the field nor any below it has an async resolver or is executed by graphql-core."""

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.details[0].node.name.value

    @property
    def type(self) -> GraphQLOutputType:
        """The field's type in the schema."""
        return self.definition.type

    def path(self, parent: Path) -> Path:
        """Return the field's path below its parent's."""
        return Path(parent, self.response_name, self.parent.name)

    def info(self, executor: OperationExecutor, path: Path) -> GraphQLResolveInfo[Any]:
        """Return graphql-core's `info` for a resolver."""
        return executor.build_resolve_info(self.definition, to_nodes(self.details), self.parent, path)


class Selection:
    """The fields that a document selects on one object type at one place."""

    def __init__(self, object_type: GraphQLObjectType, fields: list[Field], compiler: SelectionCompiler) -> None:
        self.object_type = object_type
        self.classes = source_classes(object_type)
        self.fields = fields
        self._compiler = compiler

    @property
    def is_sync(self) -> bool:
        """Whether no field of it, at any depth, has an async resolver or is executed by graphql-core."""
        return all(field.is_sync for field in self.fields)

    @cached_property
    def fast_path(self) -> FastPath | None:
        """The function that reads attributes only; None where a field is resolved in another way."""
        namespace = Namespace()
        lines = [f"if source.__class__ not in {namespace.bind(self.classes)}:", "    raise Fallback"]
        # The fast path calls no resolvers between the fields, so a guard gives the same answer for all of them.
        checked: list[Guard] = []
        for number, field in enumerate(self.fields):
            field_lines = self._attribute_lines(field, f"v{number}", namespace, checked)
            if field_lines is None:
                return None
            lines += field_lines
        values = ", ".join(f"{field.response_name!r}: v{number}" for number, field in enumerate(self.fields))
        return make_function("fast_path", "source, context", [*lines, f"return {{{values}}}"], namespace)

    @cached_property
    def execute(self) -> Execute:
        """The function that executes the whole selection; it returns an awaitable where a value is pending."""
        namespace = Namespace()
        lines: list[str] = []
        for number, field in enumerate(self.fields):
            lines += self._field_lines(number, field, namespace)
        awaiting, settle = namespace.bind(await_pending), namespace.bind(settle_fields_in_background)
        body = [
            "results = {}",
            "pending = []",
            "context = executor.context_value",
            "needs_fallback = False",
            "try:",
            *indented(lines or ["pass"]),
            "except Exception:",
            f"    {settle}(executor, results, pending)",
            "    raise",
            "if pending:",
            f"    return {awaiting}(executor, results, pending)",
            "return results",
        ]
        return make_function("execute", "executor, source, path", body, namespace)

    def _field_lines(self, number: int, field: Field, namespace: Namespace) -> list[str]:
        key = repr(field.response_name)
        execute = namespace.bind(self._compiler.field(field))
        fallback_lines = [
            f"value = {execute}(executor, source, path)",
            f"results[{key}] = value",
            "if executor.is_awaitable(value):",
            f"    pending.append({key})",
        ]
        attribute_lines = self._attribute_lines(field, "value", namespace)
        if attribute_lines is None:
            return fallback_lines
        return [
            "try:",
            *indented(attribute_lines),
            f"    results[{key}] = value",
            # The fallback runs outside of the handler: otherwise errors of graphql-core have `__context__` set.
            "except Exception:",
            "    needs_fallback = True",
            "if needs_fallback:",
            "    needs_fallback = False",
            *indented(fallback_lines),
        ]

    def _attribute_lines(
        self, field: Field, variable: str, namespace: Namespace, checked: list[Guard] | None = None
    ) -> list[str] | None:
        """Return the lines that leave a field's value in a variable; None where it is no attribute."""
        if field.name == TYPE_NAME:
            return [f"{variable} = {self.object_type.name!r}"]
        if not isinstance(field.resolver, Attribute):
            return None
        completing = list(self._completing_lines(field, field.type, variable, namespace) or ())
        if not completing:
            return None
        checked = [] if checked is None else checked
        guarding: list[str] = []
        for guard in field.resolver.guards:
            if guard not in checked:
                checked.append(guard)
                guarding += [f"if {namespace.bind(guard.allows)}(source, context) is not True:", "    raise Fallback"]
        return [*guarding, f"{variable} = source.{field.resolver.name}", *completing]

    def _completing_lines(
        self, field: Field, return_type: GraphQLOutputType, variable: str, namespace: Namespace
    ) -> list[str] | None:
        if not is_non_null_type(return_type):
            inner = self._value_lines(field, return_type, variable, namespace)
            return None if inner is None else [f"if {variable} is not None:", *indented(inner)]
        return self._value_lines(field, return_type.of_type, variable, namespace)

    def _value_lines(self, field: Field, nullable_type: Any, variable: str, namespace: Namespace) -> list[str] | None:
        if is_leaf_type(nullable_type):
            return leaves.coercion_lines(nullable_type, variable, namespace)
        if is_list_type(nullable_type):
            return self._list_lines(field, nullable_type.of_type, variable, namespace)
        selection = self._compiler.selection(nullable_type, field.details)
        if selection is None or selection.fast_path is None:
            return None
        return [f"{variable} = {namespace.bind(selection.fast_path)}({variable}, context)"]

    def _list_lines(
        self, field: Field, item_type: GraphQLOutputType, variable: str, namespace: Namespace
    ) -> list[str] | None:
        item = f"{variable}i"
        completing = self._completing_lines(field, item_type, item, namespace)
        if completing is None or is_list_type(getattr(item_type, "of_type", item_type)):
            return None
        return [
            f"if {variable}.__class__ is not list:",
            "    raise Fallback",
            f"{variable}l = []",
            f"for {item} in {variable}:",
            *indented(completing),
            f"    {variable}l.append({item})",
            f"{variable} = {variable}l",
        ]


def await_pending(executor: OperationExecutor, results: Any, pending: list[Any]) -> Any:
    """Return an awaitable of an object or a list of which the values at the keys `pending` are missing."""
    for key in pending:
        if results[key].__class__ not in PENDING_CLASSES:
            return _gathered(results, pending)
    return PendingContainer(executor, results, pending)


async def _gathered(results: Any, pending: list[Any]) -> Any:
    """Await values as graphql-core does."""
    if len(pending) == 1:
        key = pending[0]
        results[key] = await results[key]
    else:
        awaited = await gather_with_cancel(*(results[key] for key in pending))
        for key, value in zip(pending, awaited, strict=True):
            results[key] = value
    return results


def settle_fields_in_background(executor: OperationExecutor, results: dict[str, Any], pending: list[str]) -> None:
    """Let pending fields end in the background when an error has made the object that they belong to null."""
    if pending:
        executor.settle_in_background([results[name] for name in pending])
