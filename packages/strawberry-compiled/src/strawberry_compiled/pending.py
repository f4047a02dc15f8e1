"""Awaits the values of batches, and completes them in rounds: all that are ready, in the order of their fields.

An object or list with missing values is a tree: `PendingContainer` holds the values that are known, `PendingField`
stands where one is missing. The task that awaits the root completes the whole tree. Only fields without an async
resolver at any depth are completed this way (`Selection.is_sync`); others are awaited as graphql-core does.
"""

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from types import CoroutineType
from typing import Any, NamedTuple

from graphql import GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from strawberry_compiled.loader_promise import LoaderPromise
from strawberry_compiled.operation_executor import OperationExecutor

Complete = Callable[[OperationExecutor, Any, Path], Any]


class FieldLocation(NamedTuple):
    """Where the errors of a value are reported. The type decides whether the value may be null."""

    type: GraphQLOutputType
    details: FieldDetailsList
    path: Path


class PendingContainer:
    """An object or a list of which some values are missing."""

    __slots__ = ("children", "error", "executor", "is_nulled", "key", "location", "parent", "results")

    def __init__(self, executor: OperationExecutor, results: Any, pending: Sequence[Any]) -> None:
        """`results` holds a pending field or container at each of the keys `pending`."""
        self.executor = executor
        self.results = results
        self.children: list[PendingContainer | PendingField] = []
        self.parent: PendingContainer | None = None
        self.key: Any = None
        self.location: FieldLocation | None = None
        self.is_nulled = False
        self.error: Exception | None = None
        for key in pending:
            child = results[key]
            self.children.append(child)
            child.parent, child.key = self, key
            if child.__class__ is PendingContainer:
                results[key] = child.results

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._completed().__await__()

    async def _completed(self) -> Any:
        await complete_tree(self)
        if self.error is None:
            return self.results
        if self.location is None:
            raise self.error
        self.executor.handle_field_error(self.error, *self.location)
        return None

    def detach_fields(self) -> "Iterator[PendingField]":
        """Yield the pending fields at any depth, in order, and drop the references to them.

        With references in both directions, parents, children and their rows would wait for the garbage collector.
        """
        children, self.children = self.children, []
        for child in children:
            if isinstance(child, PendingContainer):
                yield from child.detach_fields()
            else:
                yield child

    def propagate_error(self, error: Exception) -> None:
        """Make this container null, and its parents up to the first that may hold null."""
        if self.is_nulled:
            return
        self.is_nulled = True
        if self.parent is None or self.location is None:
            self.error = error
            return
        try:
            self.executor.handle_field_error(error, *self.location)
            self.parent.results[self.key] = None
        except Exception as raised:
            self.parent.propagate_error(raised)


class PendingField:
    """A field whose value a batch, or a task of its own, will provide."""

    __slots__ = ("complete", "executor", "future", "key", "location", "parent", "result")

    parent: PendingContainer
    key: Any

    def __init__(
        self, executor: OperationExecutor, promise: LoaderPromise[Any], complete: Complete, location: FieldLocation
    ) -> None:
        self.executor = executor
        self.future: asyncio.Future[Any] = promise.future
        self.result = promise.result
        self.complete = complete
        self.location = location

    def __await__(self) -> Generator[Any, Any, Any]:
        results: list[Any] = [self]
        yield from PendingContainer(self.executor, results, [0]).__await__()
        return results[0]

    @property
    def is_nulled(self) -> bool:
        """Whether an error has made an object or list above the field null."""
        container: PendingContainer | None = self.parent
        while container is not None:
            if container.is_nulled:
                return True
            container = container.parent
        return False

    def complete_value(self) -> "Sequence[PendingField]":
        """Complete the value of a future that is done, and return the fields that are pending below it.

        Raises the field's error where the field must not be null.
        """
        try:
            completed = self.complete(self.executor, self.result(), self.location.path)
        except Exception as error:
            self.executor.handle_field_error(error, *self.location)
            completed = None
        if completed.__class__ is PendingContainer:
            completed.parent, completed.key, completed.location = self.parent, self.key, self.location
            self.parent.results[self.key] = completed.results
            return list(completed.detach_fields())
        if completed.__class__ is CoroutineType:
            self.future = asyncio.ensure_future(completed)
            self.result, self.complete = self.future.result, _already_completed
            return (self,)
        self.parent.results[self.key] = completed
        return ()

    def cancel(self) -> None:
        """Stop waiting: cancel a task of the field's own, and leave no exception that is never retrieved."""
        if isinstance(self.future, asyncio.Task):
            self.future.cancel()
        self.future.add_done_callback(_retrieve_exception)


def _already_completed(_executor: OperationExecutor, value: Any, _path: Path) -> Any:
    return value


def _retrieve_exception(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()


async def complete_tree(root: PendingContainer) -> None:
    """Await and complete all pending fields of an object or a list."""
    pending = list(root.detach_fields())
    try:
        while pending:
            ready = [field for field in pending if field.future.done()]
            if ready:
                pending = [field for field in pending if not field.future.done()]
                pending = _complete_round(ready, pending)
            else:
                futures = {field.future for field in pending}
                await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        for field in pending:
            field.cancel()
        raise


def _complete_round(ready: Sequence[PendingField], pending: list[PendingField]) -> list[PendingField]:
    """Complete the fields that are ready, and return those that are pending then.

    Errors are propagated after the round, as they are where each field is awaited by a task.
    """
    failed: list[tuple[PendingContainer, Exception]] = []
    for field in ready:
        try:
            pending += field.complete_value()
        except Exception as error:
            failed.append((field.parent, error))
    if not failed:
        return pending
    for parent, reason in failed:
        parent.propagate_error(reason)
    for field in pending:
        if field.is_nulled:
            field.cancel()
    return [field for field in pending if not field.is_nulled]
