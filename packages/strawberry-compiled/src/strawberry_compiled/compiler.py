"""Makes the selections of one operation, each when it is first met."""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList

from strawberry_compiled.analysis import Attribute, Method, examine, source_classes
from strawberry_compiled.fields import runner
from strawberry_compiled.selection import TYPE_NAME, Field, Full, Selection

Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]


class Compiler:
    """Compiles what one operation selects, for one choice of what `@skip` and `@include` leave of it."""

    def __init__(self, schema: GraphQLSchema, collect: Collect) -> None:
        """`collect` finds the fields that are selected on a type under some nodes."""
        self._schema = schema
        self._converter = schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
        self._collect = collect
        self._made: dict[tuple[str, int], Selection | None] = {}

    def child(self, kind: Any, details: FieldDetailsList) -> Selection | None:
        """Return the selection on an object type under some nodes; None for what is not compiled."""
        if not isinstance(kind, GraphQLObjectType):
            return None
        key = (kind.name, id(details))
        if key not in self._made:
            self._made[key] = self._make(kind, details)
        return self._made[key]

    def _make(self, kind: GraphQLObjectType, details: FieldDetailsList) -> Selection | None:
        if not source_classes(kind):
            return None
        return Selection(kind, list(self._fields(kind, details)), self)

    def _fields(self, kind: GraphQLObjectType, details: FieldDetailsList) -> Iterator[Field]:
        for response_name, selected in self._collect(kind, details).grouped_field_set.items():
            definition = self._schema.get_field(kind, selected[0].node.name.value)
            if definition is not None:
                found = self._examine(kind, definition)
                is_steady = self._is_steady(found, definition, selected)
                yield Field(response_name, kind, definition, selected, found, is_steady)

    def _is_steady(
        self, found: Attribute | Method | None, definition: GraphQLField, selected: FieldDetailsList
    ) -> bool:
        if selected[0].node.name.value == TYPE_NAME:
            return True
        if found is None or (isinstance(found, Method) and found.is_async):
            return False
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            return True
        child = self.child(kind, selected)
        return child is not None and child.is_steady

    def _examine(self, kind: GraphQLObjectType, definition: GraphQLField) -> Attribute | Method | None:
        found = examine(kind, definition)
        if isinstance(found, Method) and self._converter._get_field_exception_handlers(found.field):
            return None
        return found

    def runner(self, field: Field) -> Full:
        """Return the function that executes one field on its own."""
        return runner(field, self, self._converter)
