"""The hook: an executor of graphql-core's that lets compiled selections answer where there are any.

Only three of its methods are overridden: one looks up the plan when an operation begins, two complete objects and lists
of objects. What they override is private to graphql-core; `tests/test_pin.py` says when it changes.
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
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

from strawberry_compiled.completion import ObjectList, SelectionOf, all_plain, complete_object, is_cast
from strawberry_compiled.plans import Plan, Plans
from strawberry_compiled.selection import Selection

DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes operations as Strawberry does. Make one with `compiled_executor`."""

    plans: ClassVar[Plans]
    plan: Plan | None = None
    """The plan of this operation; None leaves all of it to graphql-core."""

    def execute_root_grouped_field_set(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,
        position_context: Any,
    ) -> Any:
        if position_context is None and self._is_ordinary():
            self.plan = self.plans.find(self, grouped_field_set)
            if self.plan is not None:
                # The same nodes by the same lists, so that what was found out about them is found again.
                grouped_field_set = self.plan.root_fields
                self._relevant_sub_fields = self.plan.sub_fields
                self.arguments_read: dict[int, Any] = {}
                self.arguments_converted: dict[int, Any] = {}
        return super().execute_root_grouped_field_set(
            root_type, root_value, grouped_field_set, serially, position_context
        )

    def _is_ordinary(self) -> bool:
        """Tell whether nothing about this execution is such that compiled code does not know of it."""
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
        plan, kind = self.plan, item_type.of_type if is_non_null_type(item_type) else item_type
        if plan is None or items.__class__ is not list or not is_composite_type(kind):
            return super().complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

        def selection_of(item: Any) -> Selection | None:
            object_type = kind if isinstance(kind, GraphQLObjectType) else self._object_type(plan, kind, item)
            selection = plan.selection(object_type, field_details_list) if object_type is not None else None
            return selection if selection is not None and item.__class__ in selection.classes else None

        completed = self._all_plain(kind, items, selection_of)
        if completed is not None:
            return completed
        objects = ObjectList(self, item_type, field_details_list, path, lambda: info)
        return objects.complete(items, selection_of)

    def _all_plain(self, kind: Any, items: list[Any], selection_of: SelectionOf) -> list[Any] | None:
        """Complete a list of plain objects of one class at once; None when something else is among them."""
        try:
            first = selection_of(items[0]) if items else None
            if first is None or (is_abstract_type(kind) and any(is_cast(item) for item in items)):
                return None
        except Exception:  # (the other way meets it again, and says what is wrong)
            return None
        return all_plain(first, items, self.context_value)

    def _object_type(self, plan: Plan, kind: GraphQLAbstractType, item: Any) -> GraphQLObjectType | None:
        """Return which object type an object is of, if its class alone tells it."""
        if item is None or is_cast(item):
            return None
        key = (kind.name, item.__class__)
        if key not in plan.kinds:
            plan.kinds[key] = self._type_of_class(kind, item.__class__)
        return plan.kinds[key]

    def _type_of_class(self, kind: GraphQLAbstractType, wanted: type) -> GraphQLObjectType | None:
        """Return the member of a union that has a class of its own; anything else is Strawberry's to find out."""
        resolve = kind.resolve_type
        if not is_union_type(kind) or resolve is None or resolve.__module__ != "strawberry.types.union":
            return None
        definition = getattr(wanted, "__strawberry_definition__", None)
        if not isinstance(definition, StrawberryObjectDefinition):
            return None
        if definition.is_graphql_generic or definition.concrete_of is not None:
            return None
        members = [each for each in kind.types if each.extensions.get(DEFINITION) is definition]
        return members[0] if members and definition.origin is wanted else None


def compiled_executor(kept: int = 512, compile_at: int = 2) -> type[CompiledExecutor]:
    """Make an executor class for one schema: `Schema(…, execution_context_class=compiled_executor())`.

    It remembers the `kept` operations that were seen last, and compiles one when it is seen for the n-th time, so that
    documents which never come again cost nothing.
    """
    return type("CompiledExecutor", (CompiledExecutor,), {"plans": Plans(kept, compile_at)})
