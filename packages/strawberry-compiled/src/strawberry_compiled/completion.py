"""Completes what a field has resolved to: objects and lists of them by compiled selections, else by graphql-core."""

from collections.abc import Callable
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLOutputType, GraphQLResolveInfo, is_leaf_type, is_list_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import collect_iterator_awaitables
from graphql.pyutils import Path
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from strawberry_compiled.selection import Field, Selection, finish
from strawberry_compiled.waiting import Complete, Spot, Waiting

if TYPE_CHECKING:
    from strawberry_compiled.compiler import Compiler
    from strawberry_compiled.executor import CompiledExecutor

SelectionOf = Callable[[Any], Selection | None]

UNFINISHED: frozenset[Any] = frozenset({CoroutineType, Waiting})
"""What completing an object or a list may come to, beside the finished answer."""


def completion(field: Field, compiler: "Compiler") -> Complete | None:
    """Return the function that completes a field's value, or None when that is all graphql-core's to do."""

    def by_graphql_core(executor: "CompiledExecutor", value: Any, path: Path) -> Any:
        return executor.complete_value(field.type, field.details, field.info(executor, path), path, value, None)

    kind: Any = field.type.of_type if is_non_null_type(field.type) else field.type
    if is_leaf_type(kind):
        return by_graphql_core
    if is_list_type(kind):
        return _list(field, kind.of_type, compiler, by_graphql_core)
    selection = compiler.child(kind, field.details)
    if selection is None:
        return None

    def complete(executor: "CompiledExecutor", value: Any, path: Path) -> Any:
        if value.__class__ in selection.classes:
            return complete_object(executor, selection, value, path)
        return by_graphql_core(executor, value, path)

    return complete


def _list(field: Field, item_type: Any, compiler: "Compiler", by_graphql_core: Complete) -> Complete | None:
    selection = compiler.child(item_type.of_type if is_non_null_type(item_type) else item_type, field.details)
    if selection is None:
        return None

    def selection_of(item: Any) -> Selection | None:
        return selection if item.__class__ in selection.classes else None

    def complete(executor: "CompiledExecutor", value: Any, path: Path) -> Any:
        if value.__class__ is not list:
            return by_graphql_core(executor, value, path)
        completed = all_plain(selection, value, executor.context_value)
        if completed is not None:
            return completed
        items = ObjectList(executor, item_type, field.details, path, lambda: field.info(executor, path))
        return items.complete(value, selection_of)

    return complete


def all_plain(selection: Selection, items: list[Any], context: Any) -> list[Any] | None:
    """Complete a list by the plain code of a selection at once; None when something else is among its items."""
    plain = selection.plain
    if plain is None:
        return None
    try:
        return [plain(item, context) for item in items]
    except Exception:  # (the other way meets it again, and says what is wrong)
        return None


def complete_object(executor: "CompiledExecutor", selection: Selection, source: Any, path: Path) -> Any:
    """Complete an object of one of a selection's classes."""
    if selection.plain is not None:
        try:
            return selection.plain(source, executor.context_value)
        except Exception:  # noqa: S110 (the other way meets it again, and says what is wrong)
            pass
    return selection.full(executor, source, path)


def finished_later(executor: "CompiledExecutor", completed: Any, spot: Spot) -> Any:
    """Return what is to be awaited for a value that is not finished, and handles the errors that come of it."""
    if completed.__class__ is Waiting:
        completed.spot = spot
        return completed
    return _handled(executor, completed, spot)


async def _handled(executor: "CompiledExecutor", completed: Any, spot: Spot) -> Any:
    try:
        return await completed
    except Exception as error:
        executor.handle_field_error(error, *spot)
        return None


def is_cast(item: Any) -> bool:
    """Tell whether `strawberry.cast` has made an object one of another type than its class says."""
    return getattr(item, TYPE_CAST_ATTRIBUTE, None) is not None


class ObjectList:
    """A list of objects in the course of its completion, in the steps of graphql-core's `complete_iterable_value`."""

    def __init__(
        self,
        executor: "CompiledExecutor",
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
        """Complete the items, each by the selection on its class; returns what to await where something is missing."""
        iterator = iter(items)
        try:
            for index, item in enumerate(iterator):
                selection = self._selection(item, selection_of)
                if selection is None:
                    self._complete_by_graphql_core(item, index)
                else:
                    self._complete_object(item, index, selection)
        except Exception:
            begun = [self._results[index] for index in self._pending]
            begun += collect_iterator_awaitables(iterator, self._executor.is_awaitable)
            if begun:
                self._executor.settle_in_background(begun)
            raise
        return finish(self._executor, self._results, self._pending) if self._pending else self._results

    @staticmethod
    def _selection(item: Any, selection_of: SelectionOf) -> Selection | None:
        try:
            return selection_of(item)
        except Exception:  # (an object that cannot even be looked at is graphql-core's to complain of)
            return None

    def _complete_object(self, item: Any, index: int, selection: Selection) -> None:
        path = Path(self._path, index, None)
        try:
            completed = complete_object(self._executor, selection, item, path)
            if completed.__class__ in UNFINISHED:
                completed = finished_later(self._executor, completed, Spot(self._item_type, self._details, path))
                self._pending.append(index)
            self._results.append(completed)
        except Exception as error:
            self._executor.handle_field_error(error, self._item_type, self._details, path)
            self._results.append(None)

    def _complete_by_graphql_core(self, item: Any, index: int) -> None:
        executor, path = self._executor, Path(self._path, index, None)
        if executor.is_awaitable(item):
            later = executor.complete_awaitable_list_item_value(
                item, self._item_type, self._details, self._info(), path, None
            )
            self._results.append(later)
            self._pending.append(index)
        elif executor.complete_list_item_value(
            item, self._results, self._item_type, self._details, self._info(), path, None
        ):
            self._pending.append(index)
