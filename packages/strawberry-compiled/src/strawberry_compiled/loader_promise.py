"""The promise of a batch loader's value: a resolver returns it, so that no task awaits each object on its own."""

import asyncio
from collections.abc import Callable, Generator, Hashable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class LoaderPromise(Generic[T]):
    """The future of a batch, the key of one of its values, and the function that converts the value.

    It can be awaited like a coroutine, which is what graphql-core does. Compiled execution awaits the future once for
    all promises of the batch instead, without a task, a coroutine and a callback for each object.
    """

    __slots__ = ("_convert", "_key", "future")

    def __init__(self, future: "asyncio.Future[Mapping[Any, Any]]", key: Hashable, convert: Callable[[Any], T]) -> None:
        """`future` resolves to the values of the batch by their keys."""
        self.future = future
        self._key = key
        self._convert = convert

    def result(self) -> T:
        """Return the converted value once the future is done; raises the exception that the batch failed with."""
        return self._convert(self.future.result()[self._key])

    def __await__(self) -> Generator[Any, Any, T]:
        # The future is shared, so it must not be cancelled together with one of the tasks that await it.
        yield from asyncio.shield(self.future).__await__()
        return self.result()
