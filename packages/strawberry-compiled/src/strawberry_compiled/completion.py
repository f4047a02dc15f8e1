"""Completes the values of fields: objects and lists of them by compiled selections, others by graphql-core."""

from collections.abc import Callable
from types import CoroutineType
from typing import Any

from graphql import GraphQLOutputType, GraphQLResolveInfo, is_leaf_type, is_list_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import collect_iterator_awaitables
from graphql.pyutils import Path
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from strawberry_compiled.operation_executor import OperationExecutor
from strawberry_compiled.pending import Complete, FieldLocation, PendingContainer
from strawberry_compiled.selection import Field, Selection, SelectionCompiler, await_pending

SelectionOf = Callable[[Any], Selection | None]

AWAITED_CLASSES: frozenset[Any] = frozenset({CoroutineType, PendingContainer})
"""The classes of what completing an object or a list returns where a value below it is pending."""


def compile_completion(field: Field, compiler: SelectionCompiler) -> Complete | None:
    """Return the function that completes a field's value; None where graphql-core must execute the field."""

    def by_graphql_core(executor: OperationExecutor, value: Any, path: Path) -> Any:
        return executor.complete_value(field.type, field.details, field.info(executor, path), path, value, None)

    nullable_type: Any = field.type.of_type if is_non_null_type(field.type) else field.type
    if is_leaf_type(nullable_type):
        return by_graphql_core
    if is_list_type(nullable_type):
        return _compile_list_completion(field, nullable_type.of_type, compiler, by_graphql_core)
    selection = compiler.selection(nullable_type, field.details)
    if selection is None:
        return None

    def complete(executor: OperationExecutor, value: Any, path: Path) -> Any:
        if value.__class__ in selection.classes:
            return complete_object(executor, selection, value, path)
        return by_graphql_core(executor, value, path)

    return complete


def _compile_list_completion(
    field: Field, item_type: Any, compiler: SelectionCompiler, by_graphql_core: Complete
) -> Complete | None:
    selection = compiler.selection(item_type.of_type if is_non_null_type(item_type) else item_type, field.details)
    if selection is None:
        return None

    def selection_of(item: Any) -> Selection | None:
        return selection if item.__class__ in selection.classes else None

    def complete(executor: OperationExecutor, value: Any, path: Path) -> Any:
        if value.__class__ is not list:
            return by_graphql_core(executor, value, path)
        completed = complete_list_fast(selection, value, executor.context_value)
        if completed is not None:
            return completed
        items = ObjectList(executor, item_type, field.details, path, lambda: field.info(executor, path))
        return items.complete(value, selection_of)

    return complete


def complete_list_fast(selection: Selection, items: list[Any], context: Any) -> list[Any] | None:
    """Complete a list by a selection's fast path; None where it does not apply to all items."""
    fast_path = selection.fast_path
    if fast_path is None:
        return None
    try:
        return [fast_path(item, context) for item in items]
    except Exception:  # (the general path meets the same value again, and reports what is wrong with it)
        return None


def complete_object(executor: OperationExecutor, selection: Selection, source: Any, path: Path) -> Any:
    """Complete an object of one of a selection's classes."""
    if selection.fast_path is not None:
        try:
            return selection.fast_path(source, executor.context_value)
        except Exception:  # noqa: S110 (the general path meets the same value again, and reports what is wrong)
            pass
    return selection.execute(executor, source, path)


def with_error_handling(executor: OperationExecutor, awaitable: Any, location: FieldLocation) -> Any:
    """Return an awaitable of the same value whose errors are handled as those of a field."""
    if awaitable.__class__ is PendingContainer:
        awaitable.location = location
        return awaitable
    return _handled(executor, awaitable, location)


async def _handled(executor: OperationExecutor, awaitable: Any, location: FieldLocation) -> Any:
    try:
        return await awaitable
    except Exception as error:
        executor.handle_field_error(error, *location)
        return None


def is_cast(item: Any) -> bool:
    """Return whether `strawberry.cast` has given an object another type than its class has."""
    return getattr(item, TYPE_CAST_ATTRIBUTE, None) is not None


class ObjectList:
    """Completes a list of objects in the steps of graphql-core's `complete_iterable_value`."""

    def __init__(
        self,
        executor: OperationExecutor,
        item_type: GraphQLOutputType,
        details: FieldDetailsList,
        path: Path,
        info: Callable[[], GraphQLResolveInfo[Any]],
    ) -> None:
        self._executor = executor
        self._item_type = item_type
        self._details = details
        self._path = path
        self._info = info
        self._results: list[Any] = []
        self._pending: list[int] = []

    def complete(self, items: list[Any], selection_of: SelectionOf) -> Any:
        """Complete each item by the selection for its class; returns an awaitable where a value is pending."""
        iterator = iter(items)
        try:
            for index, item in enumerate(iterator):
                selection = self._selection(item, selection_of)
                if selection is None:
                    self._complete_by_graphql_core(item, index)
                else:
                    self._complete_object(item, index, selection)
        except Exception:
            awaitables = [self._results[index] for index in self._pending]
            awaitables += collect_iterator_awaitables(iterator, self._executor.is_awaitable)
            if awaitables:
                self._executor.settle_in_background(awaitables)
            raise
        return await_pending(self._executor, self._results, self._pending) if self._pending else self._results

    @staticmethod
    def _selection(item: Any, selection_of: SelectionOf) -> Selection | None:
        try:
            return selection_of(item)
        except Exception:  # (graphql-core reports an object whose class or attributes cannot be read)
            return None

    def _complete_object(self, item: Any, index: int, selection: Selection) -> None:
        path = Path(self._path, index, None)
        try:
            completed = complete_object(self._executor, selection, item, path)
            if completed.__class__ in AWAITED_CLASSES:
                location = FieldLocation(self._item_type, self._details, path)
                completed = with_error_handling(self._executor, completed, location)
                self._pending.append(index)
            self._results.append(completed)
        except Exception as error:
            self._executor.handle_field_error(error, self._item_type, self._details, path)
            self._results.append(None)

    def _complete_by_graphql_core(self, item: Any, index: int) -> None:
        executor, path = self._executor, Path(self._path, index, None)
        if executor.is_awaitable(item):
            awaitable = executor.complete_awaitable_list_item_value(
                item, self._item_type, self._details, self._info(), path, None
            )
            self._results.append(awaitable)
            self._pending.append(index)
        elif executor.complete_list_item_value(
            item, self._results, self._item_type, self._details, self._info(), path, None
        ):
            self._pending.append(index)
