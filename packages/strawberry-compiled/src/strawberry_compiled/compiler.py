"""Compiles the selections of one operation, each at its first use."""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList

from strawberry_compiled.analysis import Attribute, Method, classify_field, source_classes
from strawberry_compiled.fields import compile_field
from strawberry_compiled.selection import TYPE_NAME, Execute, Field, Selection

Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]


class Compiler:
    """Compiles the selections of one operation, for one set of values of its `@skip` and `@include` variables."""

    def __init__(self, schema: GraphQLSchema, collect: Collect) -> None:
        """`collect` returns the fields that some nodes select on a type."""
        self._schema = schema
        self._converter = schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
        self._collect = collect
        self._selections: dict[tuple[str, int], Selection | None] = {}

    def selection(self, return_type: Any, details: FieldDetailsList) -> Selection | None:
        """Return the selection of some nodes on an object type; None where it is not compiled."""
        if not isinstance(return_type, GraphQLObjectType):
            return None
        key = (return_type.name, id(details))
        if key not in self._selections:
            self._selections[key] = self._compile(return_type, details)
        return self._selections[key]

    def _compile(self, object_type: GraphQLObjectType, details: FieldDetailsList) -> Selection | None:
        if not source_classes(object_type):
            return None
        return Selection(object_type, list(self._fields(object_type, details)), self)

    def _fields(self, object_type: GraphQLObjectType, details: FieldDetailsList) -> Iterator[Field]:
        for response_name, selected in self._collect(object_type, details).grouped_field_set.items():
            definition = self._schema.get_field(object_type, selected[0].node.name.value)
            if definition is not None:
                resolver = self._classify(object_type, definition)
                is_sync = self._is_sync(resolver, definition, selected)
                yield Field(response_name, object_type, definition, selected, resolver, is_sync)

    def _is_sync(
        self, resolver: Attribute | Method | None, definition: GraphQLField, selected: FieldDetailsList
    ) -> bool:
        if selected[0].node.name.value == TYPE_NAME:
            return True
        if resolver is None or (isinstance(resolver, Method) and resolver.is_async):
            return False
        named_type = get_named_type(definition.type)
        if is_leaf_type(named_type):
            return True
        selection = self.selection(named_type, selected)
        return selection is not None and selection.is_sync

    def _classify(self, object_type: GraphQLObjectType, definition: GraphQLField) -> Attribute | Method | None:
        found = classify_field(object_type, definition)
        if isinstance(found, Method) and self._converter._get_field_exception_handlers(found.field):
            return None
        return found

    def field(self, field: Field) -> Execute:
        """Return the function that executes one field."""
        return compile_field(field, self, self._converter)
