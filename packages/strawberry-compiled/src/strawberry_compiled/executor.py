"""The executor class that Strawberry is given: graphql-core's, which uses compiled selections where there are any.

Three methods are overridden: one looks up the plan when an operation starts, two complete objects and lists of
objects. They are private to graphql-core; `tests/test_pin.py` fails when one changes.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from graphql import (
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_abstract_type,
    is_composite_type,
    is_non_null_type,
    is_union_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

from strawberry_compiled.completion import ObjectList, SelectionOf, complete_list_fast, complete_object, is_cast
from strawberry_compiled.operation_executor import OperationExecutor
from strawberry_compiled.plans import Plan, Plans
from strawberry_compiled.selection import Selection

DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


class CompiledExecutor(OperationExecutor):
    """Executes operations with compiled selections. `compiled_executor` makes a subclass for one schema."""

    plans: ClassVar[Plans]
    plan: Plan | None = None
    """The plan of this operation; None where graphql-core executes all of it."""

    def execute_root_grouped_field_set(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,
        position_context: Any,
    ) -> Any:
        if position_context is None and self._is_supported():
            self.plan = self.plans.find(self, grouped_field_set)
            if self.plan is not None:
                # The plan's lists of nodes: selections are cached by their ids.
                grouped_field_set = self.plan.root_fields
                self._relevant_sub_fields = self.plan.sub_fields
                self.arguments_read = {}
                self.arguments_converted = {}
        return super().execute_root_grouped_field_set(
            root_type, root_value, grouped_field_set, serially, position_context
        )

    def _is_supported(self) -> bool:
        """Return whether this execution uses only features that compiled code supports."""
        manager = self.middleware_manager
        return (
            self.error_propagation
            and self.abort_signal is None
            and (manager is None or not manager.middlewares)
            and self.schema.get_directive("defer") is None
            and self.schema.get_directive("stream") is None
        )

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if self.plan is not None:
            selection = self.plan.selection(return_type, field_details_list)
            if selection is not None and result.__class__ in selection.classes:
                return complete_object(self, selection, result, path)
        return super().collect_and_execute_subfields(return_type, field_details_list, path, result, position_context)

    def complete_iterable_value(
        self,
        item_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        plan, nullable_type = self.plan, item_type.of_type if is_non_null_type(item_type) else item_type
        if plan is None or items.__class__ is not list or not is_composite_type(nullable_type):
            return super().complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

        def selection_of(item: Any) -> Selection | None:
            if isinstance(nullable_type, GraphQLObjectType):
                object_type: GraphQLObjectType | None = nullable_type
            else:
                object_type = self._object_type(plan, nullable_type, item)
            selection = plan.selection(object_type, field_details_list) if object_type is not None else None
            return selection if selection is not None and item.__class__ in selection.classes else None

        completed = self._complete_list_fast(nullable_type, items, selection_of)
        if completed is not None:
            return completed
        objects = ObjectList(self, item_type, field_details_list, path, lambda: info)
        return objects.complete(items, selection_of)

    def _complete_list_fast(self, nullable_type: Any, items: list[Any], selection_of: SelectionOf) -> list[Any] | None:
        """Complete a list of objects of one class by the fast path; None where it does not apply to all of them."""
        try:
            first = selection_of(items[0]) if items else None
            if first is None or (is_abstract_type(nullable_type) and any(is_cast(item) for item in items)):
                return None
        except Exception:  # (the general path meets the same value again, and reports what is wrong)
            return None
        return complete_list_fast(first, items, self.context_value)

    def _object_type(self, plan: Plan, abstract_type: GraphQLAbstractType, item: Any) -> GraphQLObjectType | None:
        """Return the object type of an object, where its class alone decides it."""
        if item is None or is_cast(item):
            return None
        key = (abstract_type.name, item.__class__)
        if key not in plan.type_by_class:
            plan.type_by_class[key] = self._type_of_class(abstract_type, item.__class__)
        return plan.type_by_class[key]

    def _type_of_class(self, abstract_type: GraphQLAbstractType, source_class: type) -> GraphQLObjectType | None:
        """Return the member of a union that a class defines; None where Strawberry must resolve the type."""
        resolve = abstract_type.resolve_type
        if not is_union_type(abstract_type) or resolve is None or resolve.__module__ != "strawberry.types.union":
            return None
        definition = getattr(source_class, "__strawberry_definition__", None)
        if not isinstance(definition, StrawberryObjectDefinition):
            return None
        if definition.is_graphql_generic or definition.concrete_of is not None:
            return None
        members = [each for each in abstract_type.types if each.extensions.get(DEFINITION) is definition]
        return members[0] if members and definition.origin is source_class else None


def compiled_executor(max_operations: int = 512, compile_threshold: int = 2) -> type[CompiledExecutor]:
    """Make an executor class for one schema: `Schema(…, execution_context_class=compiled_executor())`.

    `max_operations` is the size of its cache (least recently used operations leave it); an operation is compiled at its
    execution number `compile_threshold`, so that documents which are sent once cost nothing.
    """
    return type("CompiledExecutor", (CompiledExecutor,), {"plans": Plans(max_operations, compile_threshold)})
