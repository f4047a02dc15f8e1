"""Waits for what batches bring, and completes it in rounds: all that has come, in the order in which it was asked for.

An object or list that lacks such values is a tree: `Waiting` holds what is there already, a `Promise` stands where a
value is missing. Whoever awaits the topmost one fills the tree, in its own task. Only what lies below a field without
a single async resolver is done so (`Selection.is_steady`); all else is awaited as graphql-core does.
"""

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from types import CoroutineType
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from strawberry_compiled.later import Later

if TYPE_CHECKING:
    from strawberry_compiled.executor import CompiledExecutor

Complete = Callable[["CompiledExecutor", Any, Path], Any]


class Spot(NamedTuple):
    """Where the errors of a value belong: its type says whether null may stand there."""

    type: GraphQLOutputType
    details: FieldDetailsList
    path: Path


class Waiting:
    """An object or a list, of which some values are yet to come."""

    __slots__ = ("above", "children", "error", "executor", "is_given_up", "place", "results", "spot")

    def __init__(self, executor: "CompiledExecutor", results: Any, missing: Sequence[Any]) -> None:
        """`results` holds a promise, or a waiting object or list, at each of the places in `missing`."""
        self.executor = executor
        self.results = results
        self.children: list[Waiting | Promise] = []
        self.above: Waiting | None = None
        self.place: Any = None
        self.spot: Spot | None = None
        self.is_given_up = False
        self.error: Exception | None = None
        for place in missing:
            child = results[place]
            self.children.append(child)
            child.above, child.place = self, place
            if child.__class__ is Waiting:
                results[place] = child.results

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._filled().__await__()

    async def _filled(self) -> Any:
        await fill(self)
        if self.error is None:
            return self.results
        if self.spot is None:
            raise self.error
        self.executor.handle_field_error(self.error, *self.spot)
        return None

    def take_promises(self) -> "Iterator[Promise]":
        """Yield what it waits for, in the order in which it was asked for, and forget it.

        What stands above and what stands below would hold each other, and so all rows, until the next collection.
        """
        children, self.children = self.children, []
        for child in children:
            if isinstance(child, Waiting):
                yield from child.take_promises()
            else:
                yield child

    def fail(self, error: Exception) -> None:
        """Give this object up, and with it what null may not stand in."""
        if self.is_given_up:
            return
        self.is_given_up = True
        if self.above is None or self.spot is None:
            self.error = error
            return
        try:
            self.executor.handle_field_error(error, *self.spot)
            self.above.results[self.place] = None
        except Exception as raised:
            self.above.fail(raised)


class Promise:
    """A field's value that a batch, or a task of its own, will bring."""

    __slots__ = ("above", "complete", "executor", "future", "made", "place", "spot")

    above: Waiting
    place: Any

    def __init__(self, executor: "CompiledExecutor", later: Later[Any], complete: Complete, spot: Spot) -> None:
        self.executor = executor
        self.future: asyncio.Future[Any] = later.future
        self.made = later.made
        self.complete = complete
        self.spot = spot

    def __await__(self) -> Generator[Any, Any, Any]:
        results: list[Any] = [self]
        yield from Waiting(self.executor, results, [0]).__await__()
        return results[0]

    @property
    def is_given_up(self) -> bool:
        node: Waiting | None = self.above
        while node is not None:
            if node.is_given_up:
                return True
            node = node.above
        return False

    def arrive(self) -> "Sequence[Promise]":
        """Complete what has come, and return what is missing of it. Raises what null cannot stand for."""
        try:
            completed = self.complete(self.executor, self.made(), self.spot.path)
        except Exception as error:
            self.executor.handle_field_error(error, *self.spot)
            completed = None
        if completed.__class__ is Waiting:
            completed.above, completed.place, completed.spot = self.above, self.place, self.spot
            self.above.results[self.place] = completed.results
            return list(completed.take_promises())
        if completed.__class__ is CoroutineType:
            self.future = asyncio.ensure_future(completed)
            self.made, self.complete = self.future.result, _as_it_is
            return (self,)
        self.above.results[self.place] = completed
        return ()

    def abandon(self) -> None:
        """Let nobody miss what is no longer waited for: a task ends, an error is not reported as overlooked."""
        if isinstance(self.future, asyncio.Task):
            self.future.cancel()
        self.future.add_done_callback(_note)


def _as_it_is(_executor: "CompiledExecutor", value: Any, _path: Path) -> Any:
    return value


def _note(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()


async def fill(root: Waiting) -> None:
    """Fill an object or a list with all that it waits for."""
    missing = list(root.take_promises())
    try:
        while missing:
            come = [promise for promise in missing if promise.future.done()]
            if come:
                missing = [promise for promise in missing if not promise.future.done()]
                missing = _after(come, missing)
            else:
                futures = {promise.future for promise in missing}
                await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        for promise in missing:
            promise.abandon()
        raise


def _after(come: Sequence[Promise], missing: list[Promise]) -> list[Promise]:
    """Complete what has come together, and return what is missing then.

    Only after all of it do the objects fall that it has broken, as they do when each is awaited by a task.
    """
    broken: list[tuple[Waiting, Exception]] = []
    for promise in come:
        try:
            missing += promise.arrive()
        except Exception as error:
            broken.append((promise.above, error))
    if not broken:
        return missing
    for above, reason in broken:
        above.fail(reason)
    for promise in missing:
        if promise.is_given_up:
            promise.abandon()
    return [promise for promise in missing if not promise.is_given_up]
